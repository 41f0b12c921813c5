"""What was looked for is found by keyboard in a real browser, and marked in the message that holds it, whatever carries that one."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import slips
from tests.browser.test_journey_email import sign_in
from tests.house import Served

MARKED = """() => [...(CSS.highlights.get('found') ?? [])].map((range) => {
    const element = range.startContainer.parentElement
    const page = element.ownerDocument.defaultView
    const colour = page.getComputedStyle(element, '::highlight(found)').backgroundColor
    return [range.toString(), element.closest('.bubble, .note, .card').className.split(' ')[0], colour]
})"""
YELLOW = "rgb(255, 242, 168)"


@pytest.mark.parametrize(
    ("words", "kind", "marked"),
    [("polissage", "bubble", "polissage"), ("consigne 12", "note", "consigne"), ("accord lancer", "card", "accord")],
)
def test_search_marks_its_words_in_the_message_it_leads_to(
    words: str, kind: str, marked: str, counter: Served, browser: Browser
) -> None:
    anne = counter.client("anne@pieces-express.example")
    first = anne.get("/api/conversations", params={"tab": "all"}).json()["rows"][0]["id"]
    note = {"client_id": "consigne", "text": "La consigne de 12 € est due."}
    assert anne.post(f"/api/conversations/{first}/notes", json=note).status_code == 201
    anne.close()
    desk = sign_in(browser, counter, "anne", "/conversations?tab=all")
    expect(desk.locator("[data-row]").first).to_be_visible()

    desk.keyboard.press("/")
    expect(desk.get_by_role("combobox")).to_be_focused()
    desk.keyboard.type(words)
    expect(desk.get_by_role("option").filter(has_text=marked).first).to_be_visible()
    desk.keyboard.press("Enter")

    desk.wait_for_function(f"() => ({MARKED})().length > 0")
    assert [marked, kind, YELLOW] in desk.evaluate(MARKED)
    assert slips(desk) == []

    desk.get_by_role("button", name="Fermer la recherche").click()
    desk.locator("[data-row]:not([aria-current])").first.click()
    desk.wait_for_function(
        "() => CSS.highlights.get('found') === undefined && document.adoptedStyleSheets.length === 0"
    )
