"""Every payload of the WhatsApp corpus, signed again and posted over HTTP, is answered 200, kept, and yields what its index says.

Each file has numbers, an app and an account of its own, so that no file meets another. What the index says in words is read
here; what disagrees is named.
"""

import csv
import json
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import Struct

from comptoir.channels import queries as channels
from comptoir.channels.models import Channel
from comptoir.foundation.transaction import Transaction
from comptoir.providers.meta import signature
from tests.gateway import switchboard
from tests.house import Served

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "whatsapp"
Json = dict[str, Any]

INBOUND = re.compile(r"inbound (\S+) from=(\S+) ?(.*)", re.DOTALL)
STATUS = re.compile(r"status (\S+)(?: err=(\S+))? for (\S+)")
EVENT = re.compile(r"event (\S+) from=(\S+) (.*)")
USER_AS_PHONE = re.compile(r'"from":\s*"[A-Z]{2}\.')
MEDIA = re.compile(r"id=([^,]*)(?:,caption=(.*?))?(?:,filename=(.*))?", re.DOTALL)


class Case(Struct):
    """A file, the numbers it speaks of, and what became of it."""

    file: str
    yields: list[str]
    body: bytes
    secret: str
    numbers: list[Channel]

    @property
    def ids(self) -> str:
        return ", ".join(str(number.id) for number in self.numbers)


class Found(Struct):
    """What is in the house after it."""

    messages: list[Json]
    kinds: dict[int, set[str]]
    early: list[Json]
    noticed: list[str]
    states: list[str]
    errors: str


def test_every_payload_of_the_corpus_whatsapp_yields_what_its_index_says(served: Served) -> None:
    if not CORPUS.exists():
        pytest.skip("the corpus is not here: ../shared/corpus/whatsapp")
    cases = [_case(served, place, row) for place, row in enumerate(_index())]
    with httpx.Client(base_url=served.url, timeout=30) as meta:
        for case in cases:
            headers = {signature.HEADER: signature.sign(case.secret, case.body)}
            answer = meta.post(switchboard.path_of(case.numbers[0]), content=case.body, headers=headers)
            assert answer.status_code == 200, (case.file, answer.text)
    _rest(served)
    disagreements = [f"{case.file}: {said}" for case in cases for said in _disagreements(served, case)]
    print(f"corpus whatsapp: {len(cases)} payloads, {len(disagreements)} disagreements")
    assert not disagreements, "\n".join(disagreements)


