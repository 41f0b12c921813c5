"""Take rows of the sample data away with all that names them, whatever tables there are by now."""

from functools import cache

from comptoir.foundation.transaction import Transaction
from comptoir.migrations.tables import METADATA

# By which people find a row: they name it without a foreign key (0017), and an id may be given to another.
WORDS = {"contacts": ("contact_words", "contact_id"), "customers": ("customer_words", "customer_id")}


def erase(tx: Transaction, table: str, condition: str) -> None:
    """Rows, and before them every row of another table that names one of them."""
    these = f"SELECT id FROM {table} WHERE {condition}"
    for other, column, _ in naming(table):
        if other == table:
            tx.execute(f"UPDATE {table} SET {column} = NULL WHERE {column} IN ({these})")
        else:
            erase(tx, other, f"{column} IN ({these})")
    if table in WORDS:
        words, column = WORDS[table]
        tx.execute(f"DELETE FROM {words} WHERE {column} IN ({these})")
    tx.execute(f"DELETE FROM {table} WHERE {condition}")


@cache
def naming(table: str) -> list[tuple[str, str, bool]]:
    """The tables and columns that refer to a row of a table, and whether they may do without."""
    return [
        (other.name, key.parent.name, bool(key.parent.nullable))
        for other in METADATA.sorted_tables
        for key in other.foreign_keys
        if key.column.table.name == table
    ]


def is_heard(tx: Transaction, contact_id: int) -> bool:
    """They wrote to somebody, or were written to, in what is still there."""
    return any(
        tx.value(f"SELECT 1 FROM {table} WHERE contact_id = :id LIMIT 1", id=contact_id) is not None
        for table in ("conversations", "messages")
    )
