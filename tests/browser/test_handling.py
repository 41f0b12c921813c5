"""In a real browser: two conversations become one and two again; a reply is written now, leaves tomorrow, and is had back."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.axe import slips
from tests.browser.test_journey_email import bubble, open_thread, sign_in
from tests.house import Served


def test_journey_team_merge_is_undone_from_its_line_after_a_reload(counter: Served, browser: Browser) -> None:
    page = sign_in(browser, counter, "anne", "/conversations?tab=all")
    open_thread(page, "Karim Haddad")
    row = page.get_by_role("listitem").filter(has_text="Suivi du colis")
    expect(row).to_have_count(1)

    page.get_by_role("feed").focus()
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog", name="Fusionner avec une autre conversation")
    dialog.get_by_role("searchbox").fill("colis bloqué")
    dialog.get_by_role("radio", name=re.compile("Suivi du colis")).check()
    assert slips(page) == []
    dialog.get_by_role("button", name="Fusionner", exact=True).click()

    expect(bubble(page, "bloqué à Montréal")).to_be_visible()
    expect(row).to_have_count(0)
    page.reload()
    expect(bubble(page, "bloqué à Montréal")).to_be_visible()
    page.get_by_role("button", name="Annuler la fusion").click()
    expect(bubble(page, "bloqué à Montréal")).to_have_count(0)
    expect(row).to_have_count(1)


def test_journey_team_a_reply_for_tomorrow_is_had_back(counter: Served, browser: Browser) -> None:
    page = sign_in(browser, counter, "anne", "/conversations?tab=all")
    open_thread(page, "Karim Haddad")
    page.get_by_role("textbox", name="Répondre").fill("Je vous confirme demain matin.")
    page.get_by_role("button", name="Autres envois").click()
    page.get_by_role("menuitem", name=re.compile("plus tard")).click()
    page.get_by_role("button", name=re.compile("Demain matin")).click()

    expect(page.get_by_text(re.compile("^Part dem"))).to_be_visible()
    expect(page.get_by_role("textbox", name="Répondre")).to_have_text("")
    page.reload()
    page.get_by_role("button", name="Annuler l’envoi").click()
    expect(page.get_by_role("textbox", name="Répondre")).to_have_text("Je vous confirme demain matin.")
    expect(page.get_by_text(re.compile("^Part dem"))).to_have_count(0)
