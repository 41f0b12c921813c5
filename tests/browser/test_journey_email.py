"""A day at the counter, in a real browser: two colleagues, one inbox; by mouse, by keyboard, without network, on a phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from comptoir.settings import Settings
from tests.browser.axe import slips
from tests.house import PASSWORD, Served, serve

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# Whatever the field is made of.
WRITTEN = """words => {
  const field = document.querySelector('[data-composer] textarea, [data-composer] [contenteditable]')
  return (field.value ?? field.innerText).includes(words)
}"""


def sign_in(browser: Browser, served: Served, name: str, path: str = "/conversations", **context: object) -> Page:
    """A browser of one's own, signed in, at `path`."""
    opened = browser.new_context(**({"viewport": DESK, "locale": "fr-FR", "reduced_motion": "reduce"} | context))  # type: ignore[arg-type]
    page = opened.new_page()
    page.goto(f"{served.url}/")
    given = {"email": f"{name}@pieces-express.example", "password": PASSWORD}
    token = next(cookie["value"] for cookie in opened.cookies() if cookie["name"] == "csrftoken")
    answer = opened.request.post(f"{served.url}/api/session", data=given, headers={"x-csrftoken": token})
    assert answer.status == 201, answer.text()
    page.goto(f"{served.url}{path}")
    return page


def open_thread(page: Page, name: str) -> None:
    page.get_by_role("listitem").filter(has_text=name).first.click()
    expect(page.get_by_role("feed")).to_be_visible()


def write(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name="Répondre")
    field.fill(text)
    page.wait_for_function(WRITTEN, arg=text)
    field.press("Control+Enter")


def bubble(page: Page, text: str):  # type: ignore[no-untyped-def]
    return page.get_by_role("feed").get_by_role("article").filter(has_text=text)


def test_journey_email_two_colleagues_see_the_same_counter(counter: Served, browser: Browser) -> None:
    anne, chloe = sign_in(browser, counter, "anne"), sign_in(browser, counter, "chloe")
    anne.get_by_role("tab", name="Toutes").click()
    chloe.get_by_role("tab", name="Toutes").click()
    open_thread(anne, "Karim Haddad")
    open_thread(chloe, "Karim Haddad")

    write(anne, "L'alternateur vous attend au comptoir.")
    expect(bubble(anne, "vous attend au comptoir")).to_be_visible()
    expect(bubble(chloe, "vous attend au comptoir")).to_be_visible()
    expect(bubble(anne, "vous attend au comptoir").get_by_label("Envoyé")).to_be_visible()
    expect(chloe.get_by_role("feed").get_by_text("Anne Petit a pris la conversation")).to_be_visible()

    anne.get_by_role("button", name=re.compile("^Résoudre")).click()
    expect(chloe.get_by_text("Anne Petit a résolu la conversation")).to_be_visible()
    chloe.get_by_role("button", name=re.compile("^Rouvrir")).click()
    expect(chloe.get_by_text("Vous avez rouvert la conversation")).to_be_visible()


def test_journey_email_a_conversation_is_handed_over(counter: Served, browser: Browser) -> None:
    anne, chloe = sign_in(browser, counter, "anne"), sign_in(browser, counter, "chloe")
    expect(chloe.get_by_role("tab", name="Les miennes")).to_have_attribute("aria-selected", "true")
    expect(chloe.get_by_role("list").get_by_text("DV-20431")).to_have_count(0)
    open_thread(anne, "DV-20431")

    anne.get_by_role("button", name="Assignée à Moi").click()
    anne.get_by_role("option", name="Chloé Martin").click()

    expect(chloe.get_by_role("listitem").filter(has_text="DV-20431")).to_be_visible()
    expect(anne.get_by_role("feed").get_by_text("Vous avez assigné la conversation à Chloé Martin")).to_be_visible()
    open_thread(chloe, "DV-20431")
    expect(chloe.get_by_role("feed").get_by_text("Anne Petit vous a assigné la conversation")).to_be_visible()
    chloe.get_by_role("button", name="Assignée à Moi").click()
    chloe.get_by_role("option", name="Personne").click()
    expect(anne.get_by_role("button", name=re.compile("^Assigner"))).to_be_visible()


