"""Keep what is known of a contact: a name, and the addresses and numbers they may be reached at."""

import re

from comptoir.customers import indexing, phones
from comptoir.customers.errors import BadIdentity, HeardIdentity, IdentityTaken, LastIdentity
from comptoir.customers.identifying import EMAIL, PHONE, written
from comptoir.customers.models import Contact, Customer, Identity
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction

ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,128}@[^\s<>(),;:\"@\\.]{1,63}(\.[^\s<>(),;:\"@\\.]{1,63})+")


def create(tx: Transaction, *, name: str, addresses: list[str], customer_id: int | None) -> Contact:
    """A person whom the team knows before they ever wrote. IdentityTaken where one of the addresses is somebody's."""
    contact = Contact(name=" ".join(name.split()), address="", created_at=tx.now, customer_id=customer_id)
    tx.add(contact)
    for address in addresses:
        if address.strip():
            _write(tx, contact, address)
    indexing.index_contact(tx, contact)
    tx.record("contact.created", contact_id=contact.id, customer_id=customer_id)
    return contact


def rename(tx: Transaction, contact: Contact, name: str) -> None:
    name = " ".join(name.split())
    if contact.name == name:
        return
    contact.name = name
    indexing.index_contact(tx, contact)
    tx.record("contact.changed", contact_id=contact.id, is_renamed=True)


def add(tx: Transaction, contact: Contact, typed: str) -> None:
    """An e-mail address or a phone number, as a person types it: without a prefix, as in the customer's country."""
    if _write(tx, contact, typed):
        indexing.index_contact(tx, contact)
        tx.record("contact.changed", contact_id=contact.id, is_renamed=False)


def remove(tx: Transaction, contact: Contact, identity_id: int) -> None:
    """Not the last one, nor one by which WhatsApp itself names them: their next message would make a stranger of them."""
    identity = tx.find(Identity, identity_id)
    if identity.contact_id != contact.id:
        raise NotFound
    others = tx.rows(
        "SELECT kind, value FROM identities WHERE contact_id = :contact AND id <> :id AND ended_at IS NULL ORDER BY id",
        contact=contact.id,
        id=identity.id,
    )
    if not others:
        raise LastIdentity
    if identity.scope:
        raise HeardIdentity
    tx.remove(identity)
    if contact.address in (identity.value, f"+{identity.value}"):
        contact.address = written(*others[0])
    indexing.index_contact(tx, contact)
    tx.record("contact.changed", contact_id=contact.id, is_renamed=True)


def understood(typed: str, *, country: str | None) -> tuple[str, str]:
    """Kind and value, normalised; BadIdentity where it is neither an address nor a number."""
    text = typed.strip()
    if "@" in text:
        if ADDRESS.fullmatch(text) is None:
            raise BadIdentity(value=text)
        return EMAIL, text.lower()
    digits = phones.typed_in(text, country=country)
    if digits is None:
        raise BadIdentity(value=text)
    return PHONE, digits


def _write(tx: Transaction, contact: Contact, typed: str) -> bool:
    """Whether it is new to them."""
    country = tx.find(Customer, contact.customer_id).country if contact.customer_id else None
    kind, value = understood(typed, country=country)
    owners = tx.rows(
        "SELECT i.contact_id, c.name, c.address FROM identities i JOIN contacts c ON c.id = i.contact_id"
        " WHERE i.kind = :kind AND i.value = :value AND i.ended_at IS NULL",
        kind=kind,
        value=value,
    )
    for owner_id, name, address in owners:
        if owner_id != contact.id:
            raise IdentityTaken(value=typed.strip(), name=name or address, contact_id=owner_id)
    if owners:
        return False
    tx.add(Identity(contact_id=contact.id, kind=kind, value=value, scope=""))
    contact.address = contact.address or written(kind, value)
    return True
