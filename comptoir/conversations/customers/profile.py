"""All that was said with a customer, on every channel, as far as this member may see it: what they may not see is neither shown
nor counted.
"""

from collections.abc import Iterable
from datetime import timedelta
from statistics import median

from comptoir.conversations.customers.schemas import Figures
from comptoir.conversations.lists import BadCursor
from comptoir.conversations.models import Status
from comptoir.conversations.rows import READ_COLUMNS, READ_JOINS, readings_in, to_rows
from comptoir.conversations.schemas import ConversationPage
from comptoir.foundation.tables import from_ms, to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import visible

COUNTED = timedelta(days=365)
MOST_COUNTED = 2_000  # of the newest conversations
SHOWN = f"c.status NOT IN ('{Status.SPAM}', '{Status.MERGED}')"  # as in every list


def page(tx: Transaction, customer_id: int, *, cursor: str | None, limit: int = 25) -> ConversationPage:
    """Their conversations, the newest first, below `cursor` (or the first ones): one walk of one index. What varies little stands
    in the text, so that PostgreSQL plans it once and not at each page."""
    seq = tx.log_position()
    last_at, id = _place(cursor) if cursor else (2**62, 0)
    found = tx.rows(
        f"SELECT {READ_COLUMNS} FROM (SELECT c.id, c.last_at FROM conversations c WHERE c.customer_id = :customer"
        f" AND (c.last_at, c.id) < (:last_at, :id) AND {visible(tx.actor)} AND {SHOWN}"
        f" ORDER BY c.last_at DESC, c.id DESC LIMIT {limit + 1}"
        f") k JOIN conversations c ON c.id = k.id {READ_JOINS} ORDER BY k.last_at DESC, k.id DESC",
        me=tx.actor.id,
        customer=customer_id,
        last_at=last_at,
        id=id,
    )
    rows = to_rows(tx, found[:limit])
    return ConversationPage(
        rows=rows,
        readings=readings_in(found[:limit]),
        next=f"{found[limit - 1][13]}.{found[limit - 1][0]}" if len(found) > limit else None,
        seq=seq,
    )


def figures(tx: Transaction, customer_id: int) -> Figures:
    since = to_ms(tx.now - COUNTED)
    newest = (
        f"SELECT c.id, c.status, c.last_at FROM conversations c WHERE c.customer_id = :customer AND c.last_at >= :since"
        f" AND {visible(tx.actor)} AND {SHOWN} ORDER BY c.last_at DESC, c.id DESC LIMIT {MOST_COUNTED}"
    )
    total, is_open, last_at = tx.row(
        f"SELECT count(*), coalesce(sum(CASE WHEN n.status <> '{Status.RESOLVED}' THEN 1 ELSE 0 END), 0), max(n.last_at)"
        f" FROM ({newest}) n",
        customer=customer_id,
        since=since,
    ) or (0, 0, None)
    said = tx.rows(
        f"SELECT m.conversation_id, m.kind, m.at, m.is_automatic FROM ({newest}) n"
        " JOIN messages m ON m.conversation_id = n.id"
        " WHERE m.at >= :since AND m.kind IN ('incoming', 'reply') ORDER BY m.conversation_id, m.at, m.id",
        customer=customer_id,
        since=since,
    )
    waits = list(_waits(said))
    return Figures(
        conversations=int(total),
        open=int(is_open),
        received=sum(kind == "incoming" for _, kind, _, _ in said),
        sent=sum(kind == "reply" for _, kind, _, _ in said),
        first_response=round(median(waits) / 1000) if waits else None,
        last_at=None if last_at is None else from_ms(last_at),
    )


def _waits(said: Iterable[tuple[int, str, int, bool]]) -> Iterable[int]:
    """Milliseconds from each oldest unanswered word of the customer to the answer; an automatic one answers nothing."""
    conversation, asked_at = 0, None
    for conversation_id, kind, at, is_automatic in said:
        if conversation_id != conversation:
            conversation, asked_at = conversation_id, None
        if kind == "incoming" and not is_automatic:
            asked_at = at if asked_at is None else asked_at
        elif kind == "reply" and not is_automatic and asked_at is not None:
            yield at - asked_at
            asked_at = None


def _place(cursor: str) -> tuple[int, int]:
    last_at, _, id = cursor.partition(".")
    if not (cursor.isascii() and last_at.isdigit() and id.isdigit() and len(cursor) < 40):
        raise BadCursor
    return int(last_at), int(id)
