"""Two members side by side, each in a browser of their own: what one does to a conversation, the other sees at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from comptoir.conversations import labelling, snoozing
from comptoir.conversations.models import Conversation
from comptoir.foundation.database import Database
from comptoir.foundation.transaction import Transaction
from comptoir.labels.models import Label
from comptoir.settings import Settings
from tests.browser.test_journey_email import bubble, open_thread, sign_in, write
from tests.browser.test_journey_team_together import cut, mend
from tests.house import Served, serve

MANY = 500


@dataclass
class Turned:
    """The machine's own clock, and how far it was turned ahead."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Desks:
    """A house whose clock can be turned, and the two who work in it; Chloé looks at what is hers."""

    served: Served
    clock: Turned
    anne: Page
    chloe: Page


@pytest.fixture
def desks(house: Settings, browser: Browser) -> Iterator[Desks]:
    clock = Turned()
    for served in serve(house, clock):
        anne = sign_in(browser, served, "anne", "/conversations?tab=all")
        yield Desks(served, clock, anne, sign_in(browser, served, "chloe"))


def test_journey_team_side_by_side(desks: Desks) -> None:
    """A breakdown is handed over, answered by two at a time, put to sleep, woken, merged and parted."""
    anne, chloe = desks.anne, desks.chloe
    open_thread(anne, "Karim Haddad")
    _is_handed_over(anne, chloe)
    _is_seen_typing(chloe, anne)
    _is_stopped(anne, chloe)
    _sleeps_and_wakes(desks)
    _is_merged_and_parted(anne, chloe)


def test_journey_team_five_hundred_are_resolved_at_once_and_taken_back(house: Settings, browser: Browser) -> None:
    label = _with_recalls(house)
    for served in serve(house):
        anne, chloe = (
            sign_in(browser, served, name, f"/conversations?tab=all&label_any={label}") for name in ("anne", "chloe")
        )
        expect(_rows(chloe).first).to_be_visible()
        _note_progress(anne)

        _rows(anne).first.get_by_role("link").focus()
        anne.keyboard.press("Control+a")
        anne.get_by_role("toolbar").get_by_role("button", name="Tout ce qui correspond").click()
        anne.get_by_role("toolbar").get_by_role("button", name="Résoudre").click()

        expect(anne.get_by_text(f"Résolution : {MANY} conversations")).to_be_visible()
        assert anne.evaluate("seen.length"), "how far it was could be seen"
        for page in (anne, chloe):
            expect(_rows(page)).to_have_count(0)
        anne.get_by_role("button", name="Annuler", exact=True).click()
        expect(anne.get_by_text(f"Résolution : annulé pour {MANY} conversations")).to_be_visible()
        for page in (anne, chloe):
            expect(_rows(page).first).to_be_visible()
            expect(page.get_by_role("tab", name=re.compile(f"^Toutes,? *{MANY}"))).to_be_visible()


def _is_handed_over(anne: Page, chloe: Page) -> None:
    """By key and by name; it is Chloé's on her screen at once, and her bell leads there."""
    expect(chloe.get_by_role("tab", name="Les miennes")).to_have_attribute("aria-selected", "true")
    expect(_row(chloe, "Karim Haddad")).to_have_count(0)
    expect(anne.get_by_role("button", name=re.compile("^Assigner"))).to_be_visible()
    anne.get_by_role("feed").focus()
    anne.keyboard.press("a")
    anne.get_by_role("combobox", name="Un membre, une équipe").fill("chl")
    expect(anne.get_by_role("option")).to_have_count(1)
    anne.keyboard.press("Enter")

    expect(_row(chloe, "Karim Haddad")).to_be_visible()
    expect(anne.get_by_role("feed").get_by_text("Vous avez assigné la conversation à Chloé Martin")).to_be_visible()
    chloe.get_by_role("button", name=re.compile("notifications? non lue")).click()
    chloe.get_by_role("dialog", name="Notifications").get_by_role("button").filter(
        has_text="Anne Petit vous assigne"
    ).first.click()
    expect(chloe.get_by_role("feed").get_by_text("Anne Petit vous a assigné la conversation")).to_be_visible()


def _is_seen_typing(writer: Page, reader: Page) -> None:
    field = writer.get_by_role("textbox", name="Répondre")
    expect(reader.get_by_text("Chloé Martin regarde cette conversation")).to_be_attached()
    field.press_sequentially("Bonjour Karim, je re")
    expect(reader.get_by_role("status").get_by_text("Chloé Martin écrit une réponse…")).to_be_visible()


