"""Many rows in one statement, the same text for both databases: what makes thousands of lines a second."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import msgspec

from comptoir.foundation.transaction import Transaction

MOST = 40  # rows of a statement: SQLite looks each named parameter up among all before it


def insert(
    tx: Transaction, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, ending: str = ""
) -> list[tuple[Any, ...]]:
    """`ending`: ON CONFLICT ..., or RETURNING ..., whose rows are returned."""
    found: list[tuple[Any, ...]] = []
    for some in _parts(rows, MOST):
        sql, names = _insertion(table, tuple(columns), len(some), ending)
        params = dict(zip(names, chain.from_iterable(some), strict=True))
        if "RETURNING" in ending:
            found += tx.rows(sql, **params)
        else:
            tx.execute(sql, **params)
    return found


@lru_cache(maxsize=256)
def _insertion(table: str, columns: tuple[str, ...], rows: int, ending: str) -> tuple[str, list[str]]:
    """The statement for that many rows, and the names of its values in their order."""
    names = [f"p{n}_{m}" for n in range(rows) for m in range(len(columns))]
    width = len(columns)
    places = ", ".join(f"(:{', :'.join(names[start : start + width])})" for start in range(0, len(names), width))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places} {ending}", names


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
