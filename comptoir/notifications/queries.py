"""What a member was told of, as far as they may still see it: asked again each time it is shown or sent."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from comptoir.foundation.tables import from_ms, to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.notifications import choosing
from comptoir.notifications.schemas import Kind, NotificationPage, NotificationView
from comptoir.team.access import visible

PAGE = 30
MOST_UNREAD = 100
RINGS = timedelta(minutes=2)
EXCERPT = 160
# Who sees what it was merged into is asked there: its messages' notifications went along.
IS_HERE = "c.status <> 'merged'"

COLUMNS = (
    "n.id, n.kind, n.conversation_id, m.id, n.actor_id, n.count, n.at, n.read_at, coalesce(nullif(p.name, ''), p.address, ''),"
    f" c.subject, coalesce(nullif(substr(m.text, 1, {EXCERPT}), ''), c.preview), ch.kind"
)
JOINS = (
    "JOIN conversations c ON c.id = n.conversation_id JOIN channels ch ON ch.id = c.channel_id"
    " LEFT JOIN contacts p ON p.id = c.contact_id"
    " LEFT JOIN messages m ON m.id = n.message_id AND m.conversation_id = c.id"
)


def page(tx: Transaction, *, cursor: str | None = None) -> NotificationPage:
    """The acting member's, newest first."""
    choices = choosing.choices_of(tx, tx.actor.id)
    listed = choosing.kinds_by(choices, "app")
    at, id = _place(cursor)
    rows = _rows(tx, listed, "(n.at, n.id) < (:at, :id)", PAGE + 1, at=at, id=id)
    more = len(rows) > PAGE
    since = to_ms(tx.now - RINGS)
    rings = _rows(tx, choosing.kinds_by(choices, "desktop"), "n.read_at IS NULL AND n.at > :since", 5, since=since)
    return NotificationPage(
        rows=rows[:PAGE],
        unread=_unread(tx, listed),
        next=f"{to_ms(rows[PAGE - 1].at)}.{rows[PAGE - 1].id}" if more else None,
        ringing=rings if cursor is None else [],
        has_sound=choices.has_sound,
    )


def view(tx: Transaction, notification_id: int) -> NotificationView | None:
    """One of the acting member's; None when they may not see it any more."""
    found = _select(tx, "n.id = :id", 1, id=notification_id)
    return found[0] if found else None


def waiting(tx: Transaction, kinds: Sequence[Kind], *, before: int) -> list[NotificationView]:
    """The acting member's unread ones of these kinds, from before a moment (in ms), that no digest has told of; oldest first."""
    found = _rows(tx, kinds, "n.read_at IS NULL AND n.mailed_at IS NULL AND n.at <= :before", 200, before=before)
    return found[::-1]


def _rows(tx: Transaction, kinds: Sequence[Kind], where: str, limit: int, **given: Any) -> list[NotificationView]:
    return _select(tx, f"{_in(kinds)} AND {where}", limit, **given) if kinds else []


def _select(tx: Transaction, where: str, limit: int, **given: Any) -> list[NotificationView]:
    found = tx.rows(
        f"SELECT {COLUMNS} FROM notifications n {JOINS} WHERE n.member_id = :me AND {visible(tx.actor)} AND {IS_HERE}"
        f" AND {where} ORDER BY n.at DESC, n.id DESC LIMIT {limit}",
        me=tx.actor.id,
        **given,
    )
    return [_view(row) for row in found]


def _unread(tx: Transaction, kinds: Sequence[Kind]) -> int:
    if not kinds:
        return 0
    return int(
        tx.value(
            "SELECT count(*) FROM (SELECT 1 FROM notifications n JOIN conversations c ON c.id = n.conversation_id"
            f" WHERE n.member_id = :me AND n.read_at IS NULL AND {_in(kinds)} AND {visible(tx.actor)} AND {IS_HERE}"
            f" LIMIT {MOST_UNREAD}) AS unread",
            me=tx.actor.id,
        )
    )


def _in(kinds: Sequence[Kind]) -> str:
    """They are our own words, never text from outside."""
    return f"n.kind IN ({', '.join(repr(str(kind)) for kind in kinds)})"


def _place(cursor: str | None) -> tuple[int, int]:
    at, _, id = (cursor or "").partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in (at, id)):
        return 2**62, 0
    return int(at), int(id)


def _view(row: tuple[Any, ...]) -> NotificationView:
    """The words of one conversation are not those of several."""
    view = NotificationView(
        id=row[0],
        kind=row[1],
        conversation_id=row[2],
        message_id=row[3],
        actor_id=row[4],
        count=row[5],
        at=from_ms(row[6]),
        is_read=row[7] is not None,
        title=row[8],
        subject=row[9],
        excerpt=" ".join((row[10] or "").split()),
        channel_kind=row[11],
    )
    if view.is_several:
        view.excerpt = ""
    return view
