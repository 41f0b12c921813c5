"""A customer on WhatsApp, from both sides at once: the phone that a newcomer plays, and the inbox beside it."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import slips
from tests.browser.test_journey_email import PHONE, sign_in
from tests.house import Served


def both_sides(browser: Browser, counter: Served) -> tuple[Page, Locator, Locator]:
    """The page, the customer's phone in it, and the inbox beside it, both on Léa's chat."""
    page = sign_in(browser, counter, "anne", "/telephone/morel", permissions=["microphone"])
    phone, inbox = page.get_by_role("region", name="Le téléphone du client"), page.get_by_role("complementary")
    phone.get_by_role("button", name=re.compile("^WhatsApp Comptoir")).click()
    inbox.get_by_role("tab", name="Toutes").click()
    inbox.get_by_role("listitem").filter(has=page.get_by_role("img", name="WhatsApp")).filter(
        has_text="Léa Morel"
    ).click()
    return page, phone, inbox


def bubble(side: Locator, text: str) -> Locator:
    return side.get_by_role("article").filter(has_text=text)


def say(phone: Locator, text: str) -> None:
    phone.get_by_role("textbox", name="Message").fill(text)
    phone.get_by_role("button", name="Envoyer", exact=True).click()


def answer(page: Page, inbox: Locator, text: str) -> None:
    inbox.get_by_role("textbox", name="Répondre").fill(text)
    page.keyboard.press("Control+Enter")


def test_journey_whatsapp_from_the_first_word_to_the_template(counter: Served, browser: Browser) -> None:
    page, phone, inbox = both_sides(browser, counter)

    say(phone, "Vous fermez à quelle heure ?")
    expect(bubble(inbox, "Vous fermez à quelle heure ?")).to_be_visible()
    expect(inbox.get_by_text(re.compile("Réponse libre possible encore 23 h"))).to_be_visible()

    answer(page, inbox, "À 18 h, on vous attend.")
    expect(bubble(phone, "À 18 h, on vous attend.")).to_be_visible()
    ours = bubble(inbox, "À 18 h, on vous attend.")
    expect(ours.get_by_label("Lu", exact=True)).to_be_visible()

    bubble(phone, "À 18 h, on vous attend.").get_by_role("button", name="Réagir").click()
    phone.get_by_role("menuitemradio", name="🙏").click()
    expect(ours.get_by_text("🙏 : Léa Morel")).to_be_attached()

    page.get_by_role("button", name="Avancer l’horloge de 25 heures").click()
    closed = inbox.get_by_text(re.compile("Plus de 24 h sans message du client"))
    expect(closed).to_be_visible()
    inbox.get_by_role("button", name="Choisir un modèle").click()
    picker = page.get_by_role("dialog")
    picker.get_by_role("option").filter(has_text="suite_demande").click()
    picker.get_by_role("textbox", name=re.compile("1")).fill("Léa")
    picker.get_by_role("textbox", name=re.compile("2")).fill("vos disques")
    picker.get_by_role("button", name="Envoyer le modèle").click()
    expect(bubble(phone, "nous avons du nouveau pour votre demande : vos disques")).to_be_visible()

    phone.get_by_role("button", name="Je vous écoute").last.click()
    expect(bubble(inbox, "Je vous écoute").last).to_be_visible()
    expect(closed).to_be_hidden()


def test_journey_whatsapp_voices_photos_and_a_phone_in_hand(counter: Served, browser: Browser) -> None:
    page, phone, inbox = both_sides(browser, counter)
    voices = inbox.get_by_role("group", name="Message vocal")
    expect(voices).to_have_count(1)

    phone.get_by_role("button", name="Enregistrer un message vocal").click()
    expect(phone.get_by_text("Enregistrement… 1 s")).to_be_visible()
    phone.get_by_role("button", name="Arrêter et envoyer").click()
    expect(voices).to_have_count(2)
    phone.get_by_role("button", name="Joindre", exact=True).click()
    phone.get_by_role("menuitem", name="Photo d’une pièce").click()
    expect(inbox.get_by_role("img", name="Photo")).to_have_count(2)

    inbox.get_by_role("button", name="Message vocal").click()
    expect(inbox.get_by_role("timer")).to_have_text(re.compile("0:0[1-9]"))
    inbox.get_by_role("button", name="Arrêter").click()
    inbox.get_by_role("button", name="Envoyer le message vocal").click()
    expect(phone.get_by_role("article", name="Pièces Express").get_by_label("Message vocal")).to_be_visible()
    assert slips(page) == []

    page.set_viewport_size(PHONE)
    page.goto(f"{counter.url}/telephone/morel")
    phone.get_by_role("button", name="E-mail").click()
    phone.get_by_role("button", name="Nouveau message").click()
    phone.get_by_role("textbox", name="Objet").fill("Boîte de vitesses")
    phone.get_by_role("textbox", name="Message").fill("Bonjour, vous en avez une ?")
    phone.get_by_role("button", name="Envoyer", exact=True).click()
    expect(phone.get_by_role("button", name=re.compile("^Boîte de vitesses"))).to_be_visible()
    assert slips(page) == []
    page.emulate_media(color_scheme="dark")
    assert slips(page) == []


def test_what_is_done_with_a_bubble_is_in_reach_in_a_narrow_window(counter: Served, browser: Browser) -> None:
    """With a mouse, as in the panel beside another page; and on the phone that a newcomer plays, on a small one."""
    page, phone, _ = both_sides(browser, counter)
    page.set_viewport_size(PHONE)
    page.goto(f"{counter.url}/conversations")
    page.get_by_role("tab", name="Toutes").click()
    page.get_by_role("listitem").filter(has=page.get_by_role("img", name="WhatsApp")).filter(has_text="Léa").click()
    for words in ("je vous en mets deux de côté", "Pardon pour le bruit"):
        quoting = page.get_by_role("article").filter(has_text=words).first
        quoting.hover()
        tools = quoting.get_by_role("button", name=re.compile("^(Réagir|Répondre au message|Autres actions)"))
        expect(tools).to_have_count(3)
        for tool in tools.all():
            expect(tool).to_be_in_viewport(ratio=1)
    assert slips(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{counter.url}/telephone/morel")
    phone.get_by_role("button", name=re.compile("^WhatsApp Comptoir")).click()
    expect(bubble(phone, "Pardon pour le bruit").get_by_role("button", name="Répondre à ce message")).to_be_in_viewport(
        ratio=1
    )
