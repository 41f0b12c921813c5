"""A few letters or digits find a file: by its name, its code, its domain, by the name, the address or the number of one of its
people, or by the number of one of its documents. Every word typed must begin one of theirs.

A rare word is looked up, a frequent one only checks what the others found: "garage morel" costs what "morel" costs.
"""

from collections.abc import Sequence

from comptoir.customers import words
from comptoir.customers.documents import queries as documents
from comptoir.customers.schemas import CustomerHit, CustomerRef
from comptoir.foundation.transaction import Transaction

RARE = 500  # words that begin alike are counted so far
LOOKED_AT = 200  # candidates that are ranked
END = "\U0010ffff"


def customers(tx: Transaction, line: str, *, limit: int = 10) -> list[CustomerHit]:
    """Files in use, the closest first: the code itself, then names that begin so, then by name."""
    asked = words.asked(line)
    whole = words.code_key(line)
    if not asked:
        return []
    hits = [*_by_code(tx, whole), *_by_name(tx, asked), *_by_contact(tx, asked), *_by_document(tx, line)]
    start = words.key(line)
    found: dict[int, CustomerHit] = {}
    for hit in hits:
        found.setdefault(hit.customer.id, hit)
    by_closeness = sorted(
        found.values(),
        key=lambda hit: (
            words.code_key(hit.customer.code) != whole,
            hit.contact_id is not None,
            not words.key(hit.customer.name).startswith(start),
            words.key(hit.customer.name),
        ),
    )
    return by_closeness[:limit]


def condition(tx: Transaction, line: str, alias: str) -> tuple[str, dict[str, str]]:
    """What SQL says of the customers `alias` that this line finds, and its values; for a list with an order of its own."""
    asked = words.asked(line)
    if not asked:
        return "1 = 0", {}
    of_file, given = _all_of(tx, "customer", asked, alias)
    of_contact, more = _all_of(tx, "contact", asked, "p")
    if _count(tx, "contact", asked[0]) < RARE:
        theirs = f"{alias}.id IN (SELECT p.customer_id FROM contacts p WHERE p.merged_into_id IS NULL AND {of_contact})"
    else:
        theirs = f"EXISTS (SELECT 1 FROM contacts p WHERE p.customer_id = {alias}.id AND {of_contact})"
    return f"(({of_file}) OR {theirs})", given | more


def _all_of(tx: Transaction, whose: str, asked: Sequence[str], alias: str) -> tuple[str, dict[str, str]]:
    """Rows of `alias` that every word finds. A rare word is looked up once; a frequent one is asked of each row in its turn."""
    table, owner = f"{whose}_words", f"{whose}_id"
    tests: list[str] = []
    given: dict[str, str] = {}
    for n, word in enumerate(asked):
        low, high = f"{whose}{n}", f"{whose}_end{n}"
        given |= {low: word, high: word + END}
        span = f"o.word >= :{low} AND o.word < :{high}"
        if _count(tx, whose, word) < RARE:
            tests.append(f"{alias}.id IN (SELECT o.{owner} FROM {table} o WHERE {span})")
        else:
            tests.append(f"EXISTS (SELECT 1 FROM {table} o WHERE o.{owner} = {alias}.id AND {span})")
    return " AND ".join(tests), given


def _count(tx: Transaction, whose: str, word: str) -> int:
    return int(
        tx.value(
            f"SELECT count(*) FROM (SELECT 1 AS one FROM {whose}_words WHERE word >= :word AND word < :end LIMIT {RARE}) n",
            word=word,
            end=word + END,
        )
    )


def _by_code(tx: Transaction, key: str | None) -> list[CustomerHit]:
    found = tx.rows(
        "SELECT id, name, code FROM customers WHERE code_key = :key AND archived_at IS NULL AND merged_into_id IS NULL",
        key=key,
    )
    return [CustomerHit(CustomerRef(*row)) for row in found]


def _by_name(tx: Transaction, asked: Sequence[str]) -> list[CustomerHit]:
    test, given = _all_of(tx, "customer", asked, "f")
    found = tx.rows(
        f"SELECT f.id, f.name, f.code FROM customers f WHERE {test}"
        f" AND f.archived_at IS NULL AND f.merged_into_id IS NULL LIMIT {LOOKED_AT}",
        **given,
    )
    return [CustomerHit(CustomerRef(*row)) for row in found]


def _by_contact(tx: Transaction, asked: Sequence[str]) -> list[CustomerHit]:
    test, given = _all_of(tx, "contact", asked, "p")
    found = tx.rows(
        "SELECT f.id, f.name, f.code, p.id, p.name, p.address FROM contacts p JOIN customers f ON f.id = p.customer_id"
        f" WHERE {test} AND p.customer_id IS NOT NULL AND p.merged_into_id IS NULL"
        f" AND f.archived_at IS NULL AND f.merged_into_id IS NULL LIMIT {LOOKED_AT}",
        **given,
    )
    return [CustomerHit(CustomerRef(*row[:3]), *row[3:]) for row in found]


def _by_document(tx: Transaction, line: str) -> list[CustomerHit]:
    found = []
    for customer_id, document in documents.whose(tx, line):
        row = tx.row(
            "SELECT id, name, code FROM customers WHERE id = :id AND archived_at IS NULL AND merged_into_id IS NULL",
            id=customer_id,
        )
        found += [CustomerHit(CustomerRef(*row), document=document.number)] if row else []
    return found
