"""One page of what a filter lets through, in the order of the list.

However rare it is, a page costs little: only so many rows are examined for it. A page may then be short, or empty, and still
have a `next` cursor: what matches farther down comes with the pages below.
"""

import re
from math import ceil
from typing import Any, NamedTuple

from comptoir.conversations.filters.conditions import Conditions, conditions_of
from comptoir.conversations.filters.schemas import Filter
from comptoir.conversations.lists import parse, walk_of
from comptoir.foundation.transaction import Transaction

FIRST, MOST = 250, 1000  # rows examined: a few first, for what is common; and as many as a page may cost
ASKED = re.compile(r"\bc\.(\w+)")  # the columns that a condition asks of the row

Key = tuple[int, int]  # (last_at in milliseconds, id)


class Walked(NamedTuple):
    """`below`: where the next page goes on; None at the end."""

    ids: list[int]
    below: str | None


def walk(
    tx: Transaction, asked: Filter, *, cursor: str | None, limit: int, first: int = FIRST, most: int = MOST
) -> Walked:
    """At most `limit` conversations below `cursor`, and at most `most` examined for them, of which `first` before any other."""
    where = conditions_of(tx, asked)
    key = parse(cursor) if cursor else None
    if where.few is not None:
        found = _pick(tx, where, key, limit)
        return Walked([id for _, id in found[:limit]], written(found[limit - 1]) if len(found) > limit else None)
    ids: list[int] = []
    stride, left = first if where.walks else 0, most
    while stride:
        found, last = _stride(tx, where, key, stride, limit + 1)
        if len(ids) + len(found) > limit:
            kept = found[: limit - len(ids)]
            return Walked([*ids, *(id for _, id in kept)], written(kept[-1] if kept else key))
        ids += [id for _, id in found]
        if last is None:
            return Walked(ids, None)
        key, left = last, left - stride
        stride = min(left, first * _strides(stride / first, len(found), limit + 1 - len(ids)) or left)
    return Walked(ids, written(key) if key and where.walks else None)


def written(key: Key | None) -> str | None:
    return None if key is None else f"{key[0]}.{key[1]}"


def _strides(looked: float, found: int, missing: int) -> int:
    """As many first strides as hold what is missing, if it goes on as in the last `looked`; 0 where nobody can say. Whole
    ones: statements of the same text are prepared once."""
    return ceil(looked * missing / found) if found else 0


def _stride(
    tx: Transaction, where: Conditions, below: Key | None, stride: int, wanted: int
) -> tuple[list[Key], Key | None]:
    """Of the next `stride` rows of all walks together, the first `wanted` that match; and the last row examined, None where
    there are no more."""
    less = "" if below is None else " AND (last_at, id) < (:last_at, :id)"
    columns = ", ".join(sorted({"last_at", "id", *ASKED.findall(" ".join(where.rest))}))
    walks = " UNION ALL ".join(walk_of(tx, columns, f"{walk}{less}", stride) for walk in where.walks)
    found = tx.rows(
        f"WITH k AS MATERIALIZED (SELECT * FROM ({walks}) w ORDER BY last_at DESC, id DESC LIMIT {stride}),"
        f" hits AS (SELECT c.last_at, c.id FROM k c WHERE {' AND '.join(where.rest)}"
        f" ORDER BY c.last_at DESC, c.id DESC LIMIT {wanted})"
        " SELECT last_at, id, 0 FROM hits UNION ALL"
        " SELECT last_at, id, (SELECT count(*) FROM k) FROM (SELECT last_at, id FROM k ORDER BY last_at, id LIMIT 1) n",
        **_given(where, below),
    )
    hits = [(last_at, id) for last_at, id, count in found if count == 0]
    ends = [(last_at, id) for last_at, id, count in found if count == stride]
    return sorted(hits, reverse=True), ends[0] if ends else None


def _pick(tx: Transaction, where: Conditions, below: Key | None, limit: int) -> list[Key]:
    """The first that match of the few that can."""
    less = "" if below is None else " AND (c.last_at, c.id) < (:last_at, :id)"
    return [
        (last_at, id)
        for last_at, id in tx.rows(
            f"SELECT c.last_at, c.id FROM ({where.few}) f JOIN conversations c ON c.id = f.conversation_id"
            f" WHERE {' AND '.join(where.rest)}{less} ORDER BY c.last_at DESC, c.id DESC LIMIT {limit + 1}",
            **_given(where, below),
        )
    ]


def _given(where: Conditions, below: Key | None) -> dict[str, Any]:
    return where.given if below is None else {**where.given, "last_at": below[0], "id": below[1]}
