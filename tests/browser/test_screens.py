"""Every screen of the team's work, as a screen reader and a keyboard meet it: in French, in English in the dark, on a phone.

Screens are reached by their keys, which are the same in every language.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import slips
from tests.browser.test_journey_email import DESK, PHONE, sign_in
from tests.browser.test_journey_team_together import prefer
from tests.house import Served

FACES = {
    "french": {"viewport": DESK, "color_scheme": "light"},
    "english-dark": {"viewport": DESK, "color_scheme": "dark", "locale": "en-GB"},
    "phone": {"viewport": PHONE, "color_scheme": "light", "has_touch": True},
}
SETTINGS = ("etiquettes", "equipes", "membres", "bloques", "notifications", "preferences")
# What a key opens over a conversation, and what is then there.
OVER_A_CONVERSATION = {
    "a": "[role=listbox]:visible",
    "l": "[role=listbox]:visible",
    "h": "[role=menu]:popover-open [role^=menuitem]",
    "Shift+P": "[role=menu]:popover-open [role^=menuitem]",
    "Shift+W": "[role=listbox]:visible",
    "m": "dialog[open]",
    "Control+k": "dialog[open] [role=option]",
    "?": "dialog[open] dl",
}
OVER_THE_LIST = {
    "f": "dialog[open] input",
    "/": "input[type=search]:visible, [role=combobox]:visible, [role=searchbox]:visible",
    "c": "dialog[open]",
}
ON_MANY = {
    "a": "[role=listbox]:visible",
    "l": "[role=listbox]:visible",
    "h": "[role=menu]:popover-open [role^=menuitem]",
}


@pytest.fixture(params=list(FACES))
def page(request: pytest.FixtureRequest, counter: Served, browser: Browser) -> Page:
    page = sign_in(browser, counter, "anne", "/conversations?tab=all", **FACES[request.param])
    if request.param == "english-dark":
        prefer(page, counter.url, language="en", theme="dark")
    expect(page.locator("[data-row]").first).to_be_visible()
    return page


def test_screens_of_a_conversation(page: Page) -> None:
    page.get_by_role("listitem").filter(has_text="Karim Haddad").first.get_by_role("link").click()
    expect(page.get_by_role("feed")).to_be_visible()
    expect(page.locator("[data-composer] [contenteditable], [data-composer] textarea").first).to_be_visible()
    _check(page, "the conversation")
    for key, found in OVER_A_CONVERSATION.items():
        _over(page, page.get_by_role("feed").focus, key, found)

    page.get_by_role("feed").focus()
    is_a_phone = page.viewport_size == PHONE  # elsewhere the details are beside the thread from the start
    if is_a_phone:
        page.keyboard.press("d")
    expect(page.get_by_role("complementary").get_by_role("heading").first).to_be_visible()
    _check(page, "the details")
    if is_a_phone:
        page.keyboard.press("d")

    page.get_by_role("feed").focus()
    page.keyboard.press("h")
    page.locator("[role=menu]:popover-open").get_by_role("menuitem", name=re.compile("^Date")).click()
    expect(page.locator("dialog[open] input[type=date]")).to_be_focused()
    _check(page, "a moment of one's own")


def test_screens_of_the_list(page: Page) -> None:
    _check(page, "the list")
    first = page.locator("[data-row]").first
    for key, found in OVER_THE_LIST.items():
        _over(page, first.focus, key, found)
    first.focus()
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("devis")
    expect(page.get_by_role("listbox").get_by_role("option").first).to_be_visible()
    _check(page, "what was found")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tablist")).to_be_visible()

    page.locator("h1 button").click()
    expect(page.locator("[role=menu]:popover-open")).to_be_visible()
    _check(page, "the views")
    page.keyboard.press("Escape")

    first.focus()
    page.keyboard.press("x")
    expect(page.get_by_role("toolbar").get_by_role("status")).to_be_visible()
    _check(page, "several chosen")
    for key, found in ON_MANY.items():
        _over(page, first.focus, key, found)
    page.keyboard.press("Escape")

    first.focus()
    page.keyboard.press("g")
    page.keyboard.press("n")
    expect(page.get_by_role("dialog", name="Notifications")).to_be_visible()
    _check(page, "the bell")


@pytest.mark.parametrize("section", SETTINGS)
def test_screens_of_the_settings(section: str, counter: Served, browser: Browser) -> None:
    for face in FACES.values():
        page = sign_in(browser, counter, "anne", f"/reglages/{section}", **face)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")
        _check(page, section)
        page.context.close()


def _over(page: Page, focus: Callable[[], None], key: str, found: str) -> None:
    focus()
    page.keyboard.press(key)
    expect(page.locator(found).first).to_be_visible()
    _check(page, key)
    page.keyboard.press("Escape")
    expect(page.locator(found)).to_have_count(0)


def _check(page: Page, where: str) -> None:
    assert slips(page) == [], where
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{where}: wider than the screen"
