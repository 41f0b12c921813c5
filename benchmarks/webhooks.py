"""webhook: sixty-four senders at once, each call signed, answered when it is on the disk. webhook-visible: what a message costs
from its call to its place in the thread, in the list and in the full-text index.

The messages are those of a busy morning: most from people who wrote before, each person's one after the other.
"""

import asyncio
import json
import time
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.asking import ask
from benchmarks.figures import figure, percentile, progress
from benchmarks.server import Server
from benchmarks.world import MEMBERS, NOW
from comptoir.foundation import secrets
from comptoir.providers.meta import signature

SENDERS = 64
MESSAGES = 6_400
WARM = 640  # before the clock runs
PEOPLE = 400
ATLEAST = 800  # messages a second
P95_MS = 150
APP_SECRET, KEY, NUMBER = "bench-app-secret", "bench-key", "106540352242922"
WORDS = (
    "Bonjour, avez-vous le disque de frein 0 986 494 123 en stock pour demain matin ? Merci d'avance, référence {n}."
)


class Sender(asyncio.Protocol):
    """One connection: the next call when the last one is answered. `walls`: milliseconds of each."""

    def __init__(self, requests: list[bytes], walls: list[float], done: "asyncio.Future[None]") -> None:
        self._requests = iter(requests)
        self._walls = walls
        self._done = done
        self._sent_at = 0.0
        self._transport: Any = None
        self._left = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._left += data
        if b"\r\n\r\n" not in self._left:
            return
        if not self._left.startswith(b"HTTP/1.1 200"):
            self._done.set_exception(RuntimeError(self._left[:300].decode("latin-1")))
            return
        self._left = b""
        self._walls.append((time.perf_counter() - self._sent_at) * 1000)
        self._next()

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            self._done.set_result(None)
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)


def run(server: Server) -> list[dict[str, Any]]:
    _connect(server)
    asyncio.run(_send(server, 0, WARM))
    _rest(server, WARM)
    _calm(server)
    before, start = server.cpu_seconds(), time.perf_counter()
    walls = asyncio.run(_send(server, WARM, MESSAGES))
    seconds = time.perf_counter() - start
    kept_ms = (server.cpu_seconds() - before) * 1000 / MESSAGES
    _rest(server, WARM + MESSAGES)
    visible = time.perf_counter() - start
    cpu_ms = (server.cpu_seconds() - before) * 1000 / MESSAGES
    progress(
        f"webhook {server.store.name}: kept in {seconds:.1f} s, visible after {visible:.1f} s; {kept_ms:.2f} ms CPU until then"
    )
    rate, p95 = MESSAGES / seconds, percentile(walls, 0.95)
    is_kept = {"senders": SENDERS, "ok_too": p95 <= P95_MS, "at_least": True}
    return [
        figure(server.store, "webhook", rate, "messages/s", walls, **is_kept),
        figure(server.store, "webhook-visible", cpu_ms, "cpu_ms", walls, visible_s=round(visible, 2)),
    ]


async def _send(server: Server, first: int, count: int) -> list[float]:
    loop = asyncio.get_running_loop()
    walls: list[float] = []
    requests = [_request(number) for number in range(first, first + count)]
    done = [loop.create_future() for _ in range(SENDERS)]
    for place in range(SENDERS):
        sender = partial(Sender, requests[place::SENDERS], walls, done[place])
        await loop.create_connection(sender, "127.0.0.1", server.port)
    await asyncio.gather(*done)
    return walls


def _request(number: int) -> bytes:
    """Signed before the clock runs."""
    phone = f"336{number % PEOPLE:08}"
    message = {"id": f"wamid.{number}", "from": phone, "timestamp": str(NOW // 1000 + number), "type": "text"}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": NUMBER},
        "contacts": [{"profile": {"name": f"Client {number % PEOPLE}"}, "wa_id": phone}],
        "messages": [message | {"text": {"body": WORDS.format(n=number)}}],
    }
    call = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }
    body = json.dumps(call, separators=(",", ":")).encode()
    head = (
        f"POST /api/webhooks/meta/{KEY} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        f"x-hub-signature-256: {signature.sign(APP_SECRET, body)}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _connect(server: Server) -> None:
    """A number of its own, that every member works in."""
    sealed = secrets.load("", Path(server.store.data)).seal(json.dumps({"app_secret": APP_SECRET}))
    settings = json.dumps({"phone_number_id": NUMBER, "waba_id": "1", "webhook_key": KEY})
    channel = (
        "INSERT INTO channels (id, kind, provider, name, address, settings, secrets, health, version, created_at) VALUES"
        f" (900, 'whatsapp', 'meta', 'WhatsApp', '+15550783881', '{settings}', '{sealed}', 'connected', 0, {NOW})"
    )
    members = ", ".join(f"(900, {member})" for member in range(1, MEMBERS + 1))
    statements = (channel, f"INSERT INTO channel_members (channel_id, member_id) VALUES {members}")
    if server.store.cluster is None:
        import sqlite3

        connection = sqlite3.connect(server.store.url.removeprefix("sqlite:///"), timeout=30)
        with connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
    else:
        with psycopg.connect(server.store.url) as other:
            for statement in statements:
                other.execute(statement)  # type: ignore[call-overload]


def _calm(server: Server) -> None:
    """The world was made for a day that is past: whatever it slept until then wakes first, and is not counted here."""
    until = time.monotonic() + 600
    due = f"SELECT count(*) FROM conversations WHERE status = 'snoozed' AND snoozed_until <= {int(time.time() * 1000)}"
    while ask(server.store, due)[0][0]:
        assert time.monotonic() < until, "what was asleep did not wake"
        time.sleep(0.5)


def _rest(server: Server, count: int) -> None:
    """Until all of them are visible and their entries settled."""
    until = time.monotonic() + 600  # on a loaded machine too: what is measured is CPU
    while ask(server.store, "SELECT count(*) FROM ledger WHERE state = 'read'")[0][0] < count:
        assert time.monotonic() < until, "not everything became visible"
        time.sleep(0.5)
    ((found,),) = ask(server.store, "SELECT count(*) FROM messages WHERE channel_id = 900")
    assert found == count, f"{found} messages of {count}"
