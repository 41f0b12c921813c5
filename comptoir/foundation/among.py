"""Rows by a list of values, which are one parameter: the statement's text is the same for any list, and is prepared once."""

import json
from collections.abc import Collection
from typing import Any

from comptoir.foundation.transaction import Transaction

PLACE = "IN ({values})"


def rows_among(tx: Transaction, sql: str, values: Collection[Any], /, **params: Any) -> list[tuple[Any, ...]]:
    """The rows of a query that says `IN ({values})`, for these; none without asking where there are none."""
    return tx.rows(_asked(tx, sql), values=_given(tx, values), **params) if values else []


def execute_among(tx: Transaction, sql: str, values: Collection[Any], /, **params: Any) -> int:
    """The same of a statement that changes something; how many rows it changed."""
    return tx.execute(_asked(tx, sql), values=_given(tx, values), **params) if values else 0


def _asked(tx: Transaction, sql: str) -> str:
    return sql.replace(PLACE, "IN (SELECT value FROM json_each(:values))" if tx.is_sqlite else "= ANY(:values)")


def _given(tx: Transaction, values: Collection[Any]) -> Any:
    return json.dumps(list(values)) if tx.is_sqlite else list(values)
