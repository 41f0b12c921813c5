"""Whose lines change when a file or a contact is renamed, or becomes part of another: no event of those conversations says so."""

from collections.abc import Iterable, Mapping
from typing import Any

from comptoir.foundation.transaction import Transaction

MOST = 100  # of the newest conversations of each; an older one shows it when it is next read


def conversations(tx: Transaction, events: Iterable[tuple[str, Mapping[str, Any]]]) -> set[int]:
    """Ids, from the events (type, data) of the customers and contacts rooms."""
    found: set[int] = set()
    for type, data in events:
        whose = type.partition(".")[0]
        if whose not in ("customer", "contact") or not data.get("is_renamed"):
            continue
        for id in (data.get(f"{whose}_id"), data.get("gone_id")):
            rows = tx.rows(
                f"SELECT id FROM conversations WHERE {whose}_id = :id ORDER BY last_at DESC, id DESC LIMIT {MOST}",
                id=id,
            )
            found |= {row[0] for row in rows}
    return found
