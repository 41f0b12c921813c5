"""Twilio, emulated: it refuses what Twilio refuses, and tells what Twilio tells, signed over the address and the fields."""

import json
from typing import Any
from urllib.parse import parse_qs

import httpx

from comptoir.channels.port import Connection
from comptoir.demo.emulators.courier import twilio_signature
from comptoir.demo.emulators.faults import Broken
from comptoir.demo.emulators.templates import Template
from comptoir.providers.twilio import signature
from tests.demo.emulators.conftest import Business


def create(business: Business, **given: str) -> httpx.Response:
    form = {
        "To": "whatsapp:+33639980001",
        "From": f"whatsapp:{business.number.phone}",
        "StatusCallback": f"{business.listener.url}/twilio?our_id=m1",
    }
    return business.api.post(f"/2010-04-01/Accounts/{business.number.account}/Messages.json", data=form | given)


def fields(business: Business) -> list[dict[str, str]]:
    business.settle()
    return [{name: values[0] for name, values in _parsed(heard.body).items()} for heard in business.listener.heard]


def _parsed(body: bytes) -> dict[str, list[str]]:
    return parse_qs(body.decode(), keep_blank_values=True)


def statuses(business: Business) -> list[tuple[str, str]]:
    return [(one["MessageStatus"], one.get("ErrorCode", "")) for one in fields(business) if "MessageStatus" in one]


def code(answer: httpx.Response) -> int:
    return int(answer.json()["code"])


def test_a_message_is_told_as_a_signed_form(twilio: Business) -> None:
    twilio.hears("Réf. ABC 👍")

    heard = twilio.listener.heard[0]
    assert fields(twilio)[0]["Body"] == "Réf. ABC 👍" and fields(twilio)[0]["From"] == "whatsapp:+33639980001"
    signature = twilio_signature(twilio.number.secret, twilio.number.webhook_url, heard.body)
    assert heard.headers["x-twilio-signature"] == signature


def test_it_is_signed_in_each_of_its_ways(twilio: Business) -> None:
    """As our own check, written apart from it, understands them."""
    twilio.number.shared_key = "une clé partagée"
    twilio.hears()
    twilio.number.shared_key = ""
    twilio.emulator.faults.is_port_unsigned = True
    twilio.hears()

    secrets = twilio.number.secrets() | {"shared_key": "une clé partagée"}
    connection = Connection(1, twilio.number.phone, "", {"account_sid": twilio.number.account}, secrets)
    for heard in twilio.listener.heard:
        assert signature.authentic(connection, url=twilio.number.webhook_url, headers=heard.headers, body=heard.body)


def test_what_becomes_of_a_message_is_told_with_our_own_id(twilio: Business) -> None:
    twilio.hears()

    answer = create(twilio, Body="Bonjour Léa")

    assert answer.status_code == 201 and answer.json()["sid"].startswith("SM")
    assert statuses(twilio) == [("sent", ""), ("delivered", "")]
    assert twilio.listener.heard[-1].path == "/twilio?our_id=m1"
    twilio.emulator.act(lambda acting: acting.read(twilio.number, twilio.lea))
    assert statuses(twilio)[-1] == ("read", "")


def test_a_closed_window_shows_only_later(twilio: Business) -> None:
    twilio.hears()
    twilio.emulator.advance(hours=25)

    assert create(twilio, Body="Trop tard").status_code == 201
    assert statuses(twilio) == [("failed", "63016")]


