"""A filter as SQL: index walks that hold what matches, each in the order of the list, and the conditions that the walks leave
to be asked of each row. The same text for both databases; ids and statuses are our own, never text from outside.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from comptoir.conversations.filters.schemas import Filter
from comptoir.conversations.models import AT_WORK, Status
from comptoir.conversations.snoozing import on_the_wall
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import visible
from comptoir.team.queries import zone_of_actor

FEW = 1000  # conversations of one label, up to which they are all looked at rather than the list


class Conditions(NamedTuple):
    """`walks`: conditions on `conversations` alone, that exclude one another; each is an index range by (last_at, id).
    `rest`: what must be asked of each row, as `c`. `before`: the moment at which the days asked for end, where the walks begin."""

    walks: Sequence[str]
    rest: Sequence[str]
    given: dict[str, Any]
    before: int | None


def conditions_of(tx: Transaction, asked: Filter) -> Conditions:
    days = _days(tx, asked)
    before = days.pop("active_to", None)
    given = {**days, "me": tx.actor.id}
    channels = _channels(tx, asked)
    members, has_nobody = _assignees(tx, asked)
    # What the row itself says first; then what must be looked up for each that is left.
    rest = [*_rest(tx, asked, channels, members, has_nobody), *_labels(asked), *_unread(asked)]
    return Conditions(list(_walks(asked, channels, members, has_nobody)), rest, given, before)


def few_of(tx: Transaction, asked: Filter) -> str | None:
    """Every conversation that can match, as a SELECT of ids: those of the rarest labels that are asked for, where they are few."""
    best: tuple[int, str] | None = None
    for labels in [asked.label_any, *([label] for label in asked.label_all)]:
        if not labels:
            continue
        those = f"FROM conversation_labels WHERE label_id IN ({_in(labels)})"
        count = int(tx.value(f"SELECT count(*) FROM (SELECT 1 AS one {those} LIMIT {FEW + 1}) n"))
        if count <= FEW and (best is None or count < best[0]):
            best = (count, f"SELECT DISTINCT conversation_id {those}")
    return None if best is None else best[1]


def _walks(asked: Filter, channels: Sequence[int], members: Sequence[int] | None, has_nobody: bool) -> Iterator[str]:
    days = "" if asked.active_from is None else " AND last_at >= :active_from"
    if asked.failed:
        yield f"failed_count > 0{days}"
        return
    statuses = _statuses(asked)
    if members is None and asked.team:
        for team in sorted(set(asked.team)):
            yield from (f"team_id = {int(team)}{status}{days}" for status in _by_status(statuses, may_be_any=False))
        return
    if members is None:
        for channel in channels:
            yield from (f"channel_id = {channel}{status}{days}" for status in _by_status(statuses))
        return
    for status in _by_status(statuses):
        yield from (f"assignee_id = {member}{status}{days}" for member in members)
        if has_nobody:
            yield from (f"channel_id = {channel}{status} AND assignee_id IS NULL{days}" for channel in channels)


def _by_status(statuses: Sequence[str], *, may_be_any: bool = True) -> list[str]:
    """One walk for each status; with the resolved ones among them, nearly all there are, one walk for everything."""
    if may_be_any and len(statuses) > 1 and Status.RESOLVED in statuses:
        return [""]
    return [f" AND status = '{status}'" for status in statuses]


def _rest(
    tx: Transaction, asked: Filter, channels: Sequence[int], members: Sequence[int] | None, has_nobody: bool
) -> Iterator[str]:
    if tx.actor.scope != "all":  # else it is about channels alone, as is the next
        yield visible(tx.actor)
    yield f"c.channel_id IN ({_in(channels)})"
    yield f"c.status IN ({', '.join(repr(status) for status in _statuses(asked))})"
    if members is not None:
        nobody = " OR c.assignee_id IS NULL" if has_nobody else ""
        yield f"(c.assignee_id IN ({_in(members)}){nobody})"
    if asked.team:
        yield f"c.team_id IN ({_in(asked.team)})"
    if asked.priority:
        yield f"c.priority IN ({', '.join(repr(str(priority)) for priority in asked.priority)})"
    if asked.failed:
        yield "c.failed_count > 0"
    if asked.active_from is not None:
        yield "c.last_at >= :active_from"
    if asked.created_from is not None:
        yield "c.created_at >= :created_from"
    if asked.created_to is not None:
        yield "c.created_at < :created_to"


def _labels(asked: Filter) -> Iterator[str]:
    if asked.label_any:
        yield _has(asked.label_any)
    for label in asked.label_all:
        yield _has([label])
    if asked.label_none:
        yield f"NOT ({_has(asked.label_none)})"


def _unread(asked: Filter) -> Iterator[str]:
    if asked.unread:
        yield (
            "c.last_incoming_id > coalesce((SELECT upto FROM readings r WHERE r.conversation_id = c.id"
            " AND r.member_id = :me), 0)"
        )


def _has(labels: Sequence[int]) -> str:
    """Asked of what the row says of its labels (labelling.py), which is in the indexes."""
    return "(" + " OR ".join(f"c.label_ids LIKE '%,{int(label)},%'" for label in labels) + ")"


def _days(tx: Transaction, asked: Filter) -> dict[str, int]:
    """The moments at which the days begin and end where the member lives."""
    days = {name: getattr(asked, name) for name in ("active_from", "active_to", "created_from", "created_to")}
    if not any(days.values()):
        return {}
    zone = zone_of_actor(tx)
    return {name: _begins(day, zone, after=name.endswith("to")) for name, day in days.items() if day is not None}


def _begins(day: date, zone: ZoneInfo, *, after: bool) -> int:
    """Midnight before the day, or after it; a day at the end of all days is that end."""
    moved = day if not after or day == date.max else day + timedelta(days=1)
    if moved.year < 2 or moved.year > 9998:  # no time zone can say when that is in UTC
        return 0 if moved.year < 2 else to_ms(datetime(9998, 12, 31, tzinfo=zone))
    return to_ms(on_the_wall(datetime.combine(moved, time()), zone))


def _statuses(asked: Filter) -> list[str]:
    """In a fixed order, each once; "any" or nothing means all that are at work."""
    wanted: set[str] = set(asked.status)
    if not wanted or "any" in wanted:
        wanted |= set(AT_WORK)
    return [s.value for s in Status if s.value in wanted]


def _channels(tx: Transaction, asked: Filter) -> list[int]:
    """Those of the member that the filter lets through, in order."""
    seen = tx.actor.channel_ids
    mine = sorted(seen or ())
    if seen is None or asked.kind:
        found = tx.rows("SELECT id, kind FROM channels ORDER BY id")
        mine = [id for id, kind in found if (seen is None or id in seen) and (not asked.kind or kind in asked.kind)]
    return [id for id in mine if not asked.channel or id in asked.channel]


def _assignees(tx: Transaction, asked: Filter) -> tuple[list[int] | None, bool]:
    """Whom it may be assigned to (None: anybody and nobody), and whether nobody is among them."""
    wanted = set(asked.assignee)
    members = {tx.actor.id if one == "me" else one for one in wanted if one != "nobody"}
    ids = sorted(one for one in members if isinstance(one, int))
    if asked.tab == "all" and tx.actor.scope == "own":
        return [id for id in ids if id == tx.actor.id] if wanted else [tx.actor.id or 0], False
    if asked.tab == "all":
        return (ids, "nobody" in wanted) if wanted else (None, True)
    if asked.tab == "unassigned":
        return [], not wanted or "nobody" in wanted
    me = [tx.actor.id] if tx.actor.id is not None and (not wanted or tx.actor.id in ids) else []
    return me, False


def _in(ids: Sequence[int]) -> str:
    return ", ".join(str(int(id)) for id in ids) or "NULL"
