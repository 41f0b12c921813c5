"""Ready words in a real browser: written in the settings, called by a slash; and what is left when WhatsApp's window has closed."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from comptoir.channels import queries as channels
from comptoir.channels.chat import Alias, Card, Cards, ChatMessage, Location, Party, TemplateFound
from comptoir.channels.models import Channel, ChannelMember
from comptoir.conversations import conversing
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.team import queries
from comptoir.templates import syncing
from tests.browser.axe import slips
from tests.browser.test_journey_email import WRITTEN, open_thread, sign_in
from tests.house import Served

NOWHERE = "http://127.0.0.1:9"  # what is sent stays queued: nobody listens there


@pytest.fixture
def counter(counter: Served) -> Served:
    """The sample house with a WhatsApp number: Léa wrote this minute, Karim the day before yesterday."""
    counter.services.database.write_now(lambda tx: _connect_a_number(tx, counter.services))
    return counter


def _connect_a_number(tx: Transaction, services: Services) -> None:
    anne = queries.member_by_email(tx, "anne@pieces-express.example")
    assert anne is not None
    number = Channel(
        kind="whatsapp",
        provider="meta",
        name="WhatsApp",
        address="+33612345678",
        settings={"phone_number_id": "1", "waba_id": "1", "base_url": NOWHERE},
        secrets=channels.sealed({"access_token": "t", "app_secret": "s"}, services.secrets),
        health="connected",
        version=0,
        created_at=tx.now,
    )
    tx.add(number)
    tx.add(ChannelMember(channel_id=number.id, member_id=anne.id))
    ready = TemplateFound(
        external_id="1",
        name="commande_prete",
        language="fr",
        category="utility",
        status="approved",
        is_named=True,
        body="Bonjour {{first_name}}, la commande {{order}} est prête.",
    )
    syncing.sync(tx, number, [ready])
    _say(tx, number, "33698765432", "Léa Wagner", "Bonjour de WhatsApp")
    for content in (Location(45.76, 4.83, "Garage Wagner"), Cards((Card("Paul Durand", "", ("+33 6 11 22 33 44",)),))):
        _say(tx, number, "33698765432", "Léa Wagner", "", content=content)
    _say(tx, number, "33611111111", "Karim Ziani", "Vous êtes ouverts samedi ?", hours=50)


def _say(tx: Transaction, number: Channel, phone: str, name: str, text: str, *, hours: int = 0, content=None) -> None:  # type: ignore[no-untyped-def]
    at = tx.now - timedelta(hours=hours)
    party = Party((Alias("phone", phone),), name=name, given=phone)
    id = f"wamid.{phone}.{text}.{type(content).__name__}"
    said = ChatMessage(number_id="1", at=at, external_id=id, party=party, text=text, content=content)
    conversing.land(tx, number, said)


def conversation_with(served: Served, name: str) -> int:
    return int(
        served.services.database.read_now(
            lambda tx: tx.value(
                "SELECT c.id FROM conversations c JOIN contacts p ON p.id = c.contact_id WHERE p.name = :name",
                name=name,
            )
        )
    )


def test_a_canned_reply_is_written_once_and_called_by_a_slash(counter: Served, browser: Browser) -> None:
    anne = sign_in(browser, counter, "anne", "/reglages/modeles")
    anne.get_by_role("button", name="Nouvelle réponse").click()
    dialog = anne.get_by_role("dialog")
    dialog.get_by_label("Nom", exact=True).fill("Merci")
    dialog.get_by_label("Raccourci").fill("merci")
    dialog.get_by_label("Texte").fill("Bonjour {{contact.first_name|cher client}}, merci !")
    expect(dialog.get_by_text("Bonjour Léa, merci !")).to_be_visible()
    assert slips(anne) == []
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(anne.get_by_role("button", name="Modifier Merci")).to_be_visible()

    anne.goto(f"{counter.url}/conversations")
    anne.get_by_role("tab", name="Toutes").click()
    open_thread(anne, "Karim Haddad")
    field = anne.get_by_role("textbox", name="Répondre")
    field.click()
    expect(field).to_be_focused()
    anne.keyboard.type("/mer")
    expect(anne.get_by_role("listbox", name="Réponses types").get_by_role("option")).to_have_count(1)
    anne.keyboard.press("Enter")

    anne.wait_for_function(WRITTEN, arg="Bonjour Karim, merci !")
    anne.keyboard.press("Control+Enter")
    expect(anne.get_by_role("feed").get_by_text("Bonjour Karim, merci !").first).to_be_visible()


def test_after_the_window_only_a_template_leaves_and_the_draft_stays(counter: Served, browser: Browser) -> None:
    anne = sign_in(browser, counter, "anne", f"/conversations/{conversation_with(counter, 'Karim Ziani')}")
    composer = anne.locator("[data-composer]")
    expect(composer.get_by_text("WhatsApp n’accepte qu’un modèle approuvé")).to_be_visible()
    expect(composer.get_by_role("button", name="Envoyer", exact=True)).to_have_count(0)

    composer.get_by_role("button", name="Choisir un modèle").click()
    dialog = anne.get_by_role("dialog")
    dialog.get_by_role("combobox").fill("prete")
    expect(dialog.get_by_role("option")).to_have_count(1)
    expect(dialog.get_by_label("first name")).to_have_value("Karim")
    anne.keyboard.press("Enter")
    expect(dialog.get_by_label("order")).to_be_focused()
    assert slips(anne) == []
    dialog.get_by_role("button", name="Envoyer le modèle").click()
    expect(dialog.get_by_text("Il manque une valeur.")).to_be_visible()
    dialog.get_by_label("order").fill("A-1042")
    dialog.get_by_role("button", name="Envoyer le modèle").click()

    said = anne.get_by_role("feed").get_by_text("Bonjour Karim, la commande A-1042 est prête.")
    expect(said).to_be_visible()
    expect(anne.get_by_role("feed").get_by_text("Modèle « commande_prete »")).to_be_visible()


def test_a_template_leaves_later_and_is_taken_up_again_with_its_values(counter: Served, browser: Browser) -> None:
    anne = sign_in(browser, counter, "anne", f"/conversations/{conversation_with(counter, 'Léa Wagner')}")
    composer, feed = anne.locator("[data-composer]"), anne.get_by_role("feed")
    composer.get_by_role("button", name="Modèles et réponses types").click()
    dialog = anne.get_by_role("dialog", name="Modèles et réponses types")
    dialog.get_by_label("Chercher un modèle").fill("prete")
    expect(dialog.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    anne.keyboard.press("Enter")
    dialog.get_by_role("button", name="Envoyer plus tard…").click()
    expect(dialog.get_by_text("Il manque une valeur.")).to_be_visible()
    dialog.get_by_label("order").fill("B-77")
    dialog.get_by_role("button", name="Envoyer plus tard…").click()
    moments = anne.get_by_role("dialog", name="Envoyer plus tard")
    expect(moments.get_by_role("button", name="Demain matin")).to_be_visible()
    assert slips(anne) == []
    moments.get_by_role("button", name="Demain matin").click()
    expect(dialog).to_have_count(0)

    waiting = feed.get_by_role("article").filter(has_text="la commande B-77 est prête")
    expect(waiting.get_by_text(re.compile("Part dem. 9h00"))).to_be_visible()
    waiting.get_by_role("button", name="Annuler").click()
    composer = anne.locator("[data-composer]")
    composer.get_by_role("button", name="Reprendre « commande_prete »").click()
    dialog = anne.get_by_role("dialog")
    expect(dialog.get_by_label("order")).to_have_value("B-77")
    assert slips(anne) == []
    dialog.get_by_label("order").fill("B-78")
    dialog.get_by_role("button", name="Envoyer le modèle").click()

    expect(feed.get_by_text("Bonjour Léa, la commande B-78 est prête.")).to_be_visible()
    expect(composer.get_by_role("button", name="Reprendre")).to_have_count(0)
    expect(anne.get_by_role("textbox", name="Répondre")).to_have_value("")


def test_a_chat_is_drawn_whole_and_its_messages_can_be_answered(counter: Served, browser: Browser) -> None:
    anne = sign_in(browser, counter, "anne")
    anne.get_by_role("tab", name="Toutes").click()
    open_thread(anne, "Léa Wagner")
    feed = anne.get_by_role("feed")
    expect(feed.get_by_role("link", name="Garage Wagner")).to_be_visible()
    expect(feed.get_by_role("link", name="+33 6 11 22 33 44")).to_be_visible()
    feed.get_by_role("button", name="Enregistrer le contact").click()
    expect(feed.get_by_text("Contact enregistré")).to_be_visible()
    expect(anne.get_by_text("Réponse libre possible encore 23 h")).to_be_visible()

    first = feed.get_by_role("article").filter(has_text="Bonjour de WhatsApp")
    first.hover()
    first.get_by_role("button", name="Répondre au message").click()
    expect(anne.locator("[data-composer]").get_by_text("Réponse à Léa Wagner")).to_be_visible()
    assert slips(anne) == []
    anne.get_by_role("textbox", name="Répondre").fill("Bonjour Léa")
    anne.keyboard.press("Enter")

    ours = feed.get_by_role("article").filter(has_text="Bonjour Léa")
    expect(ours.get_by_role("button", name="Bonjour de WhatsApp")).to_be_visible()
