"""Where in the numbers of the messages a moment lies. Numbers are given in the order of arrival, so it is found by halving;
except for those that say they are more than a day older than their arrival (history, mail that was held up), which have a
small index of their own (ix_messages_late). PostgreSQL only: SQLite walks its index lazily and needs no such help.
"""

from datetime import datetime, timedelta

from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction

A_DAY = timedelta(days=1)
MOST_LATE = 5_000


def reach(tx: Transaction, before: datetime | None, *, below: int) -> tuple[int, list[int]]:
    """The number below which everything older than `before` lies, and the late ones above it, newest first."""
    if before is None:
        return below, []
    bound = _first_since(tx, before + A_DAY, below)
    late = tx.rows(
        "SELECT id FROM messages WHERE at < created_at - 86400000 AND id >= :bound AND id < :below"
        " ORDER BY id DESC LIMIT :most",
        bound=bound,
        below=below,
        most=MOST_LATE + 1,
    )
    return (below, []) if len(late) > MOST_LATE else (bound, [id for (id,) in late])


def _first_since(tx: Transaction, moment: datetime, below: int) -> int:
    return int(
        tx.value(
            "WITH RECURSIVE span (low, high) AS (SELECT CAST(0 AS bigint), CAST(:below AS bigint) UNION ALL"
            " SELECT CASE WHEN is_since THEN low ELSE middle + 1 END, CASE WHEN is_since THEN middle ELSE high END FROM ("
            "SELECT low, high, (low + high) / 2 AS middle, coalesce((SELECT created_at FROM messages"
            " WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1) >= :moment, true) AS is_since FROM span WHERE low < high) step)"
            " SELECT min(low) FROM span WHERE low = high",
            below=below,
            moment=to_ms(moment),
        )
    )
