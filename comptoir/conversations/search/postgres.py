"""Message ids that match, newest first, by tsvector.

The planner errs on rare words (it walks the whole table backwards) and on frequent ones (it sorts every match), so the
question is asked in two steps, each with the one plan that is right for it: the newest window by primary key, then, only
when that gave too few, the GIN index and a sort.
"""

from collections.abc import Sequence

from comptoir.conversations.search.index import channel_word
from comptoir.foundation.transaction import Transaction

WINDOW = 20_000


def matches(
    tx: Transaction,
    terms: Sequence[str],
    channel_ids: Sequence[int] | None,
    *,
    below: int,
    limit: int,
) -> list[int]:
    """Every term must be there, the last one as the beginning of a word. Ids are below `below`."""
    query = " & ".join([f"'{term}'" for term in terms[:-1]] + [f"'{terms[-1]}':*"])
    if channel_ids is not None:
        query += f" & ({' | '.join(channel_word(id) for id in channel_ids)})"
    newest = min(
        below,
        1 + int(tx.value("SELECT coalesce(max(message_id), 0) FROM message_search")),
    )
    near = tx.rows(
        "SELECT message_id FROM message_search WHERE message_id >= :floor AND message_id < :below"
        " AND words @@ CAST(:query AS tsquery) ORDER BY message_id DESC LIMIT :limit",
        floor=newest - WINDOW,
        below=newest,
        query=query,
        limit=limit,
    )
    if len(near) == limit or newest <= WINDOW:
        return [id for (id,) in near]
    everywhere = tx.rows(
        "WITH hits AS MATERIALIZED (SELECT message_id FROM message_search WHERE words @@ CAST(:query AS tsquery))"
        " SELECT message_id FROM hits WHERE message_id < :below ORDER BY message_id DESC LIMIT :limit",
        query=query,
        below=below,
        limit=limit,
    )
    return [id for (id,) in everywhere]
