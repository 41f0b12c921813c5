"""Many rows in one INSERT: each value a parameter, the same text for both databases; or all of them one parameter, where they are
so many that their names would cost more than the rows. And an object as such a row."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect

from comptoir.foundation.tables import Table


@lru_cache(maxsize=500)
def insertion(table: str, columns: tuple[str, ...], count: int, ending: str) -> tuple[str, list[str]]:
    """The statement for that many rows, and the names of its values, row after row. `ending`: ON CONFLICT ..., RETURNING ..."""
    names = [f"p{n}_{m}" for n in range(count) for m in range(len(columns))]
    width = len(columns)
    places = ", ".join(f"(:{', :'.join(names[start : start + width])})" for start in range(0, len(names), width))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places} {ending}", names


@lru_cache(maxsize=200)
def insertion_of_json(table: str, columns: tuple[str, ...], ending: str, *, is_sqlite: bool) -> str:
    """The statement for however many rows; `:rows` is a JSON array of them: of arrays for SQLite, of objects for PostgreSQL, which
    takes the types from the table itself."""
    if is_sqlite:
        values, source = ", ".join(f"value->>{place}" for place, _ in enumerate(columns)), "json_each(:rows)"
    else:
        values, source = ", ".join(columns), f"json_populate_recordset(NULL::{table}, :rows)"
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {source} WHERE true {ending}"


def row_of(thing: Table, dialect: Dialect) -> dict[str, Any]:
    """What the database is given for this object, its defaults included and without its id."""
    row = {}
    for name, default, stored in _columns(type(thing), dialect):
        value = getattr(thing, name)
        value = default if value is None else value
        row[name] = value if stored is None else stored(value)
    return row


@lru_cache(maxsize=100)
def _columns(kind: type[Table], dialect: Dialect) -> Sequence[tuple[str, Any, Callable[[Any], Any] | None]]:
    """Name, default and how a value is written, of each."""
    return [
        (column.key, column.default and column.default.arg, column.type.bind_processor(dialect))
        for column in kind.__table__.columns
        if column.key != "id"
    ]
