"""Many rows in one statement: what makes thousands of lines a second."""

from collections.abc import Sequence
from typing import Any

import msgspec

from comptoir.foundation.insertion import insertion_of_json, rows_of_json
from comptoir.foundation.many import insert_many
from comptoir.foundation.transaction import Transaction


def insert(
    tx: Transaction, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, ending: str = ""
) -> None:
    """`ending`: ON CONFLICT ...; what may be there already. PostgreSQL copies without it, which is cheaper: should another unit
    insert the same at that moment, this one is done again (foundation.database)."""
    if rows and ending:
        sql = insertion_of_json(table, tuple(columns), ending, is_sqlite=tx.is_sqlite)
        tx.execute(sql, rows=_packed(tx, columns, rows))
    elif rows:
        insert_many(tx, table, columns, rows)


def update(
    tx: Transaction, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, where: str = ""
) -> None:
    """The rows of that table whose `id`, the first of `columns`, is among these. `where`: more that must be true of them; `g` is
    what is given."""
    if not rows:
        return
    given = rows_of_json(table, tuple(columns), is_sqlite=tx.is_sqlite)
    sets = ", ".join(f"{column} = g.{column}" for column in columns[1:])
    tx.execute(
        f"UPDATE {table} SET {sets} FROM ({given}) g WHERE {table}.id = g.id {where}", rows=_packed(tx, columns, rows)
    )


def delete(tx: Transaction, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Where these columns are, together, as in one of these. SQLite looks for a pair by its first half alone: one by one, there."""
    if not rows:
        return
    if tx.is_sqlite:
        both = " AND ".join(f"{column} = :{column}" for column in columns)
        named = [dict(zip(columns, row, strict=True)) for row in rows]
        tx.execute_all(f"DELETE FROM {table} WHERE {both}", named)
        return
    given = rows_of_json(table, tuple(columns), is_sqlite=tx.is_sqlite)
    tx.execute(f"DELETE FROM {table} WHERE ({', '.join(columns)}) IN ({given})", rows=_packed(tx, columns, rows))


def _packed(tx: Transaction, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    return packed(rows if tx.is_sqlite else [dict(zip(columns, row, strict=True)) for row in rows])


def packed(value: Any) -> str:
    """As a column of type Packed keeps it."""
    return msgspec.json.encode(value).decode()
