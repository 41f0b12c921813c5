"""Message ids that match, newest first, by FTS5. Ordered by rowid, never by rank: rank reads every match (seconds)."""

from collections.abc import Sequence

from comptoir.conversations.search.index import channel_word
from comptoir.foundation.transaction import Transaction


def matches(
    tx: Transaction,
    terms: Sequence[str],
    channel_ids: Sequence[int] | None,
    *,
    below: int,
    limit: int,
) -> list[int]:
    """Every term must be there, the last one as the beginning of a word. Ids are below `below`."""
    wanted = [f'"{term}"' for term in terms[:-1]] + [f'"{terms[-1]}"*']
    query = f"words : ({' AND '.join(wanted)})"
    if channel_ids is not None:
        query += f" AND channel : ({' OR '.join(channel_word(id) for id in channel_ids)})"
    rows = tx.rows(
        "SELECT rowid FROM message_search WHERE message_search MATCH :query AND rowid < :below"
        " ORDER BY rowid DESC LIMIT :limit",
        query=query,
        below=below,
        limit=limit,
    )
    return [id for (id,) in rows]