def _index() -> list[Mapping[str, str]]:
    with (CORPUS / "index.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _case(served: Served, place: int, row: Mapping[str, str]) -> Case:
    body = (CORPUS / row["file"]).read_bytes()
    ids = dict.fromkeys(re.findall(r'"phone_number_id":\s*"([^"]+)"', body.decode())) or {"none": None}
    secret = f"app-secret-{place}"
    numbers = [_connect(served, place, n, number_id, secret) for n, number_id in enumerate(ids)]
    return Case(row["file"], row["yields"].split("; "), body, secret, numbers)


def _connect(served: Served, place: int, n: int, number_id: str, secret: str) -> Channel:
    def work(tx: Transaction) -> Channel:
        channel = Channel(
            kind="whatsapp",
            provider="meta",
            name=f"{place}",
            address=f"+999{place:06}{n}",
            settings={"phone_number_id": number_id, "waba_id": f"account-{place}", "webhook_key": f"key-{place}-{n}"},
            secrets=channels.sealed({"app_secret": secret}, served.services.secrets),
            health="connected",
            version=0,
            created_at=tx.now,
        )
        tx.add(channel)
        return channel

    return served.services.database.write_now(work)


def _rest(served: Served) -> None:
    """Until nothing is kept and not yet read."""
    until = time.monotonic() + 60
    kept = "SELECT count(*) FROM ledger WHERE state = 'kept'"
    while served.services.database.read_now(lambda tx: tx.value(kept)):
        assert time.monotonic() < until, "not everything was heard"
        time.sleep(0.05)


# -- what is found


def _found(served: Served, case: Case) -> Found:
    def work(tx: Transaction) -> Found:
        rows = tx.rows(
            "SELECT id, kind, text, content, via, contact_id, is_imported, external_id FROM messages"
            f" WHERE channel_id IN ({case.ids}) ORDER BY id"
        )
        keys = ("id", "kind", "text", "content", "via", "contact", "is_imported", "external_id")
        messages = [dict(zip(keys, row, strict=True)) for row in rows]
        for message in messages:
            message["content"] = json.loads(message["content"] or "{}")
            message["files"] = [
                (json.loads(remote)["id"], name)
                for remote, name in tx.rows(
                    "SELECT remote, name FROM attachments WHERE message_id = :id ORDER BY id", id=message["id"]
                )
            ]
        kinds: dict[int, set[str]] = {}
        for contact, kind in tx.rows(f"SELECT contact_id, kind FROM identities WHERE scope = '{_scope(case)}'"):
            kinds.setdefault(contact, set()).add(kind)
        early = tx.rows(f"SELECT body FROM early_signs WHERE channel_id IN ({case.ids})")
        noticed = tx.rows(
            f"SELECT data FROM events WHERE channel_id IN ({case.ids}) AND type IN ('channel.noticed', 'channel.failing')"
        )
        troubles = tx.rows(f"SELECT coalesce(trouble_detail, '') FROM channels WHERE id IN ({case.ids})")
        ledger = tx.rows(f"SELECT state, error FROM ledger WHERE channel_id IN ({case.ids})")
        return Found(
            messages,
            kinds,
            [json.loads(body) for (body,) in early],
            [data for (data,) in (*noticed, *troubles)],
            [state for state, _ in ledger],
            " ".join(error or "" for _, error in ledger),
        )

    return served.services.database.read_now(work)


def _scope(case: Case) -> str:
    return channels.account_of(case.numbers[0])


def _disagreements(served: Served, case: Case) -> list[str]:
    found = _found(served, case)
    if found.states != ["read"]:
        return [f"kept as {found.states}: {found.errors}"]
    return [f"{said!r} is not in {found}" for said in _argued(case) if not _agrees(said, found)]


def _argued(case: Case) -> list[str]:
    """What the index says, but for two things where we know better: a user id in the place of a phone is no phone, and two
    messages with one id (placeholders of a documentation) are one message."""
    text = case.body.decode()
    yields = [said.replace("=phone+bsuid", "=bsuid") if USER_AS_PHONE.search(text) else said for said in case.yields]
    messages = [said for said in yields if said.startswith("inbound ")]
    ids = re.findall(r'"id":\s*"(wamid[^"]*)"', text)
    twice = len(ids) - len(set(ids)) if messages else 0
    return [said for said in yields if said not in messages[len(messages) - twice :]]


# -- what the index says


def _agrees(said: str, found: Found) -> bool:
    if match := INBOUND.fullmatch(said):
        return any(_is_inbound(message, found, *match.groups()) for message in found.messages)
    if match := STATUS.fullmatch(said.partition(" to=")[0]):
        return _is_status(found, *match.groups())
    if match := EVENT.fullmatch(said):
        return _is_event(found, *match.groups())
    if said.startswith("field smb_message_echoes"):
        return any(message["via"] == "phone_app" for message in found.messages)
    if said.startswith("outbound echo"):
        return any(message["kind"] == "reply" and (message["text"] or message["files"]) for message in found.messages)
    if said == "nothing ingested":
        return not found.messages and not found.early and not any(found.noticed)
    if match := re.fullmatch(r"field account_update event=(\w+)", said):
        return any(match[1] in noticed for noticed in found.noticed)
    if match := re.fullmatch(r"value.errors (\d+)", said):
        return bool(found.messages) or match[1] == "12455" or any(f'"{match[1]}: ' in n for n in found.noticed)
    if said.startswith("field history"):
        return all(message["is_imported"] for message in found.messages)
    return said.startswith(("field ", "ack 200", "history chunks", "calls "))


def _is_inbound(message: Json, found: Found, kind: str, sender: str, rest: str) -> bool:
    if message["kind"] != "incoming":
        return False
    known = found.kinds.get(message["contact"], set())
    if sender != "none" and not set(sender.split("+")) <= known:
        return False
    content = message["content"]
    base = kind.partition("/")[0]
    looks: dict[str, Callable[[], bool]] = {
        "text": lambda: message["text"].startswith(rest.strip('"')),
        "button": lambda: content.get("id") == rest.removeprefix("payload="),
        "location": lambda: str(content["latitude"]) == rest.removeprefix("latitude="),
        "contacts": lambda: f"{len(content['cards'])} items" == rest,
        "order": lambda: content["type"] == "order" and bool(content["lines"]),
        "interactive": lambda: content["type"] in ("choice", "form", "notice", "unsupported"),
        "unsupported": lambda: content["type"] == "unsupported",
        "hologram": lambda: (content["type"], content["what"]) == ("unsupported", "hologram"),
        "None": lambda: content.get("type") == "location",
    }
    if base in looks:
        try:
            return looks[base]()
        except KeyError:
            return False
    return _has_file(message, rest)


def _has_file(message: Json, rest: str) -> bool:
    match = MEDIA.fullmatch(rest)
    if match is None or not message["files"]:
        return False
    id, caption, name = match.groups()
    remote, shown = message["files"][0]
    safe = name is None or not name.isalnum() or shown.startswith(name[:8])
    return remote.startswith(id) and (caption is None or message["text"].startswith(caption)) and safe


def _is_status(found: Found, state: str, code: str | None, external_id: str) -> bool:
    if state == "RINGING":
        return not found.early
    return any(
        sign.get("state") == state
        and sign["external_id"].startswith(external_id)
        and (code is None or state != "failed" or sign["detail"].startswith(f"{code}: "))
        for sign in found.early
    )


def _is_event(found: Found, kind: str, sender: str, rest: str) -> bool:
    if kind.startswith("system/"):
        return any(message["content"].get("type") == "notice" for message in found.messages)
    target = rest.partition("=")[2].partition(",")[0]
    waits = any(sign.get("target_id", "").startswith(target) for sign in found.early)
    return waits or any(message["external_id"].startswith(target) for message in found.messages)
