"""The files and the people on them, as screens show them."""

from collections.abc import Sequence

import msgspec

from comptoir.customers import phones, public_hosts, words
from comptoir.customers.models import Contact, Customer
from comptoir.customers.schemas import (
    ContactView,
    CustomerRef,
    CustomerView,
    Duplicate,
    IdentityView,
    MergeView,
    NoteView,
)
from comptoir.foundation.errors import NotFound
from comptoir.foundation.tables import from_ms
from comptoir.foundation.transaction import Transaction

MOST_CONTACTS = 200
MOST_SUGGESTED = 5


def find(tx: Transaction, id: int) -> Customer:
    customer = tx.session.get(Customer, id)
    if customer is None:
        raise NotFound
    return customer


def find_contact(tx: Transaction, id: int) -> Contact:
    """What was merged is where it was merged into."""
    contact = tx.session.get(Contact, id)
    while contact is not None and contact.merged_into_id is not None:
        contact = tx.session.get(Contact, contact.merged_into_id)
    if contact is None:
        raise NotFound
    return contact


def ref(customer: Customer) -> CustomerRef:
    return CustomerRef(customer.id, customer.name, customer.code)


def by_code(tx: Transaction, code: str) -> CustomerRef | None:
    """However the code is cut; where the file was merged into another, the one that was kept."""
    row = tx.row(
        "SELECT c.id, c.name, c.code FROM customers a JOIN customers c ON c.id = coalesce(a.merged_into_id, a.id)"
        " WHERE a.code_key = :key",
        key=words.code_key(code),
    )
    return None if row is None else CustomerRef(*row)


def view(tx: Transaction, customer: Customer) -> CustomerView:
    ids = tx.rows(
        "SELECT id FROM contacts WHERE customer_id = :id AND merged_into_id IS NULL ORDER BY name_key, id LIMIT :most",
        id=customer.id,
        most=MOST_CONTACTS,
    )
    return CustomerView(
        id=customer.id,
        name=customer.name,
        code=customer.code,
        is_person=customer.is_person,
        owner_id=customer.owner_id,
        language=customer.language,
        country=customer.country,
        tags=customer.tags,
        fields=customer.fields,
        domains=[
            domain
            for (domain,) in tx.rows(
                "SELECT domain FROM customer_domains WHERE customer_id = :id ORDER BY domain", id=customer.id
            )
        ],
        is_archived=customer.archived_at is not None,
        created_at=customer.created_at,
        contacts=contacts(tx, [id for (id,) in ids]),
        notes=_notes(tx, customer.id),
        merges=merges(tx, "customer", customer.id),
        merged_into_id=customer.merged_into_id,
    )


def contact(tx: Transaction, contact: Contact) -> ContactView:
    return contacts(tx, [contact.id])[0]


def contacts(tx: Transaction, ids: Sequence[int]) -> list[ContactView]:
    """In the order of their ids as given."""
    if not ids:
        return []
    wanted = ", ".join(str(int(id)) for id in ids)
    identities: dict[int, list[IdentityView]] = {}
    for contact_id, id, kind, value, scope in tx.rows(
        f"SELECT contact_id, id, kind, value, scope FROM identities WHERE contact_id IN ({wanted}) AND ended_at IS NULL"
        " ORDER BY id"
    ):
        known = identities.setdefault(contact_id, [])
        if not any((one.kind, one.value) == (kind, value) for one in known):
            known.append(IdentityView(id, kind, value, phones.shown(value) if kind == "phone" else value, scope))
    found = {
        id: ContactView(
            id, name, address, identities.get(id, []), CustomerRef(*file) if file[0] is not None else None, merged
        )
        for id, name, address, merged, *file in tx.rows(
            "SELECT p.id, p.name, p.address, p.merged_into_id, f.id, f.name, f.code FROM contacts p"
            f" LEFT JOIN customers f ON f.id = p.customer_id WHERE p.id IN ({wanted})"
        )
    }
    return [found[id] for id in ids if id in found]


def suggestions(tx: Transaction, contact: Contact) -> list[CustomerRef]:
    """The files whose domain this person writes from: offered, never applied by itself. Not what a member refused."""
    if contact.customer_id is not None or contact.refuses_suggestions:
        return []
    domains = {
        public_hosts.domain_of(value)
        for (value,) in tx.rows("SELECT value FROM identities WHERE contact_id = :id AND kind = 'email'", id=contact.id)
    }
    found: dict[int, CustomerRef] = {}
    for domain in sorted(domains):
        if public_hosts.is_public(domain):
            continue
        for row in tx.rows(
            "SELECT f.id, f.name, f.code FROM customer_domains d JOIN customers f ON f.id = d.customer_id"
            " WHERE d.domain = :domain AND f.archived_at IS NULL AND f.merged_into_id IS NULL ORDER BY f.name_key LIMIT :most",
            domain=domain,
            most=MOST_SUGGESTED,
        ):
            found.setdefault(row[0], CustomerRef(*row))
    return list(found.values())[:MOST_SUGGESTED]


