"""Anne connects a number: what she typed is asked of its provider first, and asked again whenever she looks."""

import httpx
import pytest

from comptoir.demo.emulators.numbers import Number
from comptoir.foundation.transaction import Transaction
from comptoir.providers.meta import graph
from comptoir.providers.twilio import rest
from comptoir.team import signing_in
from comptoir.team.models import Organisation
from tests.house import PASSWORD, Served
from tests.rig.emulator import EmulatedWhatsApp

Json = dict[str, object]


@pytest.fixture
def anne(served: Served, emulator: EmulatedWhatsApp, monkeypatch: pytest.MonkeyPatch) -> httpx.Client:
    """The owner; both providers are where the emulator is."""
    monkeypatch.setattr(graph, "GRAPH", emulator.url)
    for name in ("API", "CONTENT", "MESSAGING"):
        monkeypatch.setattr(rest, name, emulator.url)

    def move_in(tx: Transaction) -> None:
        tx.add(Organisation(id=1, name="Garage", language="fr", is_demo=False, created_at=tx.now))
        for name, role in (("anne", "owner"), ("bruno", "member")):
            member = signing_in.new_member(tx, email=f"{name}@pieces.example", role=role, language="fr")
            member.name, member.password_hash = name.title(), signing_in.hash_password(PASSWORD)
            tx.add(member)

    served.services.database.write_now(move_in)
    return served.client("anne@pieces.example")


def typed(number: Number, **secrets: str) -> Json:
    if number.provider == "meta":
        settings = {"phone_number_id": number.id, "waba_id": number.account}
        given = {"access_token": number.token, "app_secret": number.secret}
    else:
        settings, given = {"account_sid": number.account}, {"auth_token": number.secret}
    return {"provider": number.provider, "address": number.phone, "settings": settings, "secrets": given | secrets}


def states(findings: list[dict[str, str]]) -> dict[str, str]:
    return {finding["what"]: finding["code"] for finding in findings}


def test_a_meta_number_is_tested_connected_subscribed_and_checked(
    anne: httpx.Client, served: Served, emulator: EmulatedWhatsApp
) -> None:
    number = emulator.meta_number()
    report = anne.post("/api/channels/whatsapp/test", json=typed(number)).json()
    assert report["is_ready"] and states(report["findings"])["number"] == "number_found"
    answer = anne.post("/api/channels/whatsapp", json=typed(number))
    assert answer.status_code == 201
    channel = answer.json()
    assert (channel["address"], channel["health"]) == (number.phone, "connected")
    assert channel["reopens_within"] == 7, "what is written weeks later is about something else"
    check = anne.post(f"/api/channels/{channel['id']}/check").json()
    assert states(check["findings"])["webhook"] == "webhook_subscribed"
    assert number.webhook_url == check["webhook_url"] and number.is_subscribed
    asked = {"hub.mode": "subscribe", "hub.verify_token": check["verify_token"], "hub.challenge": "1158201444"}
    verified = httpx.get(check["webhook_url"], params=asked)
    assert (verified.status_code, verified.text) == (200, "1158201444")
    assert number.token not in answer.text and number.secret not in answer.text
    lea = emulator.person("Léa Morel", "33639980001")
    emulator.says(number, lea, "Bonjour")
    assert anne.post(f"/api/channels/{channel['id']}/check").json()["refused_webhooks"] == 0


def test_both_providers_stand_side_by_side(anne: httpx.Client, emulator: EmulatedWhatsApp) -> None:
    for number in (emulator.meta_number(), emulator.twilio_number()):
        assert anne.post("/api/channels/whatsapp", json=typed(number)).status_code == 201
        again = anne.post("/api/channels/whatsapp", json=typed(number))
        assert (again.status_code, again.json()["code"]) == (409, "channel_address_taken")
    assert [one["provider"] for one in anne.get("/api/channels").json()] == ["meta", "twilio"]


def test_what_the_provider_does_not_confirm_is_not_connected(anne: httpx.Client, emulator: EmulatedWhatsApp) -> None:
    number = emulator.meta_number()
    refused = anne.post("/api/channels/whatsapp", json=typed(number, app_secret="wrong")).json()
    assert (refused["code"], refused["facts"]["code"]) == ("connection_failed", "app_secret_wrong")
    another = anne.post("/api/channels/whatsapp", json=typed(number) | {"address": "+33 1 99 00 99 99"}).json()
    assert another["facts"]["code"] == "another_number"
    missing = anne.post("/api/channels/whatsapp", json=typed(number, access_token="")).json()
    assert (missing["code"], missing["facts"]) == ("number_field_missing", {"field": "access_token"})
    assert anne.get("/api/channels").json() == []


def test_a_wrong_secret_changes_nothing_and_a_right_one_is_kept(anne: httpx.Client, emulator: EmulatedWhatsApp) -> None:
    number = emulator.twilio_number()
    channel = anne.post("/api/channels/whatsapp", json=typed(number)).json()
    path = f"/api/channels/whatsapp/{channel['id']}"
    assert anne.patch(path, json={"secrets": {"auth_token": "wrong"}}).json()["code"] == "connection_failed"
    changed = anne.patch(path, json={"settings": {"account_sid": number.account, "marks_read": False}}).json()
    assert changed["number"]["settings"]["marks_read"] is False
    assert states(anne.post(f"/api/channels/{channel['id']}/check").json()["findings"])["token"] == "token_valid"


def test_a_member_connects_nothing(anne: httpx.Client, served: Served, emulator: EmulatedWhatsApp) -> None:
    bruno = served.client("bruno@pieces.example")
    number = emulator.meta_number()
    for path in ("/api/channels/whatsapp/test", "/api/channels/whatsapp"):
        assert bruno.post(path, json=typed(number)).json()["code"] == "not_allowed"
    assert (
        bruno.post("/api/channels/whatsapp", json=typed(number) | {"settings": {"base_url": "http://x"}}).status_code
        == 400
    )