def test_journey_email_without_network_nothing_is_lost(counter: Served, browser: Browser) -> None:
    page, chloe = sign_in(browser, counter, "anne"), sign_in(browser, counter, "chloe")
    for one in (page, chloe):
        one.get_by_role("tab", name="Toutes").click()
        open_thread(one, "Karim Haddad")

    page.context.set_offline(True)
    write(page, "Écrit dans le tunnel.")
    expect(bubble(page, "Écrit dans le tunnel.")).to_be_visible()
    expect(page.get_by_text(re.compile("Hors ligne")).first).to_be_visible()
    chloe.get_by_role("textbox", name="Répondre").focus()
    chloe.get_by_role("button", name="Note privée").click()
    expect(chloe.get_by_role("textbox", name="Note privée")).to_be_focused()
    chloe.keyboard.type("Pendant ce temps.")
    chloe.keyboard.press("Control+Enter")
    expect(bubble(chloe, "Pendant ce temps.")).to_be_visible()
    page.context.set_offline(False)

    page.get_by_role("alert").get_by_role("button", name="Envoyer quand même").click()
    expect(bubble(page, "Écrit dans le tunnel.").get_by_label("Envoyé")).to_be_visible()
    expect(bubble(page, "Pendant ce temps.")).to_be_visible()
    expect(page.get_by_text(re.compile("Hors ligne"))).to_have_count(0)
    page.reload()
    expect(bubble(page, "Écrit dans le tunnel.")).to_have_count(1)
    expect(bubble(chloe, "Écrit dans le tunnel.")).to_have_count(1)


def test_journey_email_a_server_that_restarts_is_met_again_without_a_reload(house: Settings, browser: Browser) -> None:
    served = next(first := serve(house))
    page = sign_in(browser, served, "anne")
    page.get_by_role("tab", name="Toutes").click()
    open_thread(page, "Karim Haddad")
    page.evaluate("() => { window.neverReloaded = true }")

    next(first, None)
    write(page, "Le serveur dort.")
    expect(bubble(page, "Le serveur dort.")).to_be_visible()
    again = serve(house)
    next(again)

    expect(bubble(page, "Le serveur dort.").get_by_label("Envoyé")).to_be_visible()
    expect(bubble(page, "Le serveur dort.")).to_have_count(1)
    assert page.evaluate("() => window.neverReloaded")
    next(again, None)


def test_journey_email_two_tabs_share_one_stream(counter: Served, browser: Browser) -> None:
    first, chloe = sign_in(browser, counter, "anne"), sign_in(browser, counter, "chloe")
    second = first.context.new_page()
    second.goto(first.url)
    for one in (first, second, chloe):
        one.get_by_role("tab", name="Toutes").click()
        open_thread(one, "Karim Haddad")

    write(chloe, "À tous les onglets.")
    for one in (first, second):
        expect(bubble(one, "À tous les onglets.")).to_be_visible()
    first.close()  # it held the stream
    write(chloe, "À celui qui reste.")
    expect(bubble(second, "À celui qui reste.")).to_be_visible()


def test_journey_email_by_keyboard_alone(counter: Served, browser: Browser) -> None:
    page = sign_in(browser, counter, "anne")
    expect(page.get_by_role("listitem").first).to_be_visible()

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("feed")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_role("textbox", name="Répondre")).to_be_focused()
    page.keyboard.type("Tapé sans souris")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("sur deux lignes")
    page.keyboard.press("Control+Enter")
    expect(bubble(page, "Tapé sans souris")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.get_by_role("textbox", name="Note privée")).to_be_focused()
    page.keyboard.type("Entre nous")
    page.keyboard.press("Control+Enter")
    expect(bubble(page, "Entre nous").get_by_text("Note privée")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_journey_email_a_failed_mail_says_why_and_offers_a_way(counter: Served, browser: Browser) -> None:
    page = sign_in(browser, counter, "anne")
    open_thread(page, "Ancien client")

    expect(page.get_by_text("Le serveur de messagerie a refusé l’adresse d’un destinataire.")).to_be_visible()
    expect(page.get_by_text("no such mailbox")).to_be_visible()
    expect(page.get_by_role("button", name="Réessayer")).to_be_visible()


def test_journey_email_files_are_dropped_shown_and_sent(counter: Served, browser: Browser) -> None:
    page = sign_in(browser, counter, "anne")
    page.get_by_role("tab", name="Toutes").click()
    open_thread(page, "Karim Haddad")

    dragged = page.evaluate_handle(
        """() => { const carried = new DataTransfer()
                   carried.items.add(new File(['%PDF-1.4 devis'], 'devis.pdf', { type: 'application/pdf' }))
                   return carried }"""
    )
    feed = page.get_by_role("feed")
    feed.dispatch_event("dragenter", {"dataTransfer": dragged})
    expect(page.get_by_text(re.compile("^Déposez"))).to_be_visible()
    feed.dispatch_event("drop", {"dataTransfer": dragged})
    expect(page.get_by_text(re.compile("^Déposez"))).to_be_hidden()
    expect(page.get_by_text("devis.pdf").first).to_be_visible()
    page.locator("input[type=file]").set_input_files(
        {"name": "photo.txt", "mimeType": "text/plain", "buffer": b"une photo"}
    )
    expect(page.get_by_text("photo.txt").first).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)  # until both are up, nothing leaves
    write(page, "Voici le devis.")

    for name in ("devis.pdf", "photo.txt"):
        expect(bubble(page, "Voici le devis.").get_by_text(name)).to_be_visible()
    expect(bubble(page, "Voici le devis.").get_by_label("Envoyé")).to_be_visible()


