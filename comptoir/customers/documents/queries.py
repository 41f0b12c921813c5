"""The documents of a customer, newest first; and whose document a number is."""

from comptoir.customers import words
from comptoir.customers.documents.schemas import DocumentPage, DocumentView
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction

PAGE = 20
VIEW = "id, kind, number, issued_on, state, total_cents, currency, link, customer_id"


def of_customer(tx: Transaction, customer_id: int, *, cursor: str | None = None, limit: int = PAGE) -> DocumentPage:
    """`cursor`: the `next` of the page before."""
    day, _, id = (cursor or "").partition("_")
    below = "AND (issued_on, id) < (:day, :id)" if id.isdigit() else ""
    found = tx.rows(
        f"SELECT {VIEW} FROM documents WHERE customer_id = :customer {below} ORDER BY issued_on DESC, id DESC LIMIT :limit",
        customer=customer_id,
        limit=limit + 1,
        **({"day": day, "id": int(id)} if below else {}),
    )
    documents = [DocumentView(*row) for row in found[:limit]]
    last = documents[-1] if len(found) > limit else None
    return DocumentPage(documents, f"{last.issued_on}_{last.id}" if last else None)


def by_number(tx: Transaction, kind: str, number: str) -> DocumentView:
    row = tx.row(
        f"SELECT {VIEW} FROM documents WHERE kind = :kind AND normalised = :number",
        kind=kind,
        number=words.code_key(number),
    )
    if row is None:
        raise NotFound
    return DocumentView(*row)


def whose(tx: Transaction, typed: str, *, limit: int = 10) -> list[tuple[int, DocumentView]]:
    """Documents whose number begins so (four characters at least), with the customer of each."""
    beginning = words.code_key(typed) or ""
    if len(beginning) < 4 or not any(c.isdigit() for c in beginning):
        return []
    found = tx.rows(
        f"SELECT {VIEW} FROM documents WHERE normalised >= :start AND normalised < :end AND customer_id IS NOT NULL"
        " ORDER BY normalised LIMIT :limit",
        start=beginning,
        end=f"{beginning}\U0010ffff",
        limit=limit,
    )
    return [(row[-1], DocumentView(*row)) for row in found]
