"""Keep what providers call with, many at a time: whatever came while the last commit was on its way to the disk goes into the
next one. Each caller is answered after the commit that holds its body; sixty-four at once cost little more than one.

Answering comes before understanding: while calls are being answered, whoever understands them waits for a lull, but not long.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from msgspec import Struct

from comptoir.foundation.database import Database
from comptoir.foundation.services import Services
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.gateway.keeping import INLINE
from comptoir.gateway.ledger import HEAR, KEPT, lane_of

MOST_AT_ONCE = 256
LULL_WITHIN = 0.25  # seconds that understanding waits at the most, before each thing that it hears
LOOK_EVERY = 0.01
HISTORY = b'"history"'  # an imported past is read beside the present, not before it


class Call(Struct, frozen=True):
    """`key` is its digest: the same body called twice is kept once."""

    channel_id: int
    body: bytes
    key: str
    file_key: str | None


class Traffic:
    """How many calls of this process are not answered yet."""

    def __init__(self) -> None:
        self.unanswered = 0

    async def lull(self) -> None:
        for _ in range(int(LULL_WITHIN / LOOK_EVERY)):
            if self.unanswered == 0:
                return
            await asyncio.sleep(LOOK_EVERY)


_traffic: "WeakKeyDictionary[Database, Traffic]" = WeakKeyDictionary()


def traffic(database: Database) -> Traffic:
    """What answers and what understands share a process when they share its database."""
    return _traffic.setdefault(database, Traffic())


class Catcher:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._traffic = traffic(services.database)
        self._waiting: list[tuple[Call, asyncio.Future[None]]] = []
        self._refused: Counter[int] = Counter()
        self._writer: asyncio.Task[None] | None = None

    async def keep(self, channel_id: int, body: bytes) -> None:
        """Returns when it is on the disk."""
        key = f"webhook:{hashlib.sha256(body).hexdigest()}"
        file_key = await asyncio.to_thread(self._services.files.put, body) if len(body) > INLINE else None
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((Call(channel_id, body, key, file_key), done))
        self._write_soon()
        self._traffic.unanswered += 1
        try:
            await done
        finally:
            self._traffic.unanswered -= 1

    def refuse(self, channel_id: int) -> None:
        """Nobody waits for a count."""
        self._refused[channel_id] += 1
        self._write_soon()

    def _write_soon(self) -> None:
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while self._waiting or self._refused:
            group, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            refused, self._refused = self._refused, Counter()
            try:
                await self._services.database.write(
                    partial(keep_all, calls=[call for call, _ in group], refused=refused)
                )
            except Exception as error:
                for _, done in group:
                    if not done.done():
                        done.set_exception(error)
            else:
                for _, done in group:
                    if not done.done():
                        done.set_result(None)


def keep_all(tx: Transaction, *, calls: Sequence[Call], refused: Counter[int]) -> None:
    """Their ledger rows, the jobs that will read them, and what the check list of their numbers shows."""
    keep_calls(tx, calls)
    for channel_id in {call.channel_id for call in calls}:
        tx.execute("UPDATE channels SET last_webhook_at = :now WHERE id = :id", now=to_ms(tx.now), id=channel_id)
    for channel_id, count in refused.items():
        tx.execute(
            "UPDATE channels SET refused_webhooks = refused_webhooks + :count WHERE id = :id",
            count=count,
            id=channel_id,
        )


def keep_calls(tx: Transaction, calls: Sequence[Call]) -> None:
    """One job for all that one channel is told at once."""
    if not calls:
        return
    rows = tx.insert_all(
        "ledger", [_row(tx, call) for call in calls], unless="channel_id, key", returning="id, channel_id, key"
    )
    new = {(channel_id, key): id for id, channel_id, key in rows}
    lanes: dict[tuple[int, bool], list[int]] = {}
    for call in calls:
        ledger_id = new.pop((call.channel_id, call.key), None)  # none where it was kept before
        if ledger_id is not None:
            lanes.setdefault((call.channel_id, HISTORY in call.body), []).append(ledger_id)
    for (channel_id, is_history), ledger_ids in lanes.items():
        lane = lane_of(channel_id) + (":history" if is_history else "")
        tx.enqueue(HEAR, {"ledger_ids": ledger_ids}, lane=lane)


def _row(tx: Transaction, call: Call) -> dict[str, Any]:
    return {
        "channel_id": call.channel_id,
        "key": call.key,
        "received_at": to_ms(tx.now),
        "kept_at": to_ms(tx.now),
        "size": len(call.body),
        "body": None if call.file_key else call.body,
        "file_key": call.file_key,
        "state": KEPT,
    }
