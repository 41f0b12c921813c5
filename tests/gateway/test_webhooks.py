"""Providers call us: what is signed is kept before it is answered and shown right after; what is not leaves only a count."""

import time
from collections.abc import Callable
from typing import TypeVar

import httpx
import pytest

from comptoir.channels.models import Channel
from comptoir.foundation.services import Services
from comptoir.gateway import reading
from tests.gateway import switchboard
from tests.gateway.switchboard import call_meta, call_twilio, envelope, message
from tests.house import Served

T = TypeVar("T")


def soon(look: Callable[[], T], seconds: float = 20) -> T:
    """What is true soon after: the answer leaves before the work is done."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)
    return found


def rows(services: Services, sql: str) -> list[tuple[object, ...]]:
    return services.database.read_now(lambda tx: tx.rows(sql))


@pytest.fixture
def number(served: Served) -> Channel:
    return switchboard.connect(served.services)


@pytest.fixture
def meta(served: Served) -> httpx.Client:
    return httpx.Client(base_url=served.url, timeout=20)


def test_a_customer_writes_and_the_conversation_is_there(served: Served, number: Channel, meta: httpx.Client) -> None:
    now = int(time.time())
    answer = call_meta(meta, number, envelope(message("wamid.1", "Bonjour, une 0 986 494 123 ?", at=now)))
    assert answer.status_code == 200
    assert rows(served.services, "SELECT count(*) FROM ledger") == [(1,)]
    found = soon(lambda: rows(served.services, "SELECT text, kind, external_id FROM messages"))
    assert found == [("Bonjour, une 0 986 494 123 ?", "incoming", "wamid.1")]
    ((preview, status, window, waiting, name, address),) = rows(
        served.services,
        "SELECT c.preview, c.status, c.window_until, c.waiting_since, p.name, p.address FROM conversations c"
        " JOIN contacts p ON p.id = c.contact_id",
    )
    assert (preview, status, name, address) == ("Bonjour, une 0 986 494 123 ?", "open", "Ana Prueba", "+34600000001")
    assert window == now * 1000 + 24 * 3600 * 1000 - 60_000
    assert waiting == now * 1000


def test_the_same_call_twice_is_one_message(served: Served, number: Channel, meta: httpx.Client) -> None:
    call = envelope(message("wamid.1", "Bonjour", at=int(time.time())))
    assert [call_meta(meta, number, call).status_code for _ in range(3)] == [200, 200, 200]
    soon(lambda: rows(served.services, "SELECT 1 FROM ledger WHERE state = 'read'"))
    assert rows(served.services, "SELECT count(*) FROM messages") == [(1,)]
    assert rows(served.services, "SELECT count(*) FROM ledger") == [(1,)]


def test_an_album_of_ten_photos_opens_one_conversation(served: Served, number: Channel, meta: httpx.Client) -> None:
    now = int(time.time())
    photo = {"type": "image", "image": {"id": "1", "mime_type": "image/jpeg", "sha256": ""}}
    for place in range(10):
        call_meta(meta, number, envelope(message(f"wamid.{place}", at=now + place, **photo)))
    soon(lambda: rows(served.services, "SELECT count(*) FROM messages") == [(10,)])
    assert rows(served.services, "SELECT count(*), max(preview_what) FROM conversations") == [(1, "image")]
    assert rows(served.services, "SELECT count(*) FROM attachments WHERE fetching = 'waiting'") == [(10,)]


@pytest.mark.parametrize("secret", ["another-secret", ""])
def test_a_wrong_signature_leaves_nothing_but_a_count(
    served: Served, number: Channel, meta: httpx.Client, secret: str
) -> None:
    call = envelope(message("wamid.1", "Bonjour", at=1))
    assert call_meta(meta, number, call, secret=secret).status_code == 403
    unsigned = meta.post(switchboard.path_of(number), json=call)
    assert unsigned.status_code == 401
    soon(lambda: rows(served.services, "SELECT refused_webhooks FROM channels") == [(2,)])
    assert rows(served.services, "SELECT count(*) FROM ledger") == [(0,)]


def test_an_unknown_address_and_a_body_too_large(served: Served, number: Channel, meta: httpx.Client) -> None:
    assert meta.post("/api/webhooks/meta/nobody", json={}).status_code == 404
    assert meta.post("/api/webhooks/twilio/key-meta-106540352242922", json={}).status_code == 404
    assert call_meta(meta, number, b" " * (3 * 2**20 + 1)).status_code == 413


def test_meta_asks_whether_the_address_is_ours(served: Served, number: Channel, meta: httpx.Client) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": switchboard.VERIFY_TOKEN}
    answer = meta.get(switchboard.path_of(number), params=asked)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    assert meta.get(switchboard.path_of(number), params=asked | {"hub.verify_token": "x"}).status_code == 403


@pytest.mark.parametrize("is_sha256", [False, True])
def test_twilio_is_answered_with_nothing_to_say(served: Served, is_sha256: bool) -> None:
    number = switchboard.connect(served.services, "twilio")
    form = {"MessageSid": "SM1", "From": "whatsapp:+34600000001", "To": "whatsapp:+15550783881", "Body": "Olá 👋"}
    form |= {"AccountSid": switchboard.ACCOUNT, "ProfileName": "Ana", "NumMedia": "0"}
    with httpx.Client(base_url=served.url) as twilio:
        answer = call_twilio(twilio, number, form, base_url=served.url, is_sha256=is_sha256)
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/xml")
        assert answer.text.endswith("<Response/>")
        other = call_twilio(twilio, number, form | {"AccountSid": "AC2"}, base_url=served.url, is_sha256=is_sha256)
        assert other.status_code == 403
    assert soon(lambda: rows(served.services, "SELECT text FROM messages")) == [("Olá 👋",)]


def test_one_bad_item_loses_no_other(served: Served, number: Channel, meta: httpx.Client) -> None:
    now = int(time.time())
    call = envelope(message("wamid.1", "un", at=now), message("wamid.3", "trois", at=now))
    call["entry"][0]["changes"][0]["value"]["messages"].insert(1, "nonsense")
    assert call_meta(meta, number, call).status_code == 200
    ((error,),) = soon(lambda: rows(served.services, "SELECT error FROM ledger WHERE state = 'unreadable'"))
    assert error == "not an object"
    assert rows(served.services, "SELECT text FROM messages ORDER BY text") == [("trois",), ("un",)]


def test_replay_retries_what_failed_and_doubles_nothing(served: Served, number: Channel, meta: httpx.Client) -> None:
    """A number that is not connected yet: its messages are kept, and land when it is."""
    now = int(time.time())
    call = envelope(message("wamid.1", "ici", at=now))
    call["entry"] += envelope(message("wamid.2", "ailleurs", at=now), number_id="another")["entry"]
    call_meta(meta, number, call)
    ((error,),) = soon(lambda: rows(served.services, "SELECT error FROM ledger WHERE state = 'unreadable'"))
    assert error == "This number is not connected here: another"
    other = switchboard.connect(served.services, number_id="another", address="+15550000002")
    assert reading.replay(served.services) == 1
    soon(lambda: rows(served.services, "SELECT 1 FROM ledger WHERE state = 'read'"))
    found = rows(served.services, "SELECT channel_id, text FROM messages ORDER BY id")
    assert found == [(number.id, "ici"), (other.id, "ailleurs")]
