"""Anne connects a WhatsApp number in a real browser: the way in, its keys, and a check list that was really asked."""

import pytest
from playwright.sync_api import Browser, expect

from comptoir.providers.meta import graph
from tests.browser.axe import slips
from tests.browser.test_journey_email import sign_in
from tests.house import Served
from tests.rig.emulator import EmulatedWhatsApp


def test_a_number_is_chosen_tested_connected_and_checked(
    counter: Served, browser: Browser, emulator: EmulatedWhatsApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph, "GRAPH", emulator.url)
    number = emulator.meta_number("+33199004321")
    anne = sign_in(browser, counter, "anne", "/reglages/canaux")
    anne.get_by_role("button", name="Connecter WhatsApp").click()
    anne.get_by_text("Meta, directement").click()
    expect(anne.get_by_text("Prix : celui de Meta, sans rien de plus.")).to_be_visible()

    anne.get_by_label("Numéro WhatsApp").fill("+33 1 99 00 43 21")
    anne.get_by_label("Identifiant du numéro de téléphone").fill(number.id)
    anne.get_by_label("Identifiant du compte WhatsApp Business").fill(number.account)
    anne.get_by_label("Jeton d’accès").fill(number.token)
    anne.get_by_label("Clé secrète de l’application").fill("pas la bonne")
    anne.get_by_role("button", name="Tester la connexion").click()
    expect(anne.get_by_text("Une clé ne contient ni espace ni accent")).to_be_visible()
    anne.get_by_label("Clé secrète de l’application").fill("0" * 32)
    anne.get_by_role("button", name="Tester la connexion").click()
    expect(anne.get_by_text("Cette clé secrète n’est pas celle de l’application")).to_be_visible()
    assert slips(anne) == []

    anne.get_by_label("Clé secrète de l’application").fill(number.secret)
    anne.get_by_role("button", name="Connecter le numéro").click()
    expect(anne.get_by_text("Meta nous appelle à la bonne adresse.")).to_be_visible()
    expect(anne.get_by_role("img", name="À régler")).to_have_count(0)
    assert number.webhook_url.startswith(f"{counter.url}/api/webhooks/meta/"), "Meta calls us from now on"
    assert slips(anne) == []
    assert number.secret not in anne.content() and number.token not in anne.content()

    emulator.says(number, emulator.person("Zoé Garnier", "33639987700"), "Bonjour, vous livrez à Lyon ?")
    anne.goto(f"{counter.url}/conversations")
    anne.get_by_role("tab", name="Toutes").click()
    expect(anne.get_by_role("listitem").filter(has_text="Zoé Garnier")).to_be_visible()