def _is_stopped(anne: Page, chloe: Page) -> None:
    """Anne, in a tunnel, has not read what Chloé sends meanwhile: her own waits until she has, and says so."""
    cut(anne)
    write(chloe, "Je regarde le stock et je vous rappelle.")
    expect(bubble(chloe, "Je regarde le stock").get_by_label("Envoyé")).to_be_visible()
    with anne.expect_response(lambda answer: answer.status == 409) as refused:
        write(anne, "L'alternateur est en stock.")

    assert "Je regarde le stock" in refused.value.text()
    stopped = anne.get_by_role("alert", name=re.compile("^Pas envoyé"))
    expect(stopped.get_by_text("Je regarde le stock et je vous rappelle.")).to_be_visible()
    expect(bubble(chloe, "L'alternateur est en stock.")).to_have_count(0)
    stopped.get_by_role("button", name="Envoyer quand même").click()
    expect(stopped).to_have_count(0)
    mend(anne)
    for page in (anne, chloe):
        expect(bubble(page, "L'alternateur est en stock.")).to_be_visible()


def _sleeps_and_wakes(desks: Desks) -> None:
    """For an hour: out of both lists, and back in both when the hour has passed."""
    anne, chloe = desks.anne, desks.chloe
    anne.get_by_role("button", name="Mettre en attente").focus()
    anne.keyboard.press("h")
    expect(anne.get_by_role("menuitem", name=re.compile("^1 heure"))).to_be_focused()
    anne.keyboard.press("Enter")
    expect(
        chloe.get_by_role("feed").get_by_text(re.compile("^Anne Petit a mis la conversation en veille"))
    ).to_be_visible()
    expect(_row(anne, "véhicule immobilisé")).to_have_count(0)

    desks.clock.ahead = timedelta(minutes=61)
    _wake(desks.served.services.database)
    expect(_row(anne, "véhicule immobilisé")).to_be_visible()
    expect(chloe.get_by_role("feed").get_by_text("La conversation sort de veille")).to_be_visible()


def _is_merged_and_parted(anne: Page, chloe: Page) -> None:
    open_thread(anne, "véhicule immobilisé")
    expect(bubble(anne, "L'alternateur est en stock.")).to_be_visible()
    parcel = _row(chloe, "Suivi du colis")
    chloe.get_by_role("tab", name="Toutes").click()
    expect(parcel).to_be_visible()

    anne.get_by_role("feed").focus()
    anne.get_by_role("button", name="Autres actions", exact=True).click()
    anne.get_by_role("menuitem", name="Fusionner…").click()
    dialog = anne.get_by_role("dialog", name="Fusionner avec une autre conversation")
    dialog.get_by_role("searchbox").fill("colis bloqué")
    dialog.get_by_role("radio", name=re.compile("Suivi du colis")).check()
    dialog.get_by_role("button", name="Fusionner", exact=True).click()
    for page in (anne, chloe):
        expect(bubble(page, "bloqué à Montréal")).to_be_visible()
    expect(parcel).to_have_count(0)

    chloe.get_by_role("button", name="Annuler la fusion").click()
    for page in (anne, chloe):
        expect(bubble(page, "bloqué à Montréal")).to_have_count(0)
        expect(_row(page, "Suivi du colis")).to_be_visible()


def _wake(database: Database) -> None:
    """As the schedule does, every twenty seconds."""
    for id in database.read_now(snoozing.due):
        database.write_now(lambda tx, id=id: snoozing.wake(tx, id))  # type: ignore[misc]


def _rows(page: Page) -> Locator:
    return page.get_by_role("tabpanel").get_by_role("listitem")


def _row(page: Page, words: str) -> Locator:
    return _rows(page).filter(has_text=words)


def _note_progress(page: Page) -> None:
    page.evaluate(
        """() => {
            window.seen = []
            const look = () => { const bar = document.querySelector('progress'); if (bar) seen.push(bar.value) }
            new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true })
        }"""
    )


def _with_recalls(house: Settings) -> int:
    """Five hundred conversations about one recall, a month and more ago; the id of their label."""
    database = Database(house.database_url, clock=lambda: datetime.now(UTC))
    database.open()
    label = database.write_now(_recall)
    database.close()
    return label


def _recall(tx: Transaction) -> int:
    sav = tx.value("SELECT id FROM channels WHERE name = 'Service après-vente'")
    label = Label(name="Rappel", colour="teal")
    made = [
        Conversation(
            channel_id=sav,
            subject=f"Rappel constructeur {number}",
            status="open",
            version=1,
            created_at=tx.now - timedelta(days=40),
            last_at=tx.now - timedelta(days=40, minutes=number),
            preview="Mon véhicule est-il concerné ?",
            last_incoming_id=0,
            failed_count=0,
            has_files=False,
        )
        for number in range(MANY)
    ]
    tx.add(label, *made)
    for one in made:
        labelling.put(tx, one.id, [label.id])
    return label.id
