"""Filtering, keeping a view, and one act on many, in a real browser, by keyboard alone where hands stay on the keys."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.axe import slips
from tests.browser.test_journey_email import sign_in
from tests.house import Served


def test_filters_views_and_bulk_by_keyboard(counter: Served, browser: Browser) -> None:
    page = sign_in(browser, counter, "anne", "/conversations?tab=all")
    rows = page.get_by_role("tabpanel").get_by_role("listitem")
    expect(rows.first).to_be_visible()

    page.keyboard.press("f")
    sheet = page.get_by_role("dialog", name="Filtrer les conversations")
    sheet.get_by_role("checkbox", name="Urgent", exact=True).press("Space")
    expect(page).to_have_url(re.compile(r"tab=all&label_any=\d+"))
    assert slips(page) == []
    page.keyboard.press("Escape")
    expect(rows.filter(has_text="Karim Haddad")).to_have_count(2)
    count = rows.count()

    page.get_by_role("button", name="Enregistrer comme vue").press("Enter")
    page.get_by_role("textbox", name="Nom de la vue").fill("Le feu")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Le feu")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?view=\d+$"))
    page.reload()
    expect(page.get_by_role("heading", name="Le feu")).to_be_visible()
    expect(rows).to_have_count(count)

    rows.first.get_by_role("link").focus()
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_role("toolbar").get_by_text("2 sélectionnées")).to_be_visible()
    assert slips(page) == []
    page.keyboard.press("e")
    expect(rows).to_have_count(count - 2)
    expect(page.get_by_text("Résolution : 2 conversations")).to_be_visible()
    page.keyboard.press("z")
    expect(rows).to_have_count(count)
    page.go_back()
    expect(page.get_by_role("heading", name="Conversations")).to_be_visible()
