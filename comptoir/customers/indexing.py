"""Keep the words by which a customer or a contact is found. Every act that names somebody ends here."""

from collections.abc import Mapping

from comptoir.customers import words
from comptoir.customers.directory import batches
from comptoir.customers.models import Contact, Customer
from comptoir.foundation.among import rows_among
from comptoir.foundation.transaction import Transaction


def index_customer(tx: Transaction, customer: Customer) -> None:
    """After its name, its code or its domains changed."""
    customer.name_key = words.key(customer.name)
    customer.code_key = words.code_key(customer.code)
    tx.flush()
    domains = [
        domain for (domain,) in tx.rows("SELECT domain FROM customer_domains WHERE customer_id = :id", id=customer.id)
    ]
    found = set() if customer.merged_into_id else words.of_customer(customer.name, customer.code, domains)
    _keep(tx, "customer", customer.id, found)


def index_contact(tx: Transaction, contact: Contact) -> None:
    """After their name or what they write from changed."""
    contact.name_key = words.key(contact.name)
    named = tx.rows("SELECT kind, value FROM identities WHERE contact_id = :id AND ended_at IS NULL", id=contact.id)
    found = (
        set() if contact.merged_into_id else words.of_contact(contact.name, [(kind, value) for kind, value in named])
    )
    _keep(tx, "contact", contact.id, found)


def index_many(tx: Transaction, whose: str, *, fresh: Mapping[int, set[str]], again: Mapping[int, set[str]]) -> None:
    """Customers or contacts of a batch, by their ids: those who were just made, and those who were known by other words."""
    known: dict[int, set[str]] = {id: set() for id in again}
    for id, word in rows_among(
        tx, f"SELECT {whose}_id, word FROM {whose}_words WHERE {whose}_id IN ({{values}})", again
    ):
        known[id].add(word)
    table, columns = f"{whose}_words", ("word", f"{whose}_id")
    batches.delete(tx, table, columns, _sorted({id: known[id] - found for id, found in again.items()}))
    learnt = {id: found - known[id] for id, found in again.items()}
    batches.insert(tx, table, columns, _sorted({**fresh, **learnt}))


def _sorted(found: Mapping[int, set[str]]) -> list[tuple[str, int]]:
    """As they lie in the table."""
    rows = [(word, id) for id, some in found.items() for word in some]
    rows.sort()
    return rows


def _keep(tx: Transaction, whose: str, id: int, found: set[str]) -> None:
    known = {word for (word,) in tx.rows(f"SELECT word FROM {whose}_words WHERE {whose}_id = :id", id=id)}
    for word in known - found:
        tx.execute(f"DELETE FROM {whose}_words WHERE word = :word AND {whose}_id = :id", word=word, id=id)
    fresh = sorted(found - known)
    if fresh:
        rows = ", ".join(f"(:word{n}, :id)" for n in range(len(fresh)))
        given = {f"word{n}": word for n, word in enumerate(fresh)}
        tx.execute(f"INSERT INTO {whose}_words (word, {whose}_id) VALUES {rows}", id=id, **given)
