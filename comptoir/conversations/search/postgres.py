"""Message ids that match, newest first, by tsvector.

The planner errs on rare words (it walks the whole table backwards) and on frequent ones (it sorts every match), so the
question is asked in two steps, each with the one plan that is right for it: the newest window by primary key, then, only
when that gave too few, the GIN index and a sort. GIN reads every message that holds a beginning before it gives the first,
so a frequent one is not looked up but checked on what the rest of the question found.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from comptoir.conversations.search import lateness
from comptoir.conversations.search.index import channel_word
from comptoir.conversations.search.question import Question, Term, days_between, moments, sorted_out, within
from comptoir.conversations.search.scope import within_scope
from comptoir.foundation.transaction import Transaction

WINDOW = 5_000
FREQUENT = 10_000  # messages


def matches(
    tx: Transaction,
    question: Question,
    channel_ids: Sequence[int] | None,
    *,
    below: int,
    limit: int,
) -> list[int]:
    """Ids below `below`."""
    if channel_ids is None and not question.wanted:
        channel_ids = [id for (id,) in tx.rows("SELECT id FROM channels")]
    whole, typed = sorted_out(question.wanted)
    rest, beginning = _query(tx, question, whole, channel_ids), _term(typed) if typed else ""
    query = " & ".join(part for part in (rest, beginning) if part)
    given = {"limit": limit, **moments(question)}
    newest = min(below, 1 + int(tx.value("SELECT coalesce(max(message_id), 0) FROM message_search")))
    top, late = lateness.reach(tx, question.before, below=newest)
    near = _near(tx, question, query, late, top, given)
    if len(near) == limit or top <= WINDOW:
        return near
    is_checked = bool(rest and beginning) and _estimate(tx, beginning) > max(FREQUENT, _estimate(tx, rest))
    check = f" AND {_checked('beginning')}" if is_checked else ""
    everywhere = tx.rows(
        f"WITH hits AS MATERIALIZED (SELECT message_id FROM message_search WHERE words @@ CAST(:query AS tsquery){check}),"
        " sorted AS (SELECT message_id FROM hits WHERE message_id < :below ORDER BY message_id DESC OFFSET 0)"
        f" SELECT message_id FROM sorted WHERE true{_within(tx, question, 'sorted.message_id')} LIMIT :limit",
        query=rest if is_checked else query,
        beginning=beginning,
        below=below,
        **given,
    )
    return [id for (id,) in everywhere]


def _near(
    tx: Transaction, question: Question, query: str, late: Sequence[int], top: int, given: Mapping[str, int]
) -> list[int]:
    """Of the late ones, and of the window below `top`: no index is asked for the words, the rows are few."""
    asked = (
        f"{_checked('query')}{_within(tx, question, 'message_search.message_id')} ORDER BY message_id DESC LIMIT :limit"
    )
    found: list[tuple[int]] = []
    if late:
        numbers = ", ".join(map(str, late))
        found += tx.rows(
            f"SELECT message_id FROM message_search WHERE message_id IN ({numbers}) AND {asked}", query=query, **given
        )
    found += tx.rows(
        f"SELECT message_id FROM message_search WHERE message_id >= :floor AND message_id < :top AND {asked}",
        floor=top - WINDOW,
        top=top,
        query=query,
        **given,
    )
    return [id for (id,) in found][: given["limit"]]


def _query(tx: Transaction, question: Question, whole: Sequence[Term], channel_ids: Sequence[int] | None) -> str:
    """All of it but the beginning of a word that is being typed."""
    wanted = [_term(term) for term in whole]
    wanted += [_any(days) for days in days_between(question.after, question.before, tx.now)]
    if channel_ids is not None:
        wanted.append(_any(map(channel_word, channel_ids)))
    return " & ".join([*wanted, *(f"!{_term(term)}" for term in question.unwanted)])


def _within(tx: Transaction, question: Question, message_id: str) -> str:
    return within(question, message_id) + within_scope(tx.actor, message_id)


def _any(words: Iterable[str]) -> str:
    return f"({' | '.join(words)})"


def _term(term: Term) -> str:
    together = " <-> ".join(f"'{word}'" for word in term.words)
    return f"({together}{':*' if term.is_beginning else ''})"


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
