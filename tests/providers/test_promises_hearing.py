"""What every provider of numbers promises of what it hears: signatures over the raw bytes, and nothing that it cannot take."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.channels.chat import ChatMessage, NotUnderstood
from comptoir.channels.port import Connection
from comptoir.customers import phones
from comptoir.providers import NUMBERS
from tests.gateway.switchboard import envelope, message, status

VECTORS = Path(__file__).parents[3] / "shared" / "corpus" / "whatsapp" / "signature_vectors.json"
TWILIO = VECTORS.parents[1] / "twilio"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NOBODY = Connection(1, "+15550783881", "WhatsApp", {"account_sid": "AC1"}, {})

each_number = pytest.mark.parametrize("name", list(NUMBERS))


@each_number
def test_promises_to_believe_nobody_without_a_secret(name: str) -> None:
    empty = {"x-hub-signature-256": "sha256=", "x-twilio-signature": ""}
    for headers in ({}, empty):
        assert not NUMBERS[name].authentic(NOBODY, url="https://a.example/", headers=headers, body=b"{}")


@each_number
@pytest.mark.parametrize(
    "raw", [b"", b"\0", b"\xff" * 1000, b"{", b"[" * 100_000, b"null", b"[]", b'"x"', b'{"entry":{}}', b"%%%&=&==&"]
)
def test_promises_that_no_bytes_break_hearing(name: str, raw: bytes) -> None:
    assert all(isinstance(one, NotUnderstood) for one in NUMBERS[name].happenings(NOBODY, raw, NOW))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\ud800") | st.just("\x00"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_promises_that_junk_anywhere_is_borne_and_its_neighbour_lands(data: st.DataObject) -> None:
    """One place of a message is junk; the message after it is heard as ever."""
    kinds = ("text", "image", "location", "contacts", "reaction", "interactive", "order", "system", "edit", "hologram")
    kind = data.draw(st.sampled_from(kinds))
    odd: dict[str, Any] = message("wamid.odd", at=1_790_000_000, type=kind)
    odd[data.draw(st.sampled_from([kind, "id", "from", "timestamp", "context", "referral", "errors", "group_id"]))] = (
        data.draw(JUNK)
    )
    call = envelope(
        odd, message("wamid.good", "Bonjour", at=1_790_000_000), statuses=[status("out", "sent", at=1), odd]
    )
    call["entry"][0]["changes"][0]["value"]["contacts"].append(data.draw(JUNK))
    heard = NUMBERS["meta"].happenings(NOBODY, json.dumps(call).encode(), NOW)
    assert [one.text for one in heard if isinstance(one, ChatMessage) and one.external_id == "wamid.good"] == [
        "Bonjour"
    ]
    assert msgspec.json.decode(msgspec.json.encode(heard))


def test_promises_the_signatures_of_the_vectors() -> None:
    if not VECTORS.exists():
        pytest.skip("the corpus is not here: ../shared/corpus/whatsapp/signature_vectors.json")
    checked = 0
    for vector in json.loads(VECTORS.read_text()):
        if "body_file" in vector and not (TWILIO / vector["body_file"]).exists():
            continue
        assert _is_authentic(vector) is vector["valid"], vector
        checked += 1
    assert checked >= 10


def _is_authentic(vector: dict[str, Any]) -> bool:
    if vector["provider"] == "meta":
        connection = msgspec.structs.replace(NOBODY, secrets={"app_secret": vector["app_secret"]})
        headers = {vector["header"].lower(): vector["value"]}
        return NUMBERS["meta"].authentic(connection, url="", headers=headers, body=vector["body_utf8"].encode())
    body = _body(vector)
    account = dict(parse_qsl(body.decode())).get("AccountSid")
    key = vector.get("auth_token", "12345")
    connection = Connection(
        1, "", "", {"account_sid": account}, {"auth_token": key, "shared_key": vector.get("shared_key", key)}
    )
    headers = {"x-twilio-signature": vector["value"]}
    if vector.get("settings_header"):
        headers["x-twilio-webhooks-signature-settings"] = vector["settings_header"]
    return NUMBERS["twilio"].authentic(connection, url=vector["url"], headers=headers, body=body)


def _body(vector: dict[str, Any]) -> bytes:
    if "body" in vector:
        return str(vector["body"]).encode()
    if "body_file" in vector:
        return (TWILIO / vector["body_file"]).read_bytes()
    pairs = vector.get("params_pairs") or list(vector["params"].items())
    return urlencode([tuple(pair) for pair in pairs]).encode()


@pytest.mark.parametrize(
    "one, other",
    [
        ("+55 41 8888-7777", "5541988887777"),
        ("5215512345678", "+52 55 1234 5678"),
        ("5491123456789", "+54 11 15 2345-6789"),
        ("0033612345678", "+33 6 12 34 56 78"),
    ],
)
def test_two_ways_to_write_a_number_are_one_number(one: str, other: str) -> None:
    assert phones.normalise(one) == phones.normalise(other)
