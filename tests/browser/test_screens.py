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
SETTINGS = ("donnees", "etiquettes", "equipes", "membres", "bloques", "notifications", "preferences")
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
# Cards that are narrower than what is in them.
CUT_OFF = """[...document.querySelectorAll('section.card')]
  .filter(card => card.scrollWidth > card.clientWidth).map(card => card.innerText.slice(0, 80))"""
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


def test_screens_of_the_customers(page: Page, counter: Served) -> None:
    page.goto(f"{counter.url}/clients")
    page.get_by_role("link", name=re.compile("Garage Morel")).wait_for()
    _check(page, "the customers")
    page.get_by_role("link", name=re.compile("Garage Morel")).click()
    expect(page.get_by_text("CMD-8831", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Garage Morel")
    _check(page, "a profile")

    write, edit, more = (page.locator("header .acts button").nth(n) for n in range(3))
    edit.click()
    form = page.locator("dialog[open] form")
    form.locator("input[maxlength='2']").fill("ZZ")
    form.locator("input[maxlength='2']").press("Enter")
    expect(page.get_by_role("alert")).to_be_in_viewport()  # said where it is seen, also on a phone
    _check(page, "a file that is refused")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)

    more.click()
    page.locator("[role=menu]:popover-open").get_by_role("menuitem").first.click()
    page.locator("dialog[open]").get_by_role("combobox").fill("EX-0288")
    page.locator("dialog[open]").get_by_role("option").first.click()
    expect(
        page.locator("dialog[open]").get_by_text(re.compile(r"Auto 2000 \(EX-0288\).+Garage Morel SARL \(EX-0412\)"))
    ).to_be_visible()
    _check(page, "a merge")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)

    page.locator("button.erase").click()
    expect(page.locator("dialog[open] input")).to_be_focused()
    _check(page, "an erasure")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)

    write.click()
    expect(page.locator("dialog[open] input").first).to_be_visible()
    _check(page, "writing to a customer")
    page.goto(f"{counter.url}/clients/999999")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    _check(page, "nobody's profile")


def test_screens_of_an_import(page: Page, counter: Served) -> None:
    """On the smallest phones too, with the longest names: nothing is cut off at the side."""
    if page.viewport_size == PHONE:
        page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{counter.url}/reglages/donnees")
    lines = "N° client;Raison sociale;E-mail\nZ-1;" + "Société " * 20 + ";pas-une-adresse\n"
    given = {"name": f"{'clients-' * 12}.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    page.locator("input[type=file]").set_input_files(given)  # type: ignore[arg-type]
    expect(page.get_by_role("table")).to_be_visible()
    _check(page, "a file's columns")
    assert page.evaluate(CUT_OFF) == []
    page.locator(".mapping .acts button").first.click()
    expect(page.locator(".progress a[download]")).to_be_visible()
    _check(page, "what came in")
    assert page.evaluate(CUT_OFF) == []
    page.locator(".progress .acts button").last.click()
    expect(page.locator(".older button")).to_be_visible()
    assert page.evaluate(CUT_OFF) == []


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
