"""Thousands of rows that are new, the cheapest way that each database has: by position (SQLite) or by COPY (PostgreSQL), under ids
that are drawn before, so that nothing is read back."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from comptoir.foundation.transaction import Transaction

MOST_PLACES = 16_384  # values of one statement; SQLite takes 32,766


def insert_many(tx: Transaction, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    tx.flush()
    cursor = tx.connection.connection.cursor()
    if tx.is_sqlite:
        for count, values in _runs(len(columns), rows):
            cursor.execute(_insertion(table, tuple(columns), count), values)
    elif rows:
        with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def new_ids(tx: Transaction, table: str, count: int) -> Sequence[int]:
    """Ids for that many rows that this unit inserts now."""
    if not count:
        return ()
    if not tx.is_sqlite:
        sql = (
            "SELECT nextval(s.name) FROM (SELECT pg_get_serial_sequence(:table, 'id')::regclass AS name OFFSET 0) s,"
            " generate_series(1, :count)"
        )
        return [id for (id,) in tx.rows(sql, table=table, count=count)]
    last = tx.value(
        f"SELECT max((SELECT coalesce(max(id), 0) FROM {table}),"
        " coalesce((SELECT seq FROM sqlite_sequence WHERE name = :table), 0))",
        table=table,
    )
    return range(last + 1, last + 1 + count)


def _runs(columns: int, rows: Sequence[Sequence[Any]]) -> Iterator[tuple[int, list[Any]]]:
    """Rows in runs of few different lengths, so that their statements are few and stay prepared: how many, and their values."""
    start, most = 0, MOST_PLACES // columns
    while start < len(rows):
        left = len(rows) - start
        count = next(length for length in (1024, 256, 64, 16, 4, 1) if length <= left and length <= most)
        yield count, list(chain.from_iterable(rows[start : start + count]))
        start += count


@lru_cache(maxsize=200)
def _insertion(table: str, columns: tuple[str, ...], count: int) -> str:
    """SQLite's: the statement for that many rows, its values in their order."""
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * count)}"
