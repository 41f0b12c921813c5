"""The list of customers: by name, by code, or by who was last in touch, one page at a time.

The order by activity is that of the conversations that this member may see: it is read from them, and stored nowhere, so that
it says nothing of what is hidden. A page is one index walk; those with nothing in that order come after, by name.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from comptoir.conversations.lists import BadCursor
from comptoir.customers import search
from comptoir.customers.schemas import CustomerLine, CustomerPage, Sort
from comptoir.foundation.tables import from_ms
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import visible

MOST_FOUND = 100  # by activity, of what a search finds
BY_NAME = "f.name_key, f.id"


class Walk(Struct, frozen=True):
    """(customer id, place) in one order: `place` is the id of the row where the page below begins."""

    sql: str
    given: Mapping[str, Any] = {}


def page(
    tx: Transaction, *, sort: Sort, line: str = "", archived: bool = False, cursor: str | None = None, limit: int = 50
) -> CustomerPage:
    """Files in use, or the archived ones, below `cursor`; with `line`, those that it finds."""
    phase, after = _parse(cursor)
    where, given = _which(tx, line, archived)
    walks = _found_by_activity(tx, where) if sort == "activity" and line else _walks(tx, sort, where)
    found: list[tuple[int, str]] = []
    for n, walk in enumerate(walks):
        if n < phase or len(found) > limit:
            continue
        values = {**given, **walk.given, **_after(tx, walk, after if n == phase else 0)}
        rows = tx.rows(f"{walk.sql} LIMIT {limit + 1 - len(found)}", **values)
        found += [(id, f"{n}.{place}") for id, place in rows]
    has_more = len(found) > limit
    return CustomerPage(
        rows=_lines(tx, [id for id, _ in found[:limit]]),
        next=found[limit - 1][1] if has_more and not (sort == "activity" and line) else None,
    )


def _which(tx: Transaction, line: str, archived: bool) -> tuple[str, dict[str, Any]]:
    state = f"f.merged_into_id IS NULL AND f.archived_at IS {'NOT ' if archived else ''}NULL"
    if not line.strip():
        return state, {}
    test, given = search.condition(tx, line, "f")
    return f"{state} AND {test}", dict(given)


def _walks(tx: Transaction, sort: Sort, where: str) -> Sequence[Walk]:
    by_name = "(f.name_key, f.id) > (:name_key, :id)"
    if sort == "name":
        return [Walk(f"SELECT f.id, f.id FROM customers f WHERE {where} AND {by_name} ORDER BY {BY_NAME}")]
    if sort == "code":
        return [
            Walk(f"SELECT f.id, f.id FROM customers f WHERE {where} AND f.code_key > :code_key ORDER BY f.code_key"),
            Walk(
                f"SELECT f.id, f.id FROM customers f WHERE {where} AND f.code_key IS NULL AND {by_name}"
                f" ORDER BY {BY_NAME}"
            ),
        ]
    seen = visible(tx.actor)
    newer = visible(tx.actor, "d")
    return [
        Walk(
            "SELECT c.customer_id, c.id FROM conversations c JOIN customers f ON f.id = c.customer_id"
            f" WHERE c.customer_id IS NOT NULL AND (c.last_at, c.id) < (:last_at, :id) AND {seen} AND {where}"
            " AND NOT EXISTS (SELECT 1 FROM conversations d WHERE d.customer_id = c.customer_id"
            f" AND (d.last_at, d.id) > (c.last_at, c.id) AND {newer}) ORDER BY c.last_at DESC, c.id DESC"
        ),
        Walk(
            f"SELECT f.id, f.id FROM customers f WHERE {where} AND {by_name} AND NOT EXISTS"
            f" (SELECT 1 FROM conversations d WHERE d.customer_id = f.id AND {newer}) ORDER BY {BY_NAME}"
        ),
    ]


def _found_by_activity(tx: Transaction, where: str) -> Sequence[Walk]:
    """The few that a search finds, one page of them."""
    last = f"(SELECT max(d.last_at) FROM conversations d WHERE d.customer_id = f.id AND {visible(tx.actor, 'd')})"
    return [
        Walk(
            f"SELECT k.id, k.id FROM (SELECT f.id, f.name_key, coalesce({last}, 0) AS last_at FROM customers f"
            f" WHERE {where} LIMIT {MOST_FOUND}) k ORDER BY k.last_at DESC, k.name_key, k.id"
        )
    ]


def _after(tx: Transaction, walk: Walk, after: int) -> dict[str, Any]:
    """Where the page begins in that order: below the row `after`, or at the top."""
    if ":last_at" in walk.sql:
        place = tx.row("SELECT last_at, id FROM conversations WHERE id = :id", id=after) if after else None
        return dict(zip(("last_at", "id"), place or (2**62, 0), strict=True))
    place = (
        tx.row("SELECT name_key, id, coalesce(code_key, '') FROM customers WHERE id = :id", id=after) if after else None
    )
    return dict(zip(("name_key", "id", "code_key"), place or ("", 0, ""), strict=True))


def _lines(tx: Transaction, ids: Sequence[int]) -> list[CustomerLine]:
    if not ids:
        return []
    wanted = ", ".join(str(int(id)) for id in ids)
    newest = f"(SELECT max(c.last_at) FROM conversations c WHERE c.customer_id = f.id AND {visible(tx.actor)})"
    people = "(SELECT count(*) FROM contacts p WHERE p.customer_id = f.id AND p.merged_into_id IS NULL)"
    found = {
        row[0]: CustomerLine(
            id=row[0],
            name=row[1],
            code=row[2],
            is_person=bool(row[3]),
            owner_id=row[4],
            country=row[5],
            tags=msgspec.json.decode(row[6]),
            contacts=row[7],
            is_archived=row[8] is not None,
            last_at=None if row[9] is None else from_ms(row[9]),
        )
        for row in tx.rows(
            f"SELECT f.id, f.name, f.code, f.is_person, f.owner_id, f.country, f.tags, {people}, f.archived_at, {newest}"
            f" FROM customers f WHERE f.id IN ({wanted})"
        )
    }
    return [found[id] for id in ids if id in found]


def _parse(cursor: str | None) -> tuple[int, int]:
    if not cursor:
        return 0, 0
    phase, _, after = cursor.partition(".")
    if not (cursor.isascii() and phase.isdigit() and after.isdigit() and len(cursor) < 24):
        raise BadCursor
    return int(phase), int(after)
