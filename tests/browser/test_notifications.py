"""A note calls a colleague: her bell says so, leads there, and is quiet again; a closed page is told by its service worker."""

import json
import re

from playwright.sync_api import Browser, Route, expect

from tests.browser.axe import slips
from tests.browser.test_journey_email import bubble, open_thread, sign_in
from tests.house import Served


def test_journey_team_a_mention_rings_and_leads_to_its_note(counter: Served, browser: Browser) -> None:
    anne, chloe = sign_in(browser, counter, "anne"), sign_in(browser, counter, "chloe")
    chloe.get_by_role("tab", name="Toutes").click()
    open_thread(chloe, "Karim Haddad")
    chloe.get_by_role("textbox", name="Répondre").focus()
    chloe.get_by_role("button", name="Note privée").click()
    field = chloe.get_by_role("textbox", name="Note privée")
    field.press_sequentially("Tu peux voir ? @ann")
    expect(chloe.get_by_role("option", name="Anne Petit")).to_have_attribute("aria-selected", "true")
    assert slips(chloe) == []
    chloe.keyboard.press("Enter")
    expect(field).to_have_value("Tu peux voir ? @Anne Petit ")
    chloe.keyboard.press("Control+Enter")
    expect(bubble(chloe, "Tu peux voir ?").locator(".mention")).to_have_text("@Anne Petit")

    anne.get_by_role("button", name=re.compile("notifications? non lue")).click()
    centre = anne.get_by_role("dialog", name="Notifications")
    expect(centre.get_by_text("Chloé Martin vous mentionne")).to_be_visible()
    assert slips(anne) == []
    centre.get_by_role("button").filter(has_text="Chloé Martin vous mentionne").click()
    expect(bubble(anne, "Tu peux voir ?").locator(".mention.me")).to_be_visible()
    anne.goto(f"{counter.url}/reglages/notifications")
    expect(anne.get_by_role("heading", name="Notifications", level=1)).to_be_visible()
    expect(anne.get_by_text("Indisponible")).to_be_visible()
    assert slips(anne) == []
    box = anne.get_by_role("checkbox", name="Nouveau message que personne n’a pris, Cloche")
    box.check()
    anne.reload()
    expect(box).to_be_checked()


def test_one_who_types_before_the_list_of_colleagues_is_here_calls_them_all_the_same(
    counter: Served, browser: Browser
) -> None:
    chloe = sign_in(browser, counter, "chloe")
    chloe.get_by_role("tab", name="Toutes").click()
    held: list[Route] = []
    for late in ("**/assets/MentionBar*.js", "**/mentionable"):
        chloe.route(late, lambda request: held.append(request))
    open_thread(chloe, "Karim Haddad")
    chloe.get_by_role("button", name="Note privée").click()
    field = chloe.get_by_role("textbox", name="Note privée")
    field.press_sequentially("Tu peux voir ? @Anne Petit")
    chloe.keyboard.press("Control+Enter")
    expect(field).to_have_value("")
    field.press_sequentially("Et toi @ann")
    expect(bubble(chloe, "Tu peux voir ?").locator(".pending")).to_be_visible()
    for request in held:
        request.continue_()
    chloe.unroute_all()
    expect(chloe.get_by_role("option", name="Anne Petit")).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", re.compile(".+"))
    expect(bubble(chloe, "Tu peux voir ?").locator(".mention")).to_have_text("@Anne Petit")


def test_a_closed_page_is_told_by_its_service_worker(counter: Served, browser: Browser) -> None:
    page = sign_in(browser, counter, "anne", permissions=["notifications"])
    page.evaluate(
        "navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready).then(() => true)"
    )
    devtools = page.context.new_cdp_session(page)
    registrations: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    devtools = page.context.new_cdp_session(elsewhere := page.context.new_page())
    devtools.send("ServiceWorker.enable")
    page.close()
    told = {"title": "Chloé Martin vous mentionne", "body": "Tu peux voir ?", "url": "/", "tag": "c", "lang": "fr"}
    send = {"origin": counter.url, "registrationId": registrations[-1], "data": json.dumps(told)}

    shown: list[str] = []
    for seconds in range(1, 11):  # DevTools may lose a push that it delivers while the browser puts the worker to sleep
        assert elsewhere.url == "about:blank", "no page of ours is open"
        devtools.send("ServiceWorker.deliverPushMessage", send)
        elsewhere.wait_for_timeout(seconds * 1000)
        elsewhere.goto(f"{counter.url}/sw.js")  # a place from which to read what the system shows
        shown = elsewhere.evaluate(
            """async () => {
                const registration = await navigator.serviceWorker.getRegistration('/')
                return (await registration.getNotifications()).map((one) => one.title + ': ' + one.body)
            }"""
        )
        if shown:
            break
        elsewhere.goto("about:blank")
    assert shown == ["Chloé Martin vous mentionne: Tu peux voir ?"]
