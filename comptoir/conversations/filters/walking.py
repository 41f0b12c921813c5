"""One page of what a filter lets through, in the order of the list.

However rare it is, a page costs little: only so many rows are examined for it. A page may then be short, or empty, and still
have a `next` cursor: what matches farther down comes with the pages below.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from comptoir.conversations.filters.conditions import Conditions, conditions_of, few_of
from comptoir.conversations.filters.schemas import Filter
from comptoir.conversations.lists import parse, walk_of
from comptoir.foundation.transaction import Transaction

MOST = 1000  # rows examined for a page
ASKED = re.compile(r"\bc\.(\w+)")  # the columns that a condition asks of the row

Key = tuple[int, int]  # (last_at in milliseconds, id)


class Walked(NamedTuple):
    """`rows`: what was asked of each conversation that matches, as tuples. `below`: where the next page goes on; None at the end."""

    rows: list[tuple[Any, ...]]
    below: str | None


class Shown(NamedTuple):
    """What is asked of each conversation that matches: of `n`, its (last_at, id), with whatever is joined to it."""

    columns: str
    joins: str


IDS = Shown("n.id", "")


def walk(
    tx: Transaction, asked: Filter, *, cursor: str | None, limit: int, most: int = MOST, shown: Shown = IDS
) -> Walked:
    """At most `limit` conversations below `cursor`, and at most `most` examined for them; unless few can match, which are then
    all looked at."""
    tx.plan_once()
    where = conditions_of(tx, asked)
    if not where.walks:
        return Walked([], None)
    key = _topmost(where, parse(cursor) if cursor else None)
    found, last = _stride(tx, where, key, most, limit + 1, shown)
    if len(found) <= limit and last is not None:
        few = few_of(tx, asked)
        if few is None:
            return Walked([row[2:] for row in found], written(last))
        found = _pick(tx, few, where, key, limit + 1, shown)
    kept = found[:limit]
    return Walked([row[2:] for row in kept], written(kept[-1][:2]) if len(found) > limit else None)


def count(tx: Transaction, asked: Filter, *, limit: int, most: int) -> tuple[int, bool]:
    """How many a walk from the top would find, and whether there may be more."""
    tx.plan_once()
    where = conditions_of(tx, asked)
    if not where.walks:
        return 0, False
    key = _topmost(where, None)
    rest = " AND ".join(where.rest)
    found, examined = tx.rows(
        f"WITH k AS MATERIALIZED ({_walked(tx, where, key, most)})"
        f" SELECT (SELECT count(*) FROM k c WHERE {rest}), (SELECT count(*) FROM k)",
        **_given(where, key),
    )[0]
    few = few_of(tx, asked) if examined == most else None
    if few is not None:
        found = len(_pick(tx, few, where, key, limit + 1, IDS))
    return min(found, limit), found > limit or (examined == most and few is None)


def written(key: Sequence[int]) -> str:
    return f"{key[0]}.{key[1]}"


def _topmost(where: Conditions, cursor: Key | None) -> Key | None:
    """Where to begin: below the cursor, and within the days that are asked for."""
    ends = (where.before, 0) if where.before is not None else None
    return min((key for key in (cursor, ends) if key is not None), default=None)


def _stride(
    tx: Transaction, where: Conditions, below: Key | None, stride: int, wanted: int, shown: Shown
) -> tuple[list[tuple[Any, ...]], Key | None]:
    """Of the next `stride` rows of all walks together, the first `wanted` that match; and, where these are fewer, the last row
    examined, None where there are no more. Both databases hand on the rows of k in its order and as they come: what is not
    wanted is not read. SQLite only does so where it may read them again for the last one, PostgreSQL keeps them for it."""
    found = tx.rows(
        f"WITH k AS {'NOT ' if tx.is_sqlite else ''}MATERIALIZED ({_walked(tx, where, below, stride)})"
        f" SELECT n.last_at, n.id, {shown.columns}, n.is_end FROM ("
        f"SELECT * FROM (SELECT c.last_at, c.id, 0 AS is_end FROM k c WHERE {' AND '.join(where.rest)} LIMIT {wanted}) hits"
        f" UNION ALL SELECT * FROM (SELECT last_at, id, 1 AS is_end FROM k LIMIT 1 OFFSET {stride - 1}) e LIMIT {wanted}"
        f") n {shown.joins} ORDER BY n.last_at DESC, n.id DESC",
        **_given(where, below),
    )
    return [row[:-1] for row in found if not row[-1]], next(((row[0], row[1]) for row in found if row[-1]), None)


def _walked(tx: Transaction, where: Conditions, below: Key | None, stride: int) -> str:
    """The next `stride` rows of all walks together, with the columns that the conditions ask."""
    less = "" if below is None else " AND (last_at, id) < (:last_at, :id)"
    columns = ", ".join(sorted({"last_at", "id", *ASKED.findall(" ".join(where.rest))}))
    walks = " UNION ALL ".join(walk_of(tx, columns, f"{walk}{less}", stride) for walk in where.walks)
    return f"SELECT * FROM ({walks}) w ORDER BY last_at DESC, id DESC LIMIT {stride}"


def _pick(
    tx: Transaction, few: str, where: Conditions, below: Key | None, wanted: int, shown: Shown
) -> list[tuple[Any, ...]]:
    """The first that match of the few that can."""
    less = "" if below is None else " AND (c.last_at, c.id) < (:last_at, :id)"
    return tx.rows(
        f"SELECT n.last_at, n.id, {shown.columns} FROM ("
        f"SELECT c.last_at, c.id FROM ({few}) f JOIN conversations c ON c.id = f.conversation_id"
        f" WHERE {' AND '.join(where.rest)}{less} ORDER BY c.last_at DESC, c.id DESC LIMIT {wanted}"
        f") n {shown.joins} ORDER BY n.last_at DESC, n.id DESC",
        **_given(where, below),
    )


def _given(where: Conditions, below: Key | None) -> dict[str, Any]:
    return where.given if below is None else {**where.given, "last_at": below[0], "id": below[1]}
