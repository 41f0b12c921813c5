"""Many rows in one statement, the same text for both databases: what makes thousands of lines a second."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import msgspec

from comptoir.foundation.insertion import insertion
from comptoir.foundation.transaction import Transaction

MOST = 40  # rows of a statement: SQLite looks each named parameter up among all before it


def insert(
    tx: Transaction, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, ending: str = ""
) -> list[tuple[Any, ...]]:
    """`ending`: ON CONFLICT ..., or RETURNING ..., whose rows are returned."""
    found: list[tuple[Any, ...]] = []
    for some in _parts(rows, MOST):
        sql, names = insertion(table, tuple(columns), len(some), ending)
        params = dict(zip(names, chain.from_iterable(some), strict=True))
        if "RETURNING" in ending:
            found += tx.rows(sql, **params)
        else:
            tx.execute(sql, **params)
    return found


def select(tx: Transaction, sql: str, values: Iterable[Any], **params: Any) -> list[tuple[Any, ...]]:
    """The rows of a query whose `{values}` are these, however many there are."""
    found: list[tuple[Any, ...]] = []
    for some in _parts(list(dict.fromkeys(values)), MOST * 10):
        found += tx.rows(sql.format(values=places(some)), **params, **named(some))
    return found


def execute(tx: Transaction, sql: str, values: Iterable[Any], **params: Any) -> None:
    for some in _parts(list(dict.fromkeys(values)), MOST * 10):
        tx.execute(sql.format(values=places(some)), **params, **named(some))


def places(values: Sequence[Any]) -> str:
    return ", ".join(f":v{n}" for n in range(len(values)))


def named(values: Sequence[Any]) -> dict[str, Any]:
    return {f"v{n}": value for n, value in enumerate(values)}


def _parts(rows: Sequence[Any], most: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), most):
        yield rows[start : start + most]


def packed(value: Any) -> str:
    """As a column of type Packed keeps it."""
    return msgspec.json.encode(value).decode()