def merges(tx: Transaction, kind: str, kept_id: int) -> list[MergeView]:
    """Those into it that still hold, the newest first."""
    return [
        MergeView(id, kind, msgspec.json.decode(moved)["name"], from_ms(at), member_id)
        for id, moved, at, member_id in tx.rows(
            "SELECT id, moved, at, member_id FROM merges WHERE kind = :kind AND kept_id = :kept AND undone_at IS NULL"
            " ORDER BY id DESC LIMIT 10",
            kind=kind,
            kept=kept_id,
        )
    ]


def duplicates(tx: Transaction, customer: Customer) -> list[Duplicate]:
    """Files that may be the same firm: the same name, the same domain, a number or an address of one of their people."""
    found: dict[int, Duplicate] = {}
    for why, sql in _ALIKE.items():
        for id, name, detail in tx.rows(sql, id=customer.id, key=customer.name_key):
            found.setdefault(id, Duplicate(id, name, detail or "", why))
    return list(found.values())[:MOST_SUGGESTED]


def duplicate_contacts(tx: Transaction, contact: Contact) -> list[Duplicate]:
    """Contacts who may be the same person: the same number or address, or the same name at the same domain."""
    found: dict[int, Duplicate] = {}
    for id, name, address, kind in tx.rows(
        "SELECT p.id, p.name, p.address, mine.kind FROM identities mine JOIN identities other ON other.kind = mine.kind"
        " AND other.value = mine.value AND other.contact_id <> mine.contact_id JOIN contacts p ON p.id = other.contact_id"
        " WHERE mine.contact_id = :id AND mine.kind IN ('email', 'phone') AND mine.ended_at IS NULL"
        " AND other.ended_at IS NULL AND p.merged_into_id IS NULL LIMIT 20",
        id=contact.id,
    ):
        found.setdefault(id, Duplicate(id, name, address, kind))
    if contact.name_key:
        for id, name, address in tx.rows(
            "SELECT id, name, address FROM contacts WHERE name_key = :key AND id <> :id AND merged_into_id IS NULL LIMIT 20",
            key=contact.name_key,
            id=contact.id,
        ):
            if _are_of_one_firm(tx, contact, id):
                found.setdefault(id, Duplicate(id, name, address, "name"))
    return list(found.values())[:MOST_SUGGESTED]


_ALIKE = {
    "name": (
        "SELECT f.id, f.name, f.code FROM customers f WHERE f.name_key = :key AND f.id <> :id AND f.merged_into_id IS NULL"
        " LIMIT 20"
    ),
    "domain": (
        "SELECT f.id, f.name, d.domain FROM customer_domains mine JOIN customer_domains d ON d.domain = mine.domain"
        " AND d.customer_id <> mine.customer_id JOIN customers f ON f.id = d.customer_id"
        " WHERE mine.customer_id = :id AND f.merged_into_id IS NULL LIMIT 20"
    ),
    "phone": (
        "SELECT f.id, f.name, p.address FROM contacts ours JOIN identities mine ON mine.contact_id = ours.id"
        " JOIN identities other ON other.kind = mine.kind AND other.value = mine.value AND other.contact_id <> ours.id"
        " JOIN contacts p ON p.id = other.contact_id JOIN customers f ON f.id = p.customer_id"
        " WHERE ours.customer_id = :id AND mine.kind IN ('email', 'phone') AND f.id <> :id AND f.merged_into_id IS NULL"
        " LIMIT 20"
    ),
}


def _are_of_one_firm(tx: Transaction, contact: Contact, other_id: int) -> bool:
    """They belong to one file, or write from one domain that is a firm's own."""
    other = tx.find(Contact, other_id)
    if contact.customer_id is not None and contact.customer_id == other.customer_id:
        return True
    return not _own_domains(tx, contact.id).isdisjoint(_own_domains(tx, other_id))


def _own_domains(tx: Transaction, contact_id: int) -> set[str]:
    rows = tx.rows("SELECT value FROM identities WHERE contact_id = :id AND kind = 'email'", id=contact_id)
    domains = {public_hosts.domain_of(value) for (value,) in rows}
    return {domain for domain in domains if not public_hosts.is_public(domain)}


def _notes(tx: Transaction, customer_id: int) -> list[NoteView]:
    return [
        NoteView(id, member_id, from_ms(at), text)
        for id, member_id, at, text in tx.rows(
            "SELECT id, member_id, at, text FROM customer_notes WHERE customer_id = :id ORDER BY id DESC LIMIT 100",
            id=customer_id,
        )
    ]
