"""The first day of a house, as people live it: the owner moves in, connects a mailbox, a colleague joins and answers.

Real browsers, a real server, a real mailbox.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import slips
from tests.house import Served
from tests.rig.mail_server import Account, MailServer

ANNE, BRUNO = "anne@pieces.example", "bruno@pieces.example"
PHRASE = "les pièces du matin"
MAIL = b"""From: =?utf-8?q?L=C3=A9a?= Morel <lea@garage-morel.example>
To: sav@test.local
Subject: Plaquettes de frein
Message-ID: <plaquettes@garage-morel.example>
Date: Tue, 24 Nov 2026 09:00:00 +0100

Bonjour, les avez-vous en stock ?
"""

Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Visit]:
    """Somebody opens the house in a browser of their own: their language, their screen."""
    opened: list[BrowserContext] = []

    def come(path: str = "/", *, locale: str = "fr-FR", width: int = 1280, theme: str = "light") -> Page:
        context = browser.new_context(
            base_url=served.url,
            locale=locale,
            timezone_id="Europe/Paris",
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
        )
        opened.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield come
    for context in opened:
        context.close()


def move_in(served: Served) -> None:
    """Anne has set the house up already, elsewhere."""
    setup = {"name": "Anne Petit", "email": ANNE, "password": PHRASE, "language": "fr"}
    client = served.client()
    assert client.post("/api/setup", json=setup).status_code == 201
    client.close()


def sign_in(page: Page, password: str = PHRASE) -> None:
    page.get_by_label("Adresse e-mail").fill(ANNE)
    page.get_by_label("Mot de passe", exact=True).fill(password)
    page.get_by_role("button", name="Se connecter").click()


def test_the_owner_moves_in(visit: Visit) -> None:
    page = visit()
    expect(page).to_have_url("/installation")
    expect(page.get_by_role("heading", name="Bienvenue dans Comptoir")).to_be_visible()

    page.get_by_text("English", exact=True).click()
    expect(page.get_by_role("heading", name="Welcome to Comptoir")).to_be_visible()
    page.get_by_text("Français", exact=True).click()

    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("Nom", exact=True)).to_be_focused()
    expect(page.get_by_text("Indiquez une adresse e-mail.")).to_be_visible()

    page.get_by_label("Nom", exact=True).fill("Anne Petit")
    page.get_by_label("Adresse e-mail").fill(ANNE)
    password = page.get_by_label("Mot de passe", exact=True)
    password.fill("court")
    expect(page.get_by_text("Encore 5 caractères")).to_be_visible()
    password.fill("motdepasse1")
    expect(page.get_by_text("Facile à deviner")).to_be_visible()
    password.fill(PHRASE)
    page.get_by_role("button", name="Afficher le mot de passe").click()
    expect(password).to_have_attribute("type", "text")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Continuer").click()

    expect(page).to_have_url("/bienvenue")
    expect(page.get_by_role("link", name="Connecter une boîte e-mail")).to_be_visible()
    page.goto("/installation")
    expect(page).not_to_have_url("/installation")


def test_a_mailbox_is_connected_and_a_colleague_joins(
    visit: Visit, served: Served, mailbox: Account, mail_server: MailServer
) -> None:
    move_in(served)
    anne = visit("/reglages/canaux/nouveau")
    sign_in(anne)
    expect(anne).to_have_url("/reglages/canaux/nouveau")
    connect(anne, mailbox)

    anne.goto("/conversations?tab=all")
    expect(anne.get_by_text("Rien ne vous attend")).to_be_visible()
    mail_server.deliver(mailbox.address, MAIL)
    expect(anne.get_by_text("Plaquettes de frein").first).to_be_visible()

    link = invite(anne, BRUNO)
    bruno = visit(link, locale="en-GB", width=390)
    expect(bruno.get_by_text("Anne Petit invites you")).to_be_visible()
    bruno.get_by_label("Name").fill("Bruno Costa")
    bruno.get_by_label("Password", exact=True).fill("a rather long sentence")
    bruno.get_by_role("button", name="Join the team").click()
    expect(bruno.get_by_role("heading", name="Hello Bruno")).to_be_visible()
    bruno.goto("/conversations?tab=all")
    expect(bruno.get_by_text("Plaquettes de frein").first).to_be_visible()

    late = visit(link)
    expect(late.get_by_role("heading", name="Cette invitation n’est plus valable")).to_be_visible()
    expect(anne.get_by_text("Bruno Costa")).to_be_visible()  # the list is live


def connect(page: Page, mailbox: Account) -> None:
    """The address, then the servers; a wrong password is told in a sentence, with the server's own words."""
    page.get_by_label("Adresse e-mail de la boîte").fill(mailbox.address)
    page.get_by_role("button", name="Continuer").click()
    for side, port in (("Réception", mailbox.imap_port), ("Envoi", mailbox.smtp_port)):
        server = page.get_by_role("group", name=side)
        server.get_by_label("Serveur").fill(mailbox.host)
        server.get_by_label("Sécurité").select_option("none")
        server.get_by_label("Port").fill(str(port))
    page.get_by_label("Mot de passe de la boîte").fill("faux")
    page.get_by_role("button", name="Tester la connexion").click()
    expect(page.get_by_role("alert")).to_contain_text("refuse l’identifiant ou le mot de passe")
    expect(page.get_by_role("alert")).to_contain_text("AUTHENTICATIONFAILED")

    page.get_by_label("Mot de passe de la boîte").fill(mailbox.password)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Connecter la boîte").click()
    expect(page).to_have_url("/reglages/canaux/1")
    expect(page.get_by_text("Connecté", exact=True)).to_be_visible()


