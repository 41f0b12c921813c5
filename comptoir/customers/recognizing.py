"""Who is writing? The contact of an identity, made at its first message. Nobody is ever matched by display name."""

from comptoir.customers import indexing
from comptoir.customers.models import Contact, Identity
from comptoir.foundation.transaction import Transaction


def recognize(tx: Transaction, *, kind: str, value: str, name: str, scope: str = "") -> Contact:
    """The contact who owns this identity. A contact without a name takes the first one that comes."""
    contact_id = tx.value(
        "SELECT contact_id FROM identities WHERE kind = :kind AND value = :value AND scope = :scope",
        kind=kind,
        value=value,
        scope=scope,
    )
    if contact_id is not None:
        contact = tx.find(Contact, contact_id)
        if name and not contact.name:
            contact.name = name[:200]
            indexing.index_contact(tx, contact)
        return contact
    contact = Contact(name=name[:200], address=value, created_at=tx.now)
    tx.add(contact)
    tx.add(Identity(contact_id=contact.id, kind=kind, value=value, scope=scope))
    indexing.index_contact(tx, contact)
    return contact


def customer_of(tx: Transaction, contact_id: int | None) -> int | None:
    """The file that a contact belongs to, and that a conversation with them begins in."""
    return None if contact_id is None else tx.find(Contact, contact_id).customer_id


def addresses(tx: Transaction, contact_id: int) -> set[str]:
    """Every address of a contact, normalised."""
    rows = tx.rows("SELECT value FROM identities WHERE contact_id = :id", id=contact_id)
    return {value for (value,) in rows}