def test_journey_email_on_a_phone(counter: Served, browser: Browser) -> None:
    page = sign_in(browser, counter, "anne", viewport=PHONE, has_touch=True, is_mobile=True)
    page.get_by_role("tab", name="Toutes").tap()
    open_thread(page, "Karim Haddad")
    expect(page.get_by_role("tab", name="Toutes")).to_be_hidden()

    page.get_by_role("textbox", name="Répondre").fill("Depuis l'atelier.")
    page.get_by_role("button", name="Envoyer", exact=True).tap()
    expect(bubble(page, "Depuis l'atelier.").get_by_label("Envoyé")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("button", name="Retour à la liste").tap()
    expect(page.get_by_role("tab", name="Toutes")).to_be_visible()
    page.go_back()
    expect(bubble(page, "Depuis l'atelier.")).to_be_visible()


def test_journey_email_the_panel_slides_over_any_page(counter: Served, browser: Browser) -> None:
    page = sign_in(browser, counter, "anne", "/clients")
    expect(page.get_by_role("heading", name="Clients")).to_be_visible()

    page.get_by_role("button", name=re.compile("^Conversations, ")).click()
    expect(page.get_by_role("complementary").get_by_role("tab", name="Les miennes")).to_be_visible()
    page.keyboard.press("Control+Shift+L")
    expect(page.get_by_role("tab", name="Les miennes")).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "theme", "viewport"),
    [("fr", "light", DESK), ("en", "dark", DESK), ("en", "light", PHONE), ("fr", "dark", PHONE)],
    ids=["fr-light-desk", "en-dark-desk", "en-light-phone", "fr-dark-phone"],
)
def test_journey_email_screens_have_no_axe_violation(
    counter: Served, browser: Browser, language: str, theme: str, viewport: dict[str, int]
) -> None:
    """A picture of each is left in test-results/."""
    speak(counter, language)
    page = sign_in(browser, counter, "anne", viewport=viewport, color_scheme=theme)
    name = f"{language}-{theme}-{viewport['width']}"
    expect(page.get_by_role("listitem").first).to_be_visible()
    look(page, f"list-{name}")
    open_thread(page, "Léa Morel")
    look(page, f"thread-{name}")
    page.get_by_role("feed").focus()
    page.keyboard.press("n")
    look(page, f"note-{name}")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    look(page, f"palette-{name}")

    page.goto(f"{counter.url}/conversations")
    open_thread(page, "Ancien client")
    expect(page.get_by_role("button", name="Réessayer" if language == "fr" else "Retry")).to_be_visible()
    look(page, f"failed-{name}")
    page.goto(f"{counter.url}/reglages/preferences")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    look(page, f"preferences-{name}")


def speak(served: Served, language: str) -> None:
    client = served.client("anne@pieces-express.example")
    assert client.patch("/api/me", json={"language": language}).status_code == 200
    client.close()


def look(page: Page, name: str) -> None:
    page.wait_for_timeout(300)
    folder = Path("test-results")
    folder.mkdir(exist_ok=True)
    page.screenshot(path=str(folder / f"{name}.png"))
    assert slips(page) == [], name