def invite(page: Page, email: str) -> str:
    page.goto("/reglages/membres")
    page.get_by_role("button", name="Inviter").click()
    page.get_by_label("Adresse e-mail").fill(email)
    page.get_by_role("button", name="Créer le lien d’invitation").click()
    link = page.get_by_label("Lien d’invitation").input_value()
    page.get_by_role("button", name="Terminé").click()
    expect(page.get_by_text("Invitation en attente")).to_be_visible()
    return link


def test_a_session_that_ends_leads_back_to_the_same_place(visit: Visit, served: Served) -> None:
    move_in(served)
    page = visit("/reglages/preferences")
    expect(page).to_have_url("/connexion?next=/reglages/preferences")
    sign_in(page, "ce n'est pas lui")
    expect(page.get_by_role("alert")).to_have_text("Adresse ou mot de passe incorrect.")
    sign_in(page)
    expect(page).to_have_url("/reglages/preferences")

    expect(page.get_by_label("Entrée envoie les e-mails")).to_be_visible()
    page.context.clear_cookies(name="session")
    page.evaluate("document.querySelector('[role=switch]')?.click()")  # or the page has noticed by itself
    expect(page.get_by_text("Votre session a expiré")).to_be_visible()
    page.get_by_label("Mot de passe", exact=True).fill(PHRASE)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/reglages/preferences")


def test_sample_data_comes_and_goes(visit: Visit, served: Served) -> None:
    move_in(served)
    page = visit("/bienvenue")
    sign_in(page)
    page.get_by_role("button", name="Découvrir avec des données d’exemple").click()
    page.wait_for_url("**/?c", timeout=60_000)
    expect(page.get_by_text("Ambulances du Val").first).to_be_visible()

    page.goto("/reglages/exemple")
    page.get_by_role("button", name="Retirer les données d’exemple").click()
    page.get_by_role("dialog").get_by_role("button", name="Retirer les données d’exemple").click()
    page.wait_for_url("**/reglages/canaux", timeout=60_000)
    expect(page.get_by_role("heading", name="Aucune boîte connectée")).to_be_visible()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("locale", "width", "theme"), [("fr-FR", 1280, "light"), ("en-GB", 390, "dark")])
def test_every_screen_is_open_to_everybody(visit: Visit, served: Served, locale: str, width: int, theme: str) -> None:
    """Axe finds nothing, and nothing is wider than the screen."""
    language = locale[:2]
    seen = [visit("/", locale=locale, width=width, theme=theme)]
    expect(seen[0]).to_have_url("/installation")
    check(seen[0])
    setup = {"name": "Anne Petit", "email": ANNE, "password": PHRASE, "language": language}
    client = served.client()
    assert client.post("/api/setup", json=setup).status_code == 201
    link = client.post("/api/members", json={"email": BRUNO}).json()["link"]
    cookies = [{"name": "session", "value": client.cookies["session"], "url": served.url}]
    client.close()

    for path in (link, f"{served.url}/invitation/none", "/connexion"):
        page = visit(path, locale=locale, width=width, theme=theme)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        check(page)
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    for path in ("bienvenue", "reglages/canaux", "reglages/canaux/nouveau", "reglages/membres", "reglages/preferences"):
        page.goto(f"/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        check(page)


def check(page: Page) -> None:
    assert slips(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
