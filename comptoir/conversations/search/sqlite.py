"""Message ids that match, newest first, by FTS5. Ordered by rowid, never by rank: rank reads every match (seconds).

A beginning of a word, asked of FTS5 as it is, reads every message that holds any such word before it gives the first
(a quarter of a second for a frequent word among two million messages). So it is asked as the few whole words that begin so,
which FTS5 reads lazily; the beginnings of many words are short, and FTS5 keeps those of two to four letters ready.
"""

from collections.abc import Iterable, Sequence

from comptoir.conversations.search.index import channel_word
from comptoir.conversations.search.question import Question, Term, days_between, moments, within
from comptoir.conversations.search.scope import within_scope
from comptoir.foundation.transaction import Transaction

KEPT_READY = 4  # letters of a beginning that FTS5 keeps ready, at the most
MOST_WORDS = 50
MOST_LONGER_WORDS = 600  # of a beginning that FTS5 would put together itself
SHORTEST = 2  # letters of a beginning; one letter is the word of that letter


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
    rows = tx.rows(
        "SELECT rowid FROM message_search WHERE message_search MATCH :query AND rowid < :below"
        f"{within(question, 'message_search.rowid')}{within_scope(tx.actor, 'message_search.rowid')}"
        " ORDER BY rowid DESC LIMIT :limit",
        query=_query(tx, question, channel_ids),
        below=below,
        limit=limit,
        **moments(question),
    )
    return [id for (id,) in rows]


def _query(tx: Transaction, question: Question, channel_ids: Sequence[int] | None) -> str:
    wanted = [_term(tx, term) for term in question.wanted]
    wanted += [_any(map(_word, days)) for days in days_between(question.after, question.before, tx.now)]
    found = " AND ".join(f"words : {part}" for part in wanted)
    if channel_ids is not None:
        found += f"{' AND ' if found else ''}channel : {_any(map(channel_word, channel_ids))}"
    if question.unwanted:
        found = f"({found}) NOT words : {_any(_term(tx, term) for term in question.unwanted)}"
    return found


def _any(parts: Iterable[str]) -> str:
    return f"({' OR '.join(parts)})"


def _term(tx: Transaction, term: Term) -> str:
    if term.is_beginning and len(term.words) == 1:
        return _beginning(tx, term.words[0])
    return _word(" ".join(term.words))


def _beginning(tx: Transaction, term: str) -> str:
    if len(term) < SHORTEST:
        return _word(term)
    most = MOST_WORDS if len(term) <= KEPT_READY else MOST_LONGER_WORDS
    words = _words(tx, term, most)
    if not words or len(words) > most:
        return f"{_word(term)}*"
    return f"({' OR '.join(map(_word, words))})"


def _word(term: str) -> str:
    return f'"{term}"'


def _words(tx: Transaction, beginning: str, most: int) -> list[str]:
    """The words of the index that begin so, one too many at the most: from each to the next one that it does not begin."""
    found = tx.rows(
        "WITH RECURSIVE found (word) AS ("
        "SELECT (SELECT term FROM message_search_words WHERE term >= :beginning LIMIT 1) UNION ALL"
        " SELECT (SELECT term FROM message_search_words WHERE term >= found.word || '0' LIMIT 1) FROM found"
        " WHERE found.word < :end) SELECT word FROM found WHERE word < :end LIMIT :most",
        beginning=beginning,
        end=beginning + chr(0x10FFFF),
        most=most + 1,
    )
    return [word for (word,) in found]
