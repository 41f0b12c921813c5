"""Two colleagues in one conversation: each sees the other look and write, a reply never crosses another unseen, a note calls."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import slips
from tests.browser.test_journey_email import bubble, open_thread, sign_in, write
from tests.house import Served


def test_journey_team_two_colleagues_do_not_step_on_each_other(counter: Served, browser: Browser) -> None:
    anne, chloe = sign_in(browser, counter, "anne"), sign_in(browser, counter, "chloe")
    prefer(anne, counter.url, undo_seconds=10)
    for page in (anne, chloe):
        page.get_by_role("tab", name="Toutes").click()
        open_thread(page, "Karim Haddad")

    faces = anne.get_by_role("list", name="Aussi dans cette conversation")
    expect(faces.get_by_text("Chloé Martin regarde cette conversation")).to_be_attached()
    chloe.get_by_role("textbox", name="Répondre").press_sequentially("Je reg")
    expect(anne.get_by_role("status").get_by_text("Chloé Martin écrit une réponse…")).to_be_visible()

    cut(anne)
    chloe.get_by_role("button", name="Note privée").click()
    chloe.get_by_role("textbox", name="Note privée").fill("Je l'ai déjà eu au téléphone.")
    chloe.keyboard.press("Control+Enter")
    expect(bubble(chloe, "Je l'ai déjà eu au téléphone.")).to_be_visible()
    write(anne, "Je vérifie et je reviens vers vous.")

    stopped = anne.get_by_role("alert", name=re.compile("^Pas envoyé"))
    expect(stopped.get_by_text("Je l'ai déjà eu au téléphone.")).to_be_visible()
    expect(bubble(anne, "Je l'ai déjà eu au téléphone.")).to_be_visible()
    expect(anne.get_by_role("button", name="Annuler", exact=True)).to_have_count(0, timeout=5_000)  # nothing was sent
    assert slips(anne) == []
    stopped.get_by_role("button", name="Reprendre ma réponse").click()
    expect(anne.get_by_role("textbox", name="Répondre")).to_contain_text("Je vérifie et je reviens vers vous.")
    expect(stopped).to_have_count(0)
    anne.keyboard.press("Control+Enter")
    expect(bubble(chloe, "Je vérifie et je reviens vers vous.")).to_be_visible()


def prefer(page: Page, url: str, **given: object) -> None:
    """Changes what its member likes, and shows it."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    answer = page.context.request.patch(f"{url}/api/me", data=given, headers={"x-csrftoken": token})
    assert answer.ok, answer.text()
    page.reload()


def cut(page: Page) -> None:
    """Its stream no longer tells it anything, as in a tunnel; what it asks and sends still passes."""
    page.route("**/api/stream*", lambda route: route.abort())
    page.route("**/api/changes*", lambda route: route.abort())
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text(re.compile("Le serveur ne répond pas")).first).to_be_visible()


def mend(page: Page) -> None:
    """Out of the tunnel: it hears again, and catches up."""
    page.unroute("**/api/stream*")
    page.unroute("**/api/changes*")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text(re.compile("Le serveur ne répond pas"))).to_have_count(0)


def test_journey_team_the_list_shows_who_is_where(counter: Served, browser: Browser) -> None:
    """In the rows of those who look at the list: who has a conversation open, who writes in it; gone when they go."""
    anne = sign_in(browser, counter, "anne", "/conversations?tab=all")
    chloe = sign_in(browser, counter, "chloe", "/conversations?tab=all")
    row = anne.get_by_role("listitem").filter(has_text="Karim Haddad").first
    expect(row).to_be_visible()
    expect(row.get_by_role("img", name=re.compile("Chloé Martin"))).to_have_count(0)

    open_thread(chloe, "Karim Haddad")
    expect(row.get_by_role("img", name=re.compile("Chloé Martin"))).to_be_visible()
    chloe.get_by_role("textbox", name="Répondre").press_sequentially("Bonjour Karim, je re")
    expect(row.locator(".present.writes")).to_be_visible()
    assert slips(anne) == []
    later = sign_in(browser, counter, "anne", "/conversations?tab=all")
    expect(later.locator(".present").first).to_be_visible()

    open_thread(chloe, "Léa Morel")
    expect(row.get_by_role("img", name=re.compile("Chloé Martin"))).to_have_count(0)
