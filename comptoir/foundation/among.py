"""Rows by a list of values, which are one parameter: the statement's text is the same for any list, and is prepared once."""

import json
from collections.abc import Collection
from typing import Any

from comptoir.foundation.transaction import Transaction

PLACE = "IN ({values})"


def rows_among(tx: Transaction, sql: str, values: Collection[int], /, **params: Any) -> list[tuple[Any, ...]]:
    """The rows of a query that says `IN ({values})`, for these; none without asking where there are none."""
    if not values:
        return []
    if tx.is_sqlite:
        asked = sql.replace(PLACE, "IN (SELECT value FROM json_each(:values))")
        return tx.rows(asked, values=json.dumps(list(values)), **params)
    return tx.rows(sql.replace(PLACE, "= ANY(:values)"), values=list(values), **params)
