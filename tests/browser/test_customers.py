"""Customers beside conversations: who is on no file is asked for in the ERP, and numbers in a mail can be written to."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, Browser, Locator, Page, Route, expect

from comptoir.channels.port import Person
from tests.browser.axe import slips
from tests.browser.test_journey_email import look, sign_in
from tests.browser.test_threads import receive
from tests.gateway.shop import PATHS, Shop
from tests.house import Served

WRITTEN = (
    "<p>Appelez Paul au 06 39 98 00 77 ou au <b>+44 7700 900456</b>, pas au <a href='https://garage.example/'>06 39 98 00 88</a>.</p>"
    "<table><tr><td>0 986 494 123</td><td>paul@garage-morel.example;</td></tr></table>"
    "<p><a href='mailto:lea@garage-morel.example'>Léa</a><style>p { color: #06399800 }</style></p>"
)
WORDS = """Appelez Paul au 06 39 98 00 77 ou au +44 7700 900456, pas au 06 39 98 00 88.
0 986 494 123 paul@garage-morel.example; Léa"""


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.server.shutdown()


def test_who_is_on_no_file_is_found_in_the_erp(counter: Served, browser: Browser, shop: Shop) -> None:
    desk = sign_in(browser, counter, "anne", "/conversations?tab=all")
    beside = _beside(desk, "Keller")
    expect(beside.get_by_text("Aucun dossier lié.")).to_be_visible()
    expect(beside.get_by_role("button", name="Chercher dans l’ERP")).to_have_count(0)

    owner = counter.client("anne@pieces-express.example")
    assert owner.put("/api/lookup", json={"url": shop.url, "seconds": 1} | PATHS).status_code == 200
    owner.close()
    desk.reload()
    look_up = beside.get_by_role("button", name="Chercher dans l’ERP")

    shop.answer = (200, b"{}", 3.0)
    look_up.click()
    expect(beside.get_by_role("alert")).to_contain_text("L’ERP n’a pas répondu à temps.")
    look(desk, "customer-erp-slow")
    shop.answer = (401, b"", 0.0)
    look_up.click()
    expect(beside.get_by_role("alert")).to_contain_text("L’ERP a refusé la question (réponse 401).")
    shop.answer = (404, b"", 0.0)
    look_up.click()
    expect(beside.get_by_text(re.compile("L’ERP ne connaît pas .*Keller"))).to_be_visible()
    expect(beside.get_by_role("alert")).to_have_count(0)

    shop.answer = shop.knows
    look_up.click()
    found = beside.get_by_role("list", name="Dans l’ERP")
    for said in ("Garage Morel", "C-0412", "lea@garage-morel.example", "1 document"):
        expect(found.get_by_text(said).first).to_be_visible()
    assert slips(desk) == []
    look(desk, "customer-erp-found")
    found.get_by_role("button", name="C’est bien ce client").click()
    expect(beside.get_by_role("link", name="Garage Morel")).to_be_visible()
    expect(beside.get_by_text("CMD-42")).to_be_visible()
    expect(desk.get_by_role("feed").get_by_text(re.compile("Garage Morel")).first).to_be_visible()


def test_numbers_and_addresses_of_an_html_mail_are_a_step_from_a_conversation(
    counter: Served, browser: Browser
) -> None:
    """Also where the sender made no link of them; what they did make, and what is no number, stays as it is."""
    landed = receive(counter, subject="Coordonnées", text="Voir le HTML", html=WRITTEN)
    desk = sign_in(browser, counter, "anne", f"/conversations/{landed.conversation_id}?tab=all")
    mail = desk.get_by_role("feed").frame_locator("iframe")
    for said in ("06 39 98 00 77", "+44 7700 900456", "paul@garage-morel.example"):
        expect(mail.get_by_role("link", name=said, exact=True)).to_be_visible()
    assert mail.get_by_role("link").count() == 5  # and the sender's own two
    expect(mail.get_by_role("link", name="06 39 98 00 88")).to_have_attribute("href", "https://garage.example/")
    expect(mail.get_by_text("0 986 494 123")).to_be_visible()
    assert mail.locator("script, [onclick]").count() == 0
    assert mail.locator("body").evaluate("body => body.innerText").split() == WORDS.split()
    look(desk, "customer-reach-html")

    mail.get_by_role("link", name="06 39 98 00 77").click()
    dialog = desk.get_by_role("dialog", name="Nouvelle conversation")
    expect(dialog.get_by_text("+33 6 39 98 00 77")).to_be_attached()
    desk.keyboard.press("Escape")
    desk.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    mail.get_by_role("link", name="paul@garage-morel.example").press("Enter")
    expect(dialog.get_by_text("paul@garage-morel.example")).to_be_visible()


def test_a_newcomer_finds_customers_beside_the_threads(counter: Served, browser: Browser) -> None:
    receive(counter, sender=Person("contact@auto2000.example", "Auto 2000"), subject="Prix embrayage")
    desk = sign_in(browser, counter, "anne", "/conversations?tab=all")
    beside = _beside(desk, "Karim Haddad")
    for said in ("Taxi Mistral", "CMD-8836", "Mercedes Vito 116 CDI"):
        expect(beside.get_by_text(said, exact=True)).to_be_visible()

    beside = _beside(desk, "Prix embrayage")
    expect(beside.get_by_text("Écrit depuis le domaine de Auto 2000.")).to_be_visible()
    beside.get_by_role("button", name="C’est bien ce client").click()
    expect(beside.get_by_text("FA-1195")).to_be_visible()

    beside.get_by_role("link", name="Auto 2000", exact=True).click()
    expect(desk.get_by_role("region", name="Conversations").get_by_text("Prix embrayage").first).to_be_visible()
    expect(desk.get_by_text("Nathalie Roche")).to_be_visible()


def test_what_was_erased_is_told_before_the_page_goes(counter: Served, browser: Browser) -> None:
    desk = sign_in(browser, counter, "anne", "/clients")
    desk.get_by_role("link", name=re.compile("BTP Sud-Est")).click()
    desk.get_by_role("button", name="Effacer…").click()
    asking = desk.get_by_role("dialog", name="Effacer BTP Sud-Est")
    asking.get_by_role("textbox").fill("BTP Sud-Est")
    asking.get_by_role("button", name="Effacer définitivement").click()

    report = desk.get_by_role("dialog", name="Effacement terminé")
    expect(report.get_by_text("3 documents", exact=True)).to_be_visible()
    expect(report.get_by_text(re.compile("Les e-mails restent dans la boîte elle-même"))).to_be_visible()
    look(desk, "customer-erased")
    report.get_by_role("button", name="Fermer").last.click()
    expect(desk).to_have_url(re.compile("/clients$"))
    expect(desk.get_by_role("link", name=re.compile("Agri Loire"))).to_be_visible()
    expect(desk.get_by_role("link", name=re.compile("BTP Sud-Est"))).to_have_count(0)


def test_a_merge_names_the_colleagues_it_is_about(counter: Served, browser: Browser) -> None:
    desk = sign_in(browser, counter, "anne", "/clients")
    desk.get_by_role("link", name=re.compile("Garage Morel")).click()
    desk.get_by_role("button", name="Autres actions").click()
    desk.get_by_role("menuitem", name="Fusionner avec…").click()
    dialog = desk.get_by_role("dialog", name="Fusionner Garage Morel SARL")
    dialog.get_by_role("combobox").fill("EX-0288")
    dialog.get_by_role("option").first.click()
    expect(dialog.get_by_text("Responsable : Anne Petit est gardé, Chloé Martin ne l’est pas.")).to_be_visible()
    look(desk, "customer-merge")


def test_a_file_that_is_chosen_before_the_earlier_ones_are_known_is_taken(counter: Served, browser: Browser) -> None:
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if route.request.method != "GET" or held:
            return route.continue_()
        return held.append((route, route.fetch()))  # what the server knows now; the page hears it later

    page = sign_in(browser, counter, "anne", "/conversations")
    page.route("**/api/directory/imports*", hold)
    page.goto(f"{counter.url}/reglages/donnees")
    given = {"name": "clients.csv", "mimeType": "text/csv", "buffer": b"Code;Nom\nZ-1;Garage Zed\n"}
    page.locator("input[type=file]").set_input_files(given)  # type: ignore[arg-type]
    expect(page.get_by_role("table")).to_be_visible()

    route, answer = held[0]
    route.fulfill(response=answer)
    page.wait_for_timeout(500)
    expect(page.get_by_role("table")).to_be_visible()
    page.unroute_all(behavior="wait")


def _beside(desk: Page, words: str) -> Locator:
    desk.get_by_role("listitem").filter(has_text=words).first.click()
    return desk.get_by_role("complementary", name="Détails")
