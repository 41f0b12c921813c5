"""Many rows in one INSERT: each value a named parameter, the same text for both databases; or, where they are so many that their names
would cost more than the rows, by position (SQLite), or all of them one parameter of JSON."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

MOST_PLACES = 16_384  # values of one statement; SQLite takes 32,766


@lru_cache(maxsize=500)
def insertion(table: str, columns: tuple[str, ...], count: int, ending: str) -> tuple[str, list[str]]:
    """The statement for that many rows, and the names of its values, row after row. `ending`: ON CONFLICT ..., RETURNING ..."""
    names = [f"p{n}_{m}" for n in range(count) for m in range(len(columns))]
    width = len(columns)
    places = ", ".join(f"(:{', :'.join(names[start : start + width])})" for start in range(0, len(names), width))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places} {ending}", names


def runs(columns: int, rows: Sequence[Sequence[Any]]) -> Iterator[tuple[int, list[Any]]]:
    """Rows in runs of few different lengths, so that their statements are few and stay prepared: how many, and their values."""
    start, most = 0, MOST_PLACES // columns
    while start < len(rows):
        left = len(rows) - start
        count = next(length for length in (1024, 256, 64, 16, 4, 1) if length <= left and length <= most)
        yield count, list(chain.from_iterable(rows[start : start + count]))
        start += count


@lru_cache(maxsize=200)
def insertion_by_position(table: str, columns: tuple[str, ...], count: int) -> str:
    """SQLite's: the statement for that many rows, its values in their order."""
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * count)}"


@lru_cache(maxsize=200)
def insertion_of_json(table: str, columns: tuple[str, ...], ending: str, *, is_sqlite: bool) -> str:
    """The statement for however many rows; `:rows` is a JSON array of them: of arrays for SQLite, of objects for PostgreSQL, which
    takes the types from the table itself."""
    given = rows_of_json(table, columns, is_sqlite=is_sqlite)
    return f"INSERT INTO {table} ({', '.join(columns)}) {given} WHERE true {ending}"


def rows_of_json(table: str, columns: tuple[str, ...], *, is_sqlite: bool) -> str:
    """A SELECT of `:rows` as such columns of that table."""
    if is_sqlite:
        values = ", ".join(f"value->>{place} AS {column}" for place, column in enumerate(columns))
        return f"SELECT {values} FROM json_each(:rows)"
    return f"SELECT {', '.join(columns)} FROM json_populate_recordset(NULL::{table}, :rows)"
