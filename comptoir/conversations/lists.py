"""The list: tabs Mine, Unassigned and All, by status, newest first, one page at a time; and how many there are.

A page is the merge of a few short index walks, one for each channel that the member sees (and each status), so that it costs
the same at the top and at the bottom, with 20 thousand or 200 thousand conversations, in a busy or in a quiet channel.
"""

from collections.abc import Iterator

from comptoir.conversations.models import AT_WORK
from comptoir.conversations.rows import READ_COLUMNS, READ_JOINS, readings_in, to_rows
from comptoir.conversations.schemas import ConversationPage, Counts
from comptoir.foundation.errors import Problem
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import in_channels

MOST = 1000  # counts stop here
NEWEST = 500  # the unread badge looks at so many of the newest


class BadCursor(Problem):
    status = 400
    code = "bad_cursor"
    fr = "Cette position dans la liste n'est plus valable ; rechargez la liste."
    en = "This position in the list is no longer valid; reload the list."


def page(tx: Transaction, *, tab: str, status: str, cursor: str | None, limit: int = 25) -> ConversationPage:
    """Rows below `cursor` (or the first ones). `status` "any" means all but spam."""
    seq = tx.log_position()
    tx.plan_once()
    walks = list(_walks(tx, tab, status, limit + 1, bool(cursor)))
    if not walks:
        return ConversationPage([], [], None, seq)
    last_at, id = parse(cursor) if cursor else (0, 0)
    found = tx.rows(
        f"SELECT {READ_COLUMNS} FROM ("
        f"SELECT id, last_at FROM ({' UNION ALL '.join(walks)}) w ORDER BY last_at DESC, id DESC LIMIT {limit + 1}"
        f") k JOIN conversations c ON c.id = k.id {READ_JOINS} ORDER BY k.last_at DESC, k.id DESC",
        **{"me": tx.actor.id, **_given(tx, tab, cursor, last_at, id)},
    )
    rows = to_rows(tx, found[:limit])
    more = len(found) > limit
    return ConversationPage(
        rows=rows,
        readings=readings_in(found[:limit]),
        next=f"{found[limit - 1][13]}.{found[limit - 1][0]}" if more else None,
        seq=seq,
    )


def counts(tx: Transaction, *, status: str) -> Counts:
    return Counts(
        mine=_count(tx, "mine", status),
        unassigned=_count(tx, "unassigned", status),
        all=_count(tx, "all", status),
        unread=unread(tx),
    )


def _walks(tx: Transaction, tab: str, status: str, limit: int, has_cursor: bool) -> Iterator[str]:
    """One SELECT (id, last_at) for each index range, newest first."""
    below = " AND (last_at, id) < (:last_at, :id)" if has_cursor else ""
    for where in _ranges(tx, tab, status):
        yield (
            f"SELECT * FROM (SELECT id, last_at FROM conversations WHERE {where}{below}"
            f" ORDER BY last_at DESC, id DESC LIMIT {limit}) r"
        )


def _ranges(tx: Transaction, tab: str, status: str) -> Iterator[str]:
    statuses = [status] if status != "any" else [s.value for s in AT_WORK]
    if tab == "mine":
        for each in statuses:
            yield f"assignee_id = :me AND status = '{each}' AND {in_channels(tx.actor, 'conversations')}"
    elif tx.actor.scope == "all":
        yield from _whole_channels(tx, tab, statuses)
    else:
        yield from _within_scope(tx, tab, statuses)


def _whole_channels(tx: Transaction, tab: str, statuses: list[str]) -> Iterator[str]:
    for channel_id in _channels(tx):
        if tab == "all" and len(statuses) == len(AT_WORK):
            yield f"channel_id = {int(channel_id)} AND status NOT IN ('spam', 'merged')"
            continue
        for each in statuses:
            nobody = " AND assignee_id IS NULL" if tab == "unassigned" else ""
            yield f"channel_id = {int(channel_id)} AND status = '{each}'{nobody}"


def _within_scope(tx: Transaction, tab: str, statuses: list[str]) -> Iterator[str]:
    """What `access.visible` lets through, as ranges that do not overlap: mine, my teams', nobody's."""
    here = in_channels(tx.actor, "conversations")
    for each in statuses:
        if tab == "all":
            yield f"assignee_id = {tx.actor.id} AND status = '{each}' AND {here}"
        if tx.actor.scope == "own":
            continue
        others = "assignee_id IS NULL" if tab == "unassigned" else f"coalesce(assignee_id, 0) <> {tx.actor.id}"
        for team_id in tx.actor.team_ids:
            yield f"team_id = {team_id} AND status = '{each}' AND {others} AND {here}"
        for channel_id in _channels(tx):
            yield f"channel_id = {channel_id} AND status = '{each}' AND assignee_id IS NULL AND team_id IS NULL"


def _channels(tx: Transaction) -> tuple[int, ...]:
    channels = tx.actor.channel_ids
    return tuple(id for (id,) in tx.rows("SELECT id FROM channels")) if channels is None else channels


def _given(tx: Transaction, tab: str, cursor: str | None, last_at: int, id: int) -> dict[str, int | None]:
    given: dict[str, int | None] = {"last_at": last_at, "id": id} if cursor else {}
    if tab == "mine":
        given["me"] = tx.actor.id
    return given


def _count(tx: Transaction, tab: str, status: str) -> int:
    given = _given(tx, tab, None, 0, 0)
    total = 0
    for where in _ranges(tx, tab, status):
        total += tx.value(
            f"SELECT count(*) FROM (SELECT 1 AS one FROM conversations WHERE {where} LIMIT {MOST - total}) n",
            **given,
        )
        if total >= MOST:
            return MOST
    return total


def unread(tx: Transaction) -> int:
    """Open conversations of mine or of nobody with something from outside that I have not read, among the newest."""
    walks = " UNION ALL ".join(
        walk_of(tx, "id, last_at, last_incoming_id", where, NEWEST)
        for where in (*_ranges(tx, "mine", "open"), *_ranges(tx, "unassigned", "open"))
    )
    return int(
        tx.value(
            f"SELECT count(*) FROM (SELECT * FROM ({walks}) w ORDER BY last_at DESC, id DESC LIMIT {NEWEST}) n"
            " WHERE n.last_incoming_id > coalesce((SELECT upto FROM readings r WHERE r.conversation_id = n.id"
            " AND r.member_id = :me), 0)",
            me=tx.actor.id,
        )
    )


def walk_of(tx: Transaction, columns: str, where: str, most: int) -> str:
    """One index range as a part of an ordered UNION ALL. SQLite takes from each only what it needs. PostgreSQL would rather
    read all of them and sort: it is told where each ends."""
    found = f"SELECT {columns} FROM conversations WHERE {where}"
    return found if tx.is_sqlite else f"({found} ORDER BY last_at DESC, id DESC LIMIT {most})"


def parse(cursor: str) -> tuple[int, int]:
    """`last_at` in milliseconds and the id of the row that a page ended with."""
    last_at, _, id = cursor.partition(".")
    if not (cursor.isascii() and last_at.isdigit() and id.isdigit() and len(cursor) < 40):
        raise BadCursor
    return int(last_at), int(id)
