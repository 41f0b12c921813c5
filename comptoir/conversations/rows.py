"""The line of a conversation, as lists, threads, search results and the stream all show it: one SELECT, one struct."""

from collections.abc import Iterable, Sequence
from typing import Any

from comptoir.conversations.schemas import ConversationRow, Reading
from comptoir.foundation.among import rows_among
from comptoir.foundation.tables import from_ms
from comptoir.foundation.transaction import Transaction
from comptoir.labels.schemas import LabelPill

COLUMNS = (
    "c.id, c.version, c.channel_id, ch.kind, c.contact_id, coalesce(p.name, ''), coalesce(p.address, ''), c.subject,"
    " c.preview, c.preview_kind, c.status, c.snoozed_until, c.assignee_id, c.last_at, c.created_at, c.waiting_since,"
    " c.last_incoming_id, c.failed_count, c.has_files, c.window_until, c.origin_id, c.preview_what,"
    " c.priority, c.team_id,"
    " c.customer_id, coalesce(f.name, ''), c.label_ids"
)
JOINS = (
    "JOIN channels ch ON ch.id = c.channel_id LEFT JOIN contacts p ON p.id = c.contact_id"
    " LEFT JOIN customers f ON f.id = c.customer_id"
)
# The same, and how far `:me` has read.
READ_COLUMNS = f"{COLUMNS}, r.upto"
READ_JOINS = f"{JOINS} LEFT JOIN readings r ON r.conversation_id = c.id AND r.member_id = :me"


def rows_of(tx: Transaction, ids: Sequence[int]) -> list[ConversationRow]:
    """The rows of these conversations, in no particular order. Says nothing of who may see them."""
    asked = f"SELECT {COLUMNS} FROM conversations c {JOINS} WHERE c.id IN ({{values}}) AND c.status <> 'merged'"
    return to_rows(tx, rows_among(tx, asked, ids))


def to_rows(tx: Transaction, found: Sequence[tuple[Any, ...]]) -> list[ConversationRow]:
    """From tuples that begin with COLUMNS, with the labels of all of them in one more query."""
    labels = _labels(tx, {row[26] for row in found})
    return [_row(row, labels[row[26]]) for row in found]


def readings_in(found: Sequence[tuple[Any, ...]]) -> list[Reading]:
    """From tuples that begin with READ_COLUMNS; absent where never."""
    return [Reading(row[0], row[27]) for row in found if row[27] is not None]


def reading_of(tx: Transaction, id: int) -> Reading:
    """How far the acting member has read this one: 0 where never."""
    asked = "SELECT upto FROM readings WHERE member_id = :me AND conversation_id = :id"
    return Reading(id, tx.value(asked, me=tx.actor.id, id=id) or 0)


def _row(row: tuple[Any, ...], labels: list[LabelPill]) -> ConversationRow:
    return ConversationRow(
        id=row[0],
        version=row[1],
        channel_id=row[2],
        channel_kind=row[3],
        contact_id=row[4],
        contact_name=row[5],
        contact_address=row[6],
        subject=row[7],
        preview=row[8],
        preview_kind=row[9],
        status=row[10],
        snoozed_until=None if row[11] is None else from_ms(row[11]),
        assignee_id=row[12],
        labels=labels,
        last_at=from_ms(row[13]),
        created_at=from_ms(row[14]),
        waiting_since=None if row[15] is None else from_ms(row[15]),
        last_incoming_id=row[16],
        has_failed=row[17] > 0,
        has_files=bool(row[18]),
        window_until=None if row[19] is None else from_ms(row[19]),
        origin_id=row[20],
        preview_what=row[21],
        priority=row[22],
        team_id=row[23],
        customer_id=row[24],
        customer_name=row[25],
    )


def _labels(tx: Transaction, written: Iterable[str]) -> dict[str, list[LabelPill]]:
    """The labels, by name, that each of these stands for (labelling.py)."""
    ids = {each: {int(id) for id in each.split(",") if id} for each in written}
    asked = "SELECT id, name, colour FROM labels WHERE id IN ({values}) ORDER BY name"
    pills = [LabelPill(*found) for found in rows_among(tx, asked, sorted(set().union(*ids.values())))]
    return {each: [pill for pill in pills if pill.id in its] for each, its in ids.items()}