def test_a_template_is_filled_by_its_variables(twilio: Business) -> None:
    twilio.number.templates += [
        Template("HX" + "a" * 32, "suite", "fr", "Bonjour {{1}}"),
        Template("HX" + "b" * 32, "brouillon", "fr", "Bonjour", status="PENDING"),
    ]

    filled = json.dumps({"1": "Léa"})
    assert create(twilio, ContentSid="HX" + "a" * 32, ContentVariables=filled).status_code == 201
    assert twilio.emulator.received(twilio.number)[-1].text == "Bonjour Léa"
    assert code(create(twilio, ContentSid="HX" + "c" * 32)) == 21655
    assert code(create(twilio, ContentSid="HX" + "a" * 32, ContentVariables="{1: Léa}")) == 21656
    create(twilio, ContentSid="HX" + "a" * 32)
    create(twilio, ContentSid="HX" + "b" * 32)
    assert [error for _, error in statuses(twilio) if error] == ["63028", "63027"]


def test_what_only_looks_like_a_request_is_refused(twilio: Business) -> None:
    assert code(create(twilio)) == 21602
    assert code(create(twilio, Body="x" * 1601)) == 21617
    assert code(create(twilio, To="+33639980001", Body="x")) == 21910
    assert code(create(twilio, To="whatsapp:+33600000000", Body="x")) == 63024
    assert code(create(twilio, From="whatsapp:+33100000000", Body="x")) == 63007
    assert code(create(twilio, Body="x", Surprise="1")) == 63030
    assert twilio.api.get(f"/2010-04-01/Accounts/{twilio.number.account}.json", auth=("AC0", "no")).status_code == 401


def test_media_are_fetched_from_us_and_by_us(twilio: Business) -> None:
    twilio.hears()
    twilio.listener.files["/photo.png"] = ("image/png", b"\x89PNG ours")
    create(twilio, Body="La nôtre", MediaUrl=f"{twilio.listener.url}/photo.png")
    create(twilio, Body="Perdue", MediaUrl=f"{twilio.listener.url}/nulle-part.png")
    said = twilio.emulator.received(twilio.number)[0]

    assert said.file is not None and said.file.content == b"\x89PNG ours"
    assert [error for _, error in statuses(twilio) if error] == ["63019"]

    twilio.emulator.act(lambda acting: acting.send_file(twilio.number, twilio.lea, b"OggS", "audio/ogg", is_voice=True))
    url = fields(twilio)[-1]["MediaUrl0"]
    redirected = twilio.api.get(url)
    assert redirected.status_code == 307
    assert httpx.get(redirected.headers["location"]).content == b"OggS"
    assert twilio.api.get(redirected.headers["location"]).status_code == 400, "no credentials for the other host"
    assert httpx.get(url).status_code == 401


def test_contents_come_with_their_approvals_page_by_page(twilio: Business) -> None:
    twilio.number.templates += [
        Template(f"HX{number:032x}", f"modele_{number}", "fr", "Bonjour {{1}}") for number in range(7)
    ]
    found: list[dict[str, Any]] = []
    url: str | None = "/v1/ContentAndApprovals?PageSize=3"
    while url:
        page = twilio.api.get(url).json()
        found += page["contents"]
        url = page["meta"]["next_page_url"]

    assert [one["friendly_name"] for one in found] == [f"modele_{number}" for number in range(7)]
    assert {one["approval_requests"]["status"] for one in found} == {"approved"}


def test_there_is_no_second_try_but_a_fallback(twilio: Business) -> None:
    twilio.listener.statuses = [500]
    twilio.hears("Perdu")
    twilio.emulator.advance(days=1)
    assert len(twilio.listener.heard) == 1

    twilio.number.fallback_url = f"{twilio.listener.url}/secours"
    twilio.listener.statuses = [500]
    twilio.hears("Sauvé")
    assert [heard.path for heard in twilio.listener.heard] == ["/twilio", "/twilio", "/secours"]
    page = twilio.api.get(f"/2010-04-01/Accounts/{twilio.number.account}/Messages.json").json()
    assert [message["body"] for message in page["messages"]] == ["Sauvé", "Perdu"], "what was lost can be listed"


def test_too_many_at_once(twilio: Business) -> None:
    twilio.emulator.faults.broken = [Broken("busy", "send")]
    assert create(twilio, Body="x").status_code == 429
