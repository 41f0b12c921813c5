"""The directory as our own tables have it: what files, the API and the ERP brought, and what members wrote."""

from collections.abc import Sequence

import msgspec

from comptoir.customers import words
from comptoir.customers.directory.port import GivenContact, GivenCustomer, GivenDocument, Known, Question
from comptoir.foundation.database import Database
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction

NEWEST_DOCUMENTS = 50


class Tables:
    """A customers.directory.port.Directory."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, question: Question) -> Known:
        return await self._database.read(lambda tx: answer(tx, question))


def answer(tx: Transaction, question: Question) -> Known:
    ids = _found(tx, question)
    return Known(
        customers=[customer for id in ids if (customer := record(tx, id)) is not None],
        documents=[document for id in ids for document in _documents(tx, id)],
    )


def by_code(tx: Transaction, code: str) -> GivenCustomer:
    """NotFound where no customer has it."""
    id = tx.value(
        "SELECT coalesce(merged_into_id, id) FROM customers WHERE code_key = :code", code=words.code_key(code)
    )
    found = None if id is None else record(tx, id)
    if found is None:
        raise NotFound
    return found


def record(tx: Transaction, customer_id: int) -> GivenCustomer | None:
    row = tx.row(
        "SELECT c.code, c.name, c.is_person, c.country, c.language, m.email, c.tags, c.fields FROM customers c"
        " LEFT JOIN members m ON m.id = c.owner_id WHERE c.id = :id",
        id=customer_id,
    )
    if row is None:
        return None
    code, name, is_person, country, language, owner, tags, fields = row
    return GivenCustomer(
        code=code or "",
        name=name,
        is_person=bool(is_person),
        country=country,
        language=language,
        owner=owner,
        tags=msgspec.json.decode(tags),
        fields=msgspec.json.decode(fields),
        contacts=_contacts(tx, customer_id),
    )


def _contacts(tx: Transaction, customer_id: int) -> list[GivenContact]:
    found: dict[int, GivenContact] = {}
    for id, name, kind, value in tx.rows(
        "SELECT c.id, c.name, i.kind, i.value FROM contacts c LEFT JOIN identities i ON i.contact_id = c.id"
        " AND i.ended_at IS NULL WHERE c.customer_id = :customer AND c.merged_into_id IS NULL ORDER BY c.id, i.id",
        customer=customer_id,
    ):
        contact = found.setdefault(id, GivenContact(name=name, emails=[], phones=[]))
        if kind == "email":
            contact.emails.append(value)
        elif kind == "phone" and f"+{value}" not in contact.phones:
            contact.phones.append(f"+{value}")
    return list(found.values())


def _documents(tx: Transaction, customer_id: int) -> Sequence[GivenDocument]:
    rows = tx.rows(
        "SELECT d.kind, d.number, coalesce(c.code, ''), d.issued_on, d.state, d.total_cents, d.currency, d.link"
        " FROM documents d JOIN customers c ON c.id = d.customer_id WHERE d.customer_id = :customer"
        f" ORDER BY d.issued_on DESC, d.id DESC LIMIT {NEWEST_DOCUMENTS}",
        customer=customer_id,
    )
    return [
        GivenDocument(
            kind=kind,
            number=number,
            customer=code,
            issued_on=day,
            state=state,
            total=None if cents is None else cents / 100,
            currency=currency,
            link=link,
        )
        for kind, number, code, day, state, cents, currency, link in rows
    ]


def _found(tx: Transaction, question: Question) -> list[int]:
    if question.code:
        where, value = (
            "SELECT coalesce(merged_into_id, id) FROM customers WHERE code_key = :value",
            words.code_key(question.code),
        )
    else:
        kind, value = ("email", question.email.lower()) if question.email else ("phone", question.phone)
        where = (
            "SELECT DISTINCT c.customer_id FROM identities i JOIN contacts c ON c.id = i.contact_id"
            f" WHERE i.kind = '{kind}' AND i.value = :value AND i.ended_at IS NULL AND c.customer_id IS NOT NULL"
        )
    return [id for (id,) in tx.rows(where, value=value)]
