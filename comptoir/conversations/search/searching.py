"""What a member types, what they find: messages, newest first, of every age and status (spam when asked for), in what they see."""

from comptoir.conversations.rows import rows_of
from comptoir.conversations.schemas import SearchHit, SearchPage
from comptoir.conversations.search import postgres, sqlite
from comptoir.conversations.search.excerpts import excerpt
from comptoir.conversations.search.question import Question, understand
from comptoir.foundation.tables import from_ms
from comptoir.foundation.transaction import Transaction
from comptoir.team import queries as team

PAGE = 25
EVERYTHING = 2**62


def search(tx: Transaction, query: str, *, cursor: int | None = None) -> SearchPage:
    """`cursor` is the message id that the page before ended at. BadDate when an operator's date is none."""
    question = understand(query, now=tx.now, zone=team.zone_of_actor(tx))
    if question.is_empty or tx.actor.channel_ids == ():
        return SearchPage([], None)
    matches = sqlite.matches if tx.is_sqlite else postgres.matches
    ids = matches(tx, question, tx.actor.channel_ids, below=cursor or EVERYTHING, limit=PAGE + 1)
    hits = _hits(tx, ids[:PAGE], question)
    return SearchPage(hits, str(ids[PAGE - 1]) if len(ids) > PAGE else None, list(question.marks))


def _hits(tx: Transaction, ids: list[int], question: Question) -> list[SearchHit]:
    if not ids:
        return []
    found = tx.rows(
        "SELECT id, conversation_id, at, subject, substr(text, 1, 20000) FROM messages"
        f" WHERE id IN ({', '.join(map(str, ids))}) ORDER BY id DESC"
    )
    rows = {row.id: row for row in rows_of(tx, list({conversation_id for _, conversation_id, *_ in found}))}
    return [
        SearchHit(id, from_ms(at), excerpt(text or subject, question.marks), rows[conversation_id])
        for id, conversation_id, at, subject, text in found
        if conversation_id in rows and (rows[conversation_id].status == "spam") == question.is_spam
    ]
