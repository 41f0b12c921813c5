"""Message ids that match, newest first, by tsvector.

The planner errs on rare words (it walks the whole table backwards) and on frequent ones (it sorts every match), so the
question is asked in two steps, each with the one plan that is right for it: the newest window by primary key, then, only
when that gave too few, the GIN index and a sort. GIN reads every message that holds a beginning before it gives the first,
so a frequent one is not looked up but checked on what the rest of the question found.
"""

from collections.abc import Sequence

import msgspec

from comptoir.conversations.search.index import channel_word
from comptoir.foundation.transaction import Transaction

WINDOW = 5_000
FREQUENT = 10_000  # messages


def matches(
    tx: Transaction,
    terms: Sequence[str],
    channel_ids: Sequence[int] | None,
    *,
    below: int,
    limit: int,
) -> list[int]:
    """Every term must be there, the last one as the beginning of a word. Ids are below `below`."""
    wanted = [f"'{term}'" for term in terms[:-1]]
    if channel_ids is not None:
        wanted.append(f"({' | '.join(channel_word(id) for id in channel_ids)})")
    rest, beginning = " & ".join(wanted), f"'{terms[-1]}':*"
    query = f"{rest} & {beginning}" if rest else beginning
    newest = min(
        below,
        1 + int(tx.value("SELECT coalesce(max(message_id), 0) FROM message_search")),
    )
    near = tx.rows(
        "SELECT message_id FROM message_search WHERE message_id >= :floor AND message_id < :below"
        f" AND {_checked('query')} ORDER BY message_id DESC LIMIT :limit",
        floor=newest - WINDOW,
        below=newest,
        query=query,
        limit=limit,
    )
    if len(near) == limit or newest <= WINDOW:
        return [id for (id,) in near]
    is_checked = bool(rest) and _estimate(tx, beginning) > max(FREQUENT, _estimate(tx, rest))
    check = f" AND {_checked('beginning')}" if is_checked else ""
    everywhere = tx.rows(
        f"WITH hits AS MATERIALIZED (SELECT message_id FROM message_search WHERE words @@ CAST(:query AS tsquery){check})"
        " SELECT message_id FROM hits WHERE message_id < :below ORDER BY message_id DESC LIMIT :limit",
        query=rest if is_checked else query,
        beginning=beginning,
        below=below,
        limit=limit,
    )
    return [id for (id,) in everywhere]


def _checked(name: str) -> str:
    """The condition, written so that no index answers it: the planner would look up a hundred thousand for a page."""
    return f"(words @@ CAST(:{name} AS tsquery)) IS TRUE"


def _estimate(tx: Transaction, query: str) -> int:
    """How many messages the planner expects to match: it keeps the frequency of the frequent words."""
    plan = tx.value(
        "EXPLAIN (FORMAT JSON) SELECT 1 FROM message_search WHERE words @@ CAST(:query AS tsquery)", query=query
    )
    found = msgspec.json.decode(plan) if isinstance(plan, str) else plan
    return int(found[0]["Plan"]["Plan Rows"])
