"""Rows by a list of values, which are one parameter: the statement's text is the same for any list, and is prepared once."""

from collections.abc import Iterable
from typing import Any

import msgspec

from comptoir.foundation.transaction import Transaction

PLACE = "IN ({values})"


def rows_among(tx: Transaction, sql: str, values: Iterable[Any], /, **params: Any) -> list[tuple[Any, ...]]:
    """The rows of a query that says `IN ({values})`, for these; none without asking where there are none."""
    given = list(dict.fromkeys(values))
    return tx.rows(_asked(tx, sql), values=_given(tx, given), **params) if given else []


def execute_among(tx: Transaction, sql: str, values: Iterable[Any], /, **params: Any) -> int:
    """The same of a statement that changes something; how many rows it changed."""
    given = list(dict.fromkeys(values))
    return tx.execute(_asked(tx, sql), values=_given(tx, given), **params) if given else 0


def _asked(tx: Transaction, sql: str) -> str:
    return sql.replace(PLACE, "IN (SELECT value FROM json_each(:values))" if tx.is_sqlite else "= ANY(:values)")


def _given(tx: Transaction, values: list[Any]) -> Any:
    """PostgreSQL reads an array as its own text, which is JSON's where nothing is escaped: psycopg writes a list in Python, value by
    value."""
    text = msgspec.json.encode(values).decode()
    if tx.is_sqlite:
        return text
    return values if "\\" in text else f"{{{text[1:-1]}}}"
