"""A mail at the wrong place is put right in a real browser, and back; a forward is given to who sent it."""

from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import Browser, expect

from comptoir.channels.models import Channel
from comptoir.channels.port import Person
from comptoir.conversations import receiving
from comptoir.conversations.receiving import Received
from comptoir.foundation.transaction import Transaction
from tests.browser.axe import slips
from tests.browser.test_journey_email import sign_in
from tests.house import Served, incoming_mail


def receive(served: Served, **mail: object) -> Received:
    def work(tx: Transaction) -> Received:
        channel = tx.find(Channel, tx.value("SELECT id FROM channels WHERE kind = 'email' ORDER BY id LIMIT 1"))
        key = served.services.secrets.key("threads")
        return receiving.receive(tx, channel, incoming_mail(tx.now, **mail), token_key=key)

    with ThreadPoolExecutor(1) as thread:  # Playwright has a loop in this one
        return thread.submit(served.services.database.write_now, work).result()


def test_threads_are_split_and_put_back(counter: Served, browser: Browser) -> None:
    first = receive(counter, header_id="<1@x.example>", subject="Plaquettes", text="Avez-vous les plaquettes ?")
    receive(counter, in_reply_to=("<1@x.example>",), subject="Re: Plaquettes", text="Et ma facture ?")
    page = sign_in(browser, counter, "anne", f"/conversations/{first.conversation_id}")
    feed = page.get_by_role("feed")
    facture = feed.locator("article").filter(has_text="Et ma facture ?")

    facture.get_by_role("button", name="Autres actions sur ce message").click()
    page.get_by_role("menuitem", name="Déplacer dans une nouvelle conversation").click()

    expect(feed.get_by_text("Vous avez déplacé ici 1 message")).to_be_visible()
    expect(feed.locator("article")).to_have_count(1)
    assert slips(page) == []
    page.get_by_role("button", name="Annuler").click()
    expect(feed.locator("article")).to_have_count(2)
    expect(page).to_have_url(f"{counter.url}/conversations/{first.conversation_id}")


def test_threads_of_a_forward_go_to_the_author_or_to_the_colleague(counter: Served, browser: Browser) -> None:
    landed = receive(
        counter,
        sender=Person("chloe@pieces-express.example", "Chloé Martin"),
        subject="TR: Devis",
        text="Tu réponds ?\n\nDe : Marie Durand <marie@client.example>\nObjet : Devis\n\nIl me faut deux alternateurs.",
        forwarded_from=Person("marie@client.example", "Marie Durand"),
    )
    page = sign_in(browser, counter, "anne", f"/conversations/{landed.conversation_id}")
    card = page.get_by_role("feed").locator("article")

    expect(card.get_by_text("Transféré par Chloé Martin")).to_be_visible()
    expect(card.get_by_text("deux alternateurs")).to_be_visible()
    card.get_by_role("button", name="Attribuer à Chloé Martin").click()
    expect(card.locator("strong").first).to_have_text("Chloé Martin")
    card.get_by_role("button", name="Attribuer à Marie Durand").click()
    expect(card.locator("strong").first).to_have_text("Marie Durand")


def test_a_thread_that_has_only_just_opened_takes_what_is_typed_at_once(counter: Served, browser: Browser) -> None:
    one = receive(counter, header_id="<1@x.example>", subject="Plaquettes", text="Avez-vous les plaquettes ?")
    other = receive(counter, header_id="<2@x.example>", subject="Alternateur", text="Et un alternateur ?")
    page = sign_in(browser, counter, "anne", f"/conversations/{one.conversation_id}?tab=all")
    field = page.locator("[data-composer] [contenteditable=true]")
    expect(field).to_be_visible()
    expect(page.locator(f'[data-row="{other.conversation_id}"]')).to_be_visible()

    # The composer follows the thread by some frames; the keys do not wait for it, and go on for longer than the thread takes to
    # have the focus after a row was opened.
    page.evaluate("(row) => document.querySelector(`[data-row='${row}']`).click()", other.conversation_id)
    page.keyboard.type("rOui, neuf", delay=10)

    expect(page).to_have_url(f"{counter.url}/conversations/{other.conversation_id}?tab=all")
    expect(field).to_have_text("Oui, neuf")
    page.locator(f'[data-row="{one.conversation_id}"]').click()
    expect(page.get_by_text("Avez-vous les plaquettes ?").last).to_be_visible()
    expect(field).to_have_text("")


def test_a_row_is_opened_as_soon_as_the_list_has_been_scrolled(counter: Served, browser: Browser) -> None:
    page = sign_in(browser, counter, "anne", "/conversations?tab=all")
    expect(page.locator("[data-row]").first).to_be_visible()
    # A browser that has not been here yet learns of the views after the list, which moves once to make room for them.
    expect(page.get_by_role("navigation", name="Vues")).to_be_visible()

    row = page.evaluate(
        """async () => {
            const list = document.querySelector('[data-row]').closest('.rows')
            list.scrollTop += 300
            for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame)
            const { x, y, width, height } = list.getBoundingClientRect()
            const row = [...list.querySelectorAll('[data-row]')].find((one) => one.getBoundingClientRect().top > y + height / 2)
            return { id: row.dataset.row, x: x + width / 2, y: row.getBoundingClientRect().top + 20 }
        }"""
    )
    page.mouse.click(row["x"], row["y"])

    expect(page).to_have_url(f"{counter.url}/conversations/{row['id']}?tab=all", timeout=10_000)


def test_a_number_in_a_thread_that_has_only_just_opened_starts_a_conversation(
    counter: Served, browser: Browser
) -> None:
    one = receive(counter, header_id="<1@x.example>", subject="Rappel", text="Rappelez-moi au 06 12 34 56 78.")
    page = sign_in(browser, counter, "anne", "/conversations?tab=all")
    page.wait_for_load_state("networkidle")

    page.evaluate(
        """async (row) => {
            document.querySelector(`[data-row='${row}']`).click()
            while (!document.querySelector('[data-feed] a[href^="tel:"]')) await new Promise(requestAnimationFrame)
            document.querySelector('[data-feed] a[href^="tel:"]').click()
        }""",
        one.conversation_id,
    )

    expect(page.get_by_role("dialog", name="Nouvelle conversation")).to_be_visible(timeout=10_000)
