"""Providers promise no order: a receipt, a reaction or an edit may come before the message that it is about. It waits here."""

import hashlib
from datetime import timedelta
from typing import Any

import msgspec

from comptoir.foundation.services import Services
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction

KEPT = timedelta(days=30)
RECEIPT, REMARK, QUOTE = "receipt", "remark", "quote"


def keep(tx: Transaction, channel_id: int, target: str, kind: str, body: Any) -> None:
    """Until the message `target` is here. Twice is once."""
    packed = msgspec.json.encode(body)
    tx.execute(
        "INSERT INTO early_signs (channel_id, target, key, kind, body, created_at)"
        " VALUES (:channel, :target, :key, :kind, :body, :now) ON CONFLICT (channel_id, key) DO NOTHING",
        channel=channel_id,
        target=target[:200],
        key=hashlib.sha256(target.encode() + b"\n" + packed).hexdigest(),
        kind=kind,
        body=packed.decode(),
        now=to_ms(tx.now),
    )


def take(tx: Transaction, channel_id: int, target: str) -> list[tuple[str, str]]:
    """All that waited for this message, (kind, packed body) in the order it came; it waits no more."""
    rows = tx.rows(
        "SELECT id, kind, body FROM early_signs WHERE channel_id = :channel AND target = :target ORDER BY id",
        channel=channel_id,
        target=target[:200],
    )
    if rows:
        tx.execute(f"DELETE FROM early_signs WHERE id IN ({', '.join(str(int(id)) for id, _, _ in rows)})")
    return [(kind, body) for _, kind, body in rows]


async def expire(services: Services) -> None:
    """Scheduled: what has waited for a month is about a message that never comes."""
    await services.database.write(
        lambda tx: tx.execute("DELETE FROM early_signs WHERE created_at < :before", before=to_ms(tx.now - KEPT))
    )


def one_at_a_time(tx: Transaction, *names: str) -> None:
    """On PostgreSQL, whatever else concerns these people or messages waits for this transaction: two photos of an album must
    not open two conversations, nor a receipt pass by its message. SQLite has one writer anyway."""
    if not tx.is_sqlite:
        tx.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(CAST(:names AS text[])) AS name",
            names=sorted({*names}),
        )


def name_of(channel_id: int, external_id: str) -> str:
    """A message, among all that can be waited for."""
    return f"message {channel_id} {external_id}"
