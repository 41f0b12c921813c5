"""Answering by mail in a real browser: form, slips, taking back, another machine, somebody else; by keyboard."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from comptoir.foundation.transaction import Transaction
from comptoir.team import queries
from tests.browser.axe import slips
from tests.browser.test_journey_email import bubble, open_thread, sign_in
from tests.house import Served

TABLE = "<table><tr><td style='mso-height:1;color:red'>4410-B</td><td>12,50</td></tr></table><img src='https://x.example/t.png'>"

PASTE = """html => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/html', html)
    clipboardData.setData('text/plain', 'x')
    const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
    document.activeElement.dispatchEvent(paste)
}"""


@pytest.fixture
def careful(counter: Served) -> Served:
    """Anne likes half a minute to think, and signs."""

    def work(tx: Transaction) -> None:
        anne = queries.member_by_email(tx, "anne@pieces-express.example")
        assert anne is not None
        anne.undo_seconds, anne.signature = 30, "<b>{{name}}</b><br>{{company}}"

    counter.services.database.write_now(work)
    return counter


def paper(page: Page, name: str = "Répondre"):  # type: ignore[no-untyped-def]
    expect(page.get_by_role("toolbar", name="Mise en forme")).to_be_visible()
    return page.get_by_role("textbox", name=name, exact=True)


def test_journey_email_a_formed_mail_is_checked_held_and_taken_back(careful: Served, browser: Browser) -> None:
    anne = sign_in(browser, careful, "anne")
    anne.get_by_role("tab", name="Toutes").click()
    open_thread(anne, "Emma Hartley")
    paper(anne).click()
    expect(paper(anne)).to_be_focused()
    anne.keyboard.type("Voici le devis ")
    anne.keyboard.press("Control+b")
    anne.keyboard.type("ci-joint")
    expect(anne.get_by_role("group", name="Signature")).to_contain_text("Anne Petit")
    anne.keyboard.press("Control+Enter")
    expect(anne.get_by_role("alert")).to_contain_text("aucun fichier n’est joint")
    assert slips(anne) == []

    anne.keyboard.press("Control+Enter")
    expect(anne.get_by_text(re.compile("^Part dans"))).to_be_visible()
    anne.get_by_role("feed").focus()
    anne.keyboard.press("z")
    expect(paper(anne).locator("b")).to_have_text("ci-joint")
    expect(anne.get_by_text(re.compile("^Part dans"))).to_have_count(0)
    expect(anne.get_by_role("listitem").filter(has_text="Emma Hartley").first.get_by_text("Brouillon")).to_be_visible()

    elsewhere, chloe = sign_in(browser, careful, "anne"), sign_in(browser, careful, "chloe")
    for page in (elsewhere, chloe):
        page.get_by_role("tab", name="Toutes").click()
        open_thread(page, "Emma Hartley")
    expect(paper(elsewhere).locator("b")).to_have_text("ci-joint")
    expect(paper(chloe)).to_have_text("")
    expect(chloe.get_by_role("list").get_by_text("Brouillon")).to_have_count(0)


def test_journey_email_a_table_is_pasted_and_a_mail_is_shown_to_somebody_else(
    careful: Served, browser: Browser
) -> None:
    anne = sign_in(browser, careful, "anne")
    anne.get_by_role("tab", name="Toutes").click()
    open_thread(anne, "Emma Hartley")
    anne.get_by_role("feed").focus()
    anne.keyboard.press("Shift+F")
    to = anne.get_by_role("combobox", name=re.compile("^À"))
    expect(to).to_be_focused()
    anne.keyboard.type("chl")
    expect(anne.get_by_role("option", name=re.compile("Chloé Martin"))).to_be_visible()
    anne.keyboard.press("Enter")
    paper(anne, "Transférer").click()
    expect(paper(anne, "Transférer")).to_be_focused()
    anne.keyboard.type("Qu'en penses-tu ?")
    anne.evaluate(
        PASTE,
        TABLE,
    )
    expect(paper(anne, "Transférer").get_by_role("cell", name="4410-B")).to_be_visible()
    expect(paper(anne, "Transférer").locator("img, [style*=mso], [style*=red]")).to_have_count(0)
    assert slips(anne) == []
    anne.keyboard.press("Control+Enter")

    expect(anne.get_by_text("Conversation commencée par un transfert")).to_be_visible()
    frame = bubble(anne, "Anne Petit").frame_locator("iframe")
    expect(frame.get_by_text("Qu'en penses-tu ?")).to_be_visible()
    anne.get_by_role("button", name="Voir cette conversation").click()
    expect(anne.get_by_text("Vous avez transféré à chloe@pieces-express.example")).to_be_visible()


def test_journey_email_an_older_mail_is_answered_by_keyboard(counter: Served, browser: Browser) -> None:
    anne = sign_in(browser, counter, "anne")
    open_thread(anne, "Colis ouvert")
    first = bubble(anne, "Léa Morel").first
    older = int(first.get_attribute("data-message") or 0)
    expect(paper(anne)).to_be_visible()
    first.focus()
    anne.keyboard.press("Shift+R")
    expect(anne.get_by_text(re.compile("^Répond à Léa Morel"))).to_be_visible()
    expect(paper(anne)).to_be_focused()
    anne.keyboard.type("Les joints partent : ")
    anne.keyboard.press("Control+b")
    anne.keyboard.type("aujourd'hui")
    assert slips(anne) == []
    with anne.expect_response(lambda response: response.url.endswith("/drafts/reply") and response.ok):
        anne.keyboard.type(".")

    elsewhere = sign_in(browser, counter, "anne")
    open_thread(elsewhere, "Colis ouvert")
    expect(elsewhere.get_by_text(re.compile("^Répond à Léa Morel"))).to_be_visible()
    expect(paper(elsewhere)).to_contain_text("aujourd'hui")
    paper(elsewhere).click()
    with elsewhere.expect_request("**/messages") as posted:
        elsewhere.keyboard.press("Control+Enter")

    body = posted.value.post_data_json
    assert (body["in_reply_to_id"], [person["address"] for person in body["to"]]) == (
        older,
        ["lea.morel@garage-morel.example"],
    )
    assert "<b>" in body["html"]
    expect(anne.get_by_text(re.compile("^Répond à Léa Morel"))).to_have_count(0)
