"""Calls that are signed and yet make no sense: each is answered, kept, and costs nobody else their message."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import msgspec
import pytest

from comptoir.channels.models import Channel
from comptoir.conversations import thread
from tests.gateway import switchboard
from tests.gateway.switchboard import call_meta, call_twilio, envelope, message, status
from tests.gateway.test_webhooks import rows, soon
from tests.house import Served

NOW = int(time.time())
HUGE = 10**400
WRONG: tuple[Any, ...] = (None, 7, -1.5, True, [], {}, [[]], [{"a": []}], "\x00", "", HUGE)


def deep(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


def with_mate(name: str, *bad: Any, **value: Any) -> dict[str, Any]:
    """Bad items, and after them a good message of somebody else."""
    mate = message(f"mate-{name}", f"mate of {name}", at=NOW, sender="34600000009")
    call = envelope(mate, **value)
    call["entry"][0]["changes"][0]["value"]["messages"][:0] = bad
    return call


def every_field_wrong(name: str) -> dict[str, Any]:
    """A message for each field of each kind, and each wrong thing that may stand there."""
    kinds: dict[str, Any] = {
        "text": {"body": "x"},
        "image": {"id": "1", "mime_type": "image/png", "sha256": "x", "caption": "x"},
        "location": {"latitude": 1, "longitude": 2, "name": "x"},
        "contacts": [{"name": {"formatted_name": "x"}, "phones": [{"phone": "1"}], "emails": [{"email": "x"}]}],
        "interactive": {"type": "button_reply", "button_reply": {"id": "1", "title": "x"}},
        "reaction": {"message_id": "x", "emoji": "x"},
        "edit": {"original_message_id": "x", "message": {"type": "text", "text": {"body": "x"}}},
        "order": {"product_items": [{"product_retailer_id": "1", "quantity": 1, "item_price": 2}]},
        "system": {"type": "user_changed_number", "wa_id": "1", "body": "x"},
    }
    bad: list[Any] = []
    for kind, part in kinds.items():
        for number, wrong in enumerate(WRONG):
            bad.append(message(f"{name}-{kind}-{number}", at=NOW, type=kind, **{kind: wrong}))
            fields = part if isinstance(part, dict) else part[0]
            for field in fields:
                broken = {**fields, field: wrong}
                bad.append(
                    message(
                        f"{name}-{kind}-{field}-{number}",
                        at=NOW,
                        type=kind,
                        **{kind: broken if isinstance(part, dict) else [broken]},
                    )
                )
    for field in ("id", "from", "timestamp", "type", "context", "referral", "errors", "group_id", "from_user_id"):
        for number, wrong in enumerate(WRONG):
            bad.append(message(f"{name}-field-{field}-{number}", "x", at=NOW) | {field: wrong})
    return with_mate(name, *bad)


def raw(name: str, field: bytes) -> bytes:
    """A call with these bytes as one more field of its first message."""
    return (
        json.dumps(with_mate(name, {"id": f"bad-{name}", "from": "34600000008", "at": "@"}))
        .encode()
        .replace(b'"at": "@"', field)
    )


def batch_with_hole(name: str) -> dict[str, Any]:
    around = [message(f"{name}-{n}", f"mot {n}", at=NOW + n) for n in range(6)]
    return with_mate(name, *around[:3], "nonsense", ["nonsense"], 7, *around[3:])


META: dict[str, Callable[[str], Any]] = {
    "wrong_types": every_field_wrong,
    "hole_in_batch": batch_with_hole,
    "no_ids": lambda name: with_mate(name, {}, {"type": "text"}, {"text": {"body": "x"}}, {"type": "reaction"}),
    "timestamps": lambda name: with_mate(
        name,
        *(
            message(f"{name}-{n}", "quand ?", at=NOW) | {"timestamp": at}
            for n, at in enumerate((HUGE, -HUGE, "1e999", 1e308, "9" * 5000, "NaN", 253402300800, "-5", [NOW]))
        ),
    ),
    "nul": lambda name: with_mate(name, message("nul\x00nul", "a\x00b", at=NOW), message("\x00", "\x00", at=NOW)),
    "megabyte": lambda name: with_mate(name, message("megabyte", "mot " * 2**18, at=NOW)),
    "half_characters": lambda name: (
        json.dumps(with_mate(name, message("half", "@", at=NOW))).replace('"@"', '"\\ud83d"').encode()
    ),
    "not_utf8": lambda name: json.dumps(with_mate(name, message("latin", "@", at=NOW))).encode().replace(b"@", b"\xe9"),
    "long_number": lambda name: raw(name, b'"at": ' + b"9" * 6000),
    "infinite": lambda name: raw(name, b'"at": 1e99999, "timestamp": NaN'),
    "twice_the_key": lambda name: raw(name, b'"type": "image", "type": "text", "text": 1, "text": {"body": "deux"}'),
    "unknown_type": lambda name: with_mate(name, message("hologram", at=NOW, type="hologram", hologram={"x": [1]})),
    "unknown_field": lambda name: with_mate(name, message("more", "ok", at=NOW, zebra={"é": [None]}), zebra=[1]),
    "contacts_object": lambda name: with_mate(name, contacts={"wa_id": "1"}),  # type: ignore[arg-type]
    "metadata_list": lambda name: with_mate(name, metadata=[["x"]]),
    "unknown_ids": lambda name: with_mate(
        name,
        statuses=[
            status("nobody", "read", at=NOW),
            status("", "sent", at=NOW),
            {"status": {}},
            7,
            status("x", "eaten", at=0),
        ],
    ),
    "statuses_object": lambda name: with_mate(name, statuses={"id": "x"}, errors="x", groups=[[]], calls=[None, 7, {}]),
    "long_names": lambda name: with_mate(
        name,
        message("long" * 1000, "x", at=NOW, sender="3" * 5000),
        contacts=[
            {"profile": {"name": "n" * 5000, "username": "u" * 5000}, "wa_id": "3" * 5000, "user_id": "FR." + "x" * 900}
        ],
    ),
    "entries": lambda name: {
        "object": "whatsapp_business_account",
        "entry": [None, 7, [], {}, {"changes": {}}, {"changes": [None, {"value": []}]}, *with_mate(name)["entry"]],
    },
    "deep_inside": lambda name: raw(name, b'"type": "interactive", "interactive": ' + deep(480)),
    "deeper_inside": lambda name: raw(name, b'"interactive": ' + deep(700) + b', "timestamp": [1]'),
}
UNREADABLE: dict[str, bytes] = {
    "no_json": b"\xff\xfe\x00",
    "truncated": b'{"entry":[{"changes":[',
    "too_deep": deep(100_000),
    "brackets": b"[" * 200_000,
    "empty": b"",
}
ABOUT_NOTHING: dict[str, bytes] = {"null": b"null", "list": b"[1,2]", "word": b'"x"', "object": b'{"entry":7}'}


@pytest.fixture
def number(served: Served) -> Channel:
    return switchboard.connect(served.services)


def test_what_makes_no_sense_costs_nobody_their_message(served: Served, number: Channel) -> None:
    bodies = {name: make(name) for name, make in META.items()} | UNREADABLE | ABOUT_NOTHING
    with httpx.Client(base_url=served.url, timeout=60) as meta:
        answers = {name: call_meta(meta, number, body).status_code for name, body in bodies.items()}
        assert call_meta(meta, number, envelope(message("last", "le dernier", at=NOW))).status_code == 200
    assert set(answers.values()) == {200}, answers
    assert rows(served.services, "SELECT count(*) FROM ledger") == [(len(bodies) + 1,)]
    soon(lambda: rows(served.services, "SELECT count(*) FROM ledger WHERE state = 'kept'") == [(0,)], 90)
    texts = {text for (text,) in rows(served.services, "SELECT text FROM messages")}
    assert {f"mate of {name}" for name in META} - texts == set()
    assert {"le dernier", *(f"mot {n}" for n in range(6)), "ab", "deux", "ok", "mot " * 2**18} - texts == set()
    unreadable = {
        bytes(body)
        for (body,) in rows(served.services, "SELECT body FROM ledger WHERE state = 'unreadable' AND body IS NOT NULL")
    }
    assert {name for name, body in UNREADABLE.items() if len(body) < 60_000 and body not in unreadable} == set()
    ((shown,),) = rows(served.services, "SELECT content FROM messages WHERE external_id = 'hologram'")
    assert json.loads(str(shown)) == {"type": "unsupported", "what": "hologram", "reason": ""}
    assert rows(served.services, "SELECT count(*) FROM messages WHERE created_at < at") == [(0,)]
    ids = rows(served.services, "SELECT id FROM conversations WHERE last_at IS NOT NULL")
    for (id,) in ids:  # each can be shown
        told = served.services.database.read_now(lambda tx, id=id: thread.read(tx, int(str(id))))  # type: ignore[misc]
        assert msgspec.json.encode(told)


def test_forms_that_make_no_sense_cost_nobody_theirs(served: Served) -> None:
    number = switchboard.connect(served.services, "twilio")
    to = "whatsapp:+15550783881"

    def form(sid: str, **more: str) -> dict[str, str]:
        return {"MessageSid": sid, "From": "whatsapp:+34600000001", "To": to, "Body": f"mot de {sid}"} | more

    bodies: dict[str, bytes] = {
        "repeated": urlencode([*form("SM1").items(), ("Body", "encore"), ("Body", "et encore")]).encode(),
        "no_ids": urlencode({"From": "whatsapp:+34600000001", "To": to, "Body": "x"}).encode(),
        "nobody": urlencode({"MessageSid": "SM2", "Body": "x"}).encode(),
        "nul": urlencode(form("SM3", Body="a\x00b")).encode(),
        "megabyte": urlencode(form("SM4", Body="é" * 2**18)).encode(),
        "no_percent": b"MessageSid=SM5&From=whatsapp%3A%2B34600000001&To=" + quote(to).encode() + b"&Body=%ZZ%f",
        "not_utf8": b"MessageSid=SM6&From=whatsapp%3A%2B34600000001&To=" + quote(to).encode() + b"&Body=caf%E9",
        "many_fields": urlencode({f"f{n}": "1" for n in range(1500)} | form("SM7")).encode(),
        "place": urlencode(form("SM8", Latitude="1e999", Longitude="x")).encode(),
        "media": urlencode(
            form("SM9", NumMedia="999", MediaUrl0="javascript:alert(1)", MediaContentType0="\x00/x")
        ).encode(),
        "flow": urlencode(form("SM10", InteractiveData="[" * 5000)).encode(),
        "status": urlencode({"MessageSid": "SMx", "MessageStatus": "eaten", "To": to}).encode(),
        "early": urlencode({"MessageSid": "SMy", "MessageStatus": "read", "ErrorCode": "9" * 400}).encode(),
        "statuses": urlencode([("MessageSid", "SMz"), ("MessageStatus", "sent"), ("MessageStatus", "")]).encode(),
        "names": urlencode(form("SM11", ProfileName="n" * 5000, WaId="x" * 5000, ExternalUserId="u" * 900)).encode(),
        "json": b'{"MessageSid":"SM12"}',
        "nothing": b"&&&=;",
    }
    with httpx.Client(base_url=served.url, timeout=60) as twilio:
        answers = {name: call_twilio(twilio, number, body, base_url=served.url) for name, body in bodies.items()}
        last = call_twilio(twilio, number, form("SMlast"), base_url=served.url)
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 200} == {}
    assert {answer.text.partition("?>")[2] for answer in [*answers.values(), last]} == {"<Response/>"}
    assert rows(served.services, "SELECT count(*) FROM ledger") == [(len(bodies) + 1,)]
    soon(lambda: rows(served.services, "SELECT count(*) FROM ledger WHERE state = 'kept'") == [(0,)], 90)
    texts = dict(rows(served.services, "SELECT external_id, text FROM messages"))
    assert texts["SMlast"] == "mot de SMlast"
    assert (texts["SM1"], texts["SM3"], texts["SM4"]) == ("et encore", "ab", "é" * 2**18)
    assert {"SM5", "SM6", "SM8", "SM9", "SM10", "SM11"} - texts.keys() == set()
    ((error,),) = rows(served.services, "SELECT error FROM ledger WHERE state = 'unreadable'")
    assert "fields" in str(error)
