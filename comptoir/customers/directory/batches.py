"""Many rows in one statement: what makes thousands of lines a second."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from comptoir.foundation.insertion import insertion_of_json
from comptoir.foundation.transaction import Transaction

MOST = 400  # values of a question to SQLite: it looks each named parameter up among all before it


def insert(
    tx: Transaction, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, ending: str = ""
) -> list[tuple[Any, ...]]:
    """`ending`: ON CONFLICT ..., or RETURNING ..., whose rows are returned, in no promised order."""
    if not rows:
        return []
    sql = insertion_of_json(table, tuple(columns), ending, is_sqlite=tx.is_sqlite)
    given = rows if tx.is_sqlite else [dict(zip(columns, row, strict=True)) for row in rows]
    if "RETURNING" in ending:
        return tx.rows(sql, rows=packed(given))
    tx.execute(sql, rows=packed(given))
    return []


def select(tx: Transaction, sql: str, values: Iterable[Any], **params: Any) -> list[tuple[Any, ...]]:
    """The rows of a query with `IN ({values})`, which are these, however many there are."""
    return [row for some, named in _asked(tx, sql, values) for row in tx.rows(some, **params, **named)]


def execute(tx: Transaction, sql: str, values: Iterable[Any], **params: Any) -> None:
    for some, named in _asked(tx, sql, values):
        tx.execute(some, **params, **named)


def _asked(tx: Transaction, sql: str, values: Iterable[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Statements, and their values: one array on PostgreSQL, which would read hundreds of names anew each time."""
    distinct = list(dict.fromkeys(values))
    if not tx.is_sqlite:
        if distinct:
            yield sql.replace("IN ({values})", "= ANY(:values)"), {"values": distinct}
        return
    for start in range(0, len(distinct), MOST):
        named = {f"v{n}": value for n, value in enumerate(distinct[start : start + MOST])}
        yield sql.format(values=", ".join(f":{name}" for name in named)), named


def packed(value: Any) -> str:
    """As a column of type Packed keeps it."""
    return msgspec.json.encode(value).decode()
