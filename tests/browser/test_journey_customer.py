"""An unknown number becomes a customer: recognised by a file that is brought in, linked, answered by mail, seen on the profile."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journey_email import bubble, look, sign_in
from tests.house import Served

FIRM = "Hartley Motors & Sons"
ASKED = "Hello, is the 0 986 494 123 in stock?"
CLIENTS = f"""N° client;Raison sociale;Pays;Interlocuteur;E-mail;Téléphone;Tournée
H-0700;{FIRM};Royaume-Uni;Emma Hartley;accounts@hartley-motors.example;07700 900123;Calais
H-0701;Société d'Épaves du Coët;France;;pas-une-adresse;;Ouest
"""


def test_journey_customer_from_an_unknown_number_to_the_profile(counter: Served, browser: Browser) -> None:
    desk = sign_in(browser, counter, "anne", "/conversations?tab=all")
    phone = desk.context.new_page()
    _writes(phone, counter)
    _is_unknown(desk)
    _is_brought_in(desk, counter)
    _is_recognised(desk, counter)
    _is_linked(desk)

    phone.bring_to_front()
    phone.get_by_role("button", name="Avancer l’horloge de 25 heures").click()
    expect(phone.get_by_text(re.compile("25 h"))).to_be_visible()
    desk.bring_to_front()
    _is_answered_by_mail(desk)
    _is_seen_on_the_profile(desk)
    _says_more(phone, desk)


def _writes(phone: Page, counter: Served) -> None:
    phone.goto(f"{counter.url}/telephone/hartley")
    hand = phone.get_by_role("region", name="Le téléphone du client")
    hand.get_by_role("button", name=re.compile("^WhatsApp Comptoir")).click()
    hand.get_by_role("textbox", name="Message").fill(ASKED)
    hand.get_by_role("button", name="Envoyer", exact=True).click()


def _is_unknown(desk: Page) -> None:
    desk.bring_to_front()
    _open(desk, ASKED)
    expect(bubble(desk, ASKED)).to_be_visible()
    beside = desk.get_by_role("complementary", name="Détails")
    expect(beside.get_by_text("+44 7700 900123")).to_be_visible()
    expect(beside.get_by_text("Aucun dossier lié.")).to_be_visible()
    look(desk, "customer-unknown")


def _is_brought_in(desk: Page, counter: Served) -> None:
    """As a French program writes it; the line that cannot be read is said, and kept to be corrected."""
    desk.goto(f"{counter.url}/reglages/donnees")
    card = desk.get_by_role("region", name="Importer un fichier")
    expect(card.get_by_role("button", name="Choisir un fichier")).to_be_visible()
    look(desk, "customer-imports")
    given = {"name": "clients.csv", "mimeType": "text/csv", "buffer": CLIENTS.encode("cp1252")}
    desk.locator("input[type=file]").set_input_files(given)  # type: ignore[arg-type]
    expect(desk.get_by_role("combobox", name="Raison sociale")).to_have_value("name")
    expect(desk.get_by_role("cell", name=FIRM)).to_be_visible()
    expect(desk.get_by_text(re.compile("pas-une-adresse.+n’est pas"))).to_be_visible()
    desk.get_by_role("combobox", name="Tournée").select_option("Champ libre")
    expect(desk.get_by_role("button", name="Importer 2 lignes")).to_be_enabled()
    look(desk, "customer-mapping")
    desk.get_by_role("button", name="Importer 2 lignes").click()
    expect(desk.get_by_role("link", name="Télécharger la ligne à revoir")).to_be_visible()
    look(desk, "customer-imported")


def _is_recognised(desk: Page, counter: Served) -> None:
    """By the number: the conversation that was there already is on the file."""
    desk.goto(f"{counter.url}/conversations?tab=all")
    _open(desk, ASKED)
    expect(desk.get_by_role("link", name=FIRM, exact=True).first).to_be_visible()
    expect(desk.get_by_role("feed").get_by_text(f"Comptoir a lié la conversation au dossier de {FIRM}")).to_be_visible()
    look(desk, "customer-recognised")


def _is_linked(desk: Page) -> None:
    """What she had sent by mail, from an address that is not in the list: found by the code, however it is cut."""
    _open(desk, "Quote request")
    expect(desk.get_by_text(f"Écrit depuis le domaine de {FIRM}.")).to_be_visible()
    desk.get_by_role("button", name="Lier un client").first.click()
    dialog = desk.get_by_role("dialog", name="Lier à un client")
    expect(dialog.get_by_role("combobox")).to_be_focused()
    desk.keyboard.type("h 0700")
    expect(dialog.get_by_role("option", name=re.compile(FIRM))).to_be_visible()
    look(desk, "customer-link")
    desk.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(desk.get_by_role("link", name=FIRM, exact=True).first).to_be_visible()


def _is_answered_by_mail(desk: Page) -> None:
    _open(desk, ASKED)
    expect(desk.get_by_text(re.compile("Plus de 24 h sans message du client"))).to_be_visible()
    look(desk, "customer-window-closed")
    desk.get_by_role("status").get_by_role("button", name="Répondre par e-mail").click()
    dialog = desk.get_by_role("dialog", name="Nouvelle conversation")
    expect(dialog.get_by_text("accounts@hartley-motors.example")).to_be_visible()
    words = dialog.get_by_role("textbox", name="Message")
    expect(words.get_by_role("blockquote")).to_contain_text(ASKED)
    words.click()
    words.press("Control+Home")
    desk.keyboard.type("Hello Emma, four are left.")
    dialog.locator("input[type=file]").set_input_files(
        {"name": "tarif.txt", "mimeType": "text/plain", "buffer": b"W 712/95: 8,20"}
    )
    expect(dialog.get_by_role("button", name="Retirer tarif.txt")).to_be_visible()
    look(desk, "customer-by-mail")
    dialog.get_by_role("button", name="Envoyer", exact=True).click()
    expect(dialog).to_be_hidden()
    sent = bubble(desk, "tarif.txt")
    expect(sent.get_by_label("Envoyé")).to_be_visible()
    expect(sent.frame_locator("iframe").get_by_text("Hello Emma, four are left.")).to_be_visible()


def _is_seen_on_the_profile(desk: Page) -> None:
    desk.get_by_role("link", name=FIRM, exact=True).first.click()
    expect(desk.get_by_role("heading", name=re.compile(FIRM))).to_be_visible()
    timeline = desk.get_by_role("region", name="Conversations")
    for words in (ASKED, "Quote request", "Suite de notre échange WhatsApp"):
        expect(timeline.get_by_text(words).first).to_be_visible()
    for said in ("accounts@hartley-motors.example", "emma@hartley-motors.example", "+44 7700 900123", "Calais"):
        expect(desk.get_by_text(said).first).to_be_visible()
    look(desk, "customer-profile")


def _says_more(phone: Page, desk: Page) -> None:
    """While the profile is open: it is on top at once. Its number, in the words, is a step from a conversation."""
    phone.bring_to_front()
    hand = phone.get_by_role("region", name="Le téléphone du client")
    hand.get_by_role("textbox", name="Message").fill("Call my colleague on +44 7700 900456")
    hand.get_by_role("button", name="Envoyer", exact=True).click()
    desk.bring_to_front()
    line = desk.get_by_role("region", name="Conversations").get_by_role("listitem").first
    expect(line).to_contain_text("Call my colleague")
    line.get_by_role("link").click()
    desk.get_by_role("feed").get_by_role("link", name="+44 7700 900456").click()
    expect(desk.get_by_role("dialog", name="Nouvelle conversation").get_by_text("+44 7700 900456")).to_be_attached()
    expect(desk.get_by_role("dialog", name="Modèles").get_by_role("option").first).to_be_visible()
    look(desk, "customer-reached")


def _open(desk: Page, words: str) -> None:
    desk.get_by_role("listitem").filter(has_text=words).first.click()
    expect(desk.get_by_role("feed")).to_be_visible()
