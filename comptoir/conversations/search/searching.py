"""What a member types, what they find: messages, newest first, of every age and status, in the channels that they see."""

from comptoir.conversations.rows import rows_of
from comptoir.conversations.schemas import SearchHit, SearchPage
from comptoir.conversations.search import postgres, sqlite
from comptoir.conversations.search.words import fold, terms
from comptoir.foundation.tables import from_ms
from comptoir.foundation.transaction import Transaction

PAGE = 25
AROUND = 70  # characters of an excerpt before the first match
LENGTH = 200
MARK, UNMARK = "\x01", "\x02"
EVERYTHING = 2**62


def search(tx: Transaction, query: str, *, cursor: int | None = None) -> SearchPage:
    """`cursor` is the message id that the page before ended at."""
    wanted = terms(query)
    if not wanted or tx.actor.channel_ids == ():
        return SearchPage([], None)
    matches = sqlite.matches if tx.is_sqlite else postgres.matches
    ids = matches(tx, wanted, tx.actor.channel_ids, below=cursor or EVERYTHING, limit=PAGE + 1)
    hits = _hits(tx, ids[:PAGE], wanted)
    return SearchPage(hits, str(ids[PAGE - 1]) if len(ids) > PAGE else None)


def _hits(tx: Transaction, ids: list[int], wanted: list[str]) -> list[SearchHit]:
    if not ids:
        return []
    found = tx.rows(
        "SELECT id, conversation_id, at, subject, substr(text, 1, 20000) FROM messages"
        f" WHERE id IN ({', '.join(map(str, ids))}) ORDER BY id DESC"
    )
    rows = {row.id: row for row in rows_of(tx, list({conversation_id for _, conversation_id, *_ in found}))}
    return [
        SearchHit(id, from_ms(at), excerpt(text or subject, wanted), rows[conversation_id])
        for id, conversation_id, at, subject, text in found
        if conversation_id in rows
    ]


def excerpt(text: str, wanted: list[str]) -> str:
    """A piece of the text around the first match, the matches marked."""
    folded = fold(text)
    at = min((place for term in wanted if (place := folded.find(term)) >= 0), default=0)
    start = max(0, at - AROUND)
    piece, folded = text[start : start + LENGTH], folded[start : start + LENGTH]
    marks = sorted({place for term in wanted for place in _places(folded, term)})
    out, position = [], 0
    for begin, end in marks:
        if begin >= position:
            out += [piece[position:begin], MARK, piece[begin:end], UNMARK]
            position = end
    out.append(piece[position:])
    joined = " ".join("".join(out).split())
    return ("…" if start else "") + joined + ("…" if start + LENGTH < len(text) else "")


def _places(folded: str, term: str) -> list[tuple[int, int]]:
    places, at = [], folded.find(term)
    while at >= 0:
        places.append((at, at + len(term)))
        at = folded.find(term, at + len(term))
    return places
