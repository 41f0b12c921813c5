"""Say to which customer's file a conversation belongs; and, on request, its contact with all that they wrote.

A link is made by a member or follows from the contact's own; a name alone never makes one.
"""

from comptoir.channels import queries as channels
from comptoir.conversations.models import Conversation
from comptoir.customers import editing, public_hosts
from comptoir.customers.errors import CustomerArchived
from comptoir.customers.models import Contact, Customer
from comptoir.foundation.transaction import Transaction

MOST_TOLD = 200  # conversations of one contact whose timelines say so; the others are linked all the same


def link(tx: Transaction, conversation: Conversation, customer: Customer, *, with_contact: bool = False) -> None:
    """CustomerArchived where the file is no longer in use."""
    _must_be_in_use(customer)
    _put(tx, conversation, customer)
    if with_contact and conversation.contact_id is not None:
        belong(tx, tx.find(Contact, conversation.contact_id), customer)


def unlink(tx: Transaction, conversation: Conversation) -> None:
    """The conversation alone; its contact stays where they are."""
    was = conversation.customer_id
    if was is not None:
        name = tx.find(Customer, was).name
        conversation.customer_id = None
        _tell(tx, conversation, "conversation.customer_unlinked", was, name)


def belong(tx: Transaction, contact: Contact, customer: Customer) -> None:
    """The contact is one of this customer's people. Their conversations follow, but for those that somebody linked elsewhere."""
    _must_be_in_use(customer)
    was = contact.customer_id
    if was != customer.id:
        contact.customer_id = customer.id
        contact.refuses_suggestions = False
        for address in _addresses(tx, contact):
            editing.learn_domain(tx, customer.id, address)
        tx.record("contact.linked", contact_id=contact.id, customer_id=customer.id)
    for conversation in _theirs(tx, contact, was, to=customer.id):
        _put(tx, conversation, customer)


def leave(tx: Transaction, contact: Contact) -> None:
    """Nobody's contact any more; their conversations leave that file with them."""
    was = contact.customer_id
    if was is None:
        return
    name = tx.find(Customer, was).name
    theirs = _theirs(tx, contact, was, to=None)
    contact.customer_id = None
    tx.record("contact.unlinked", contact_id=contact.id, customer_id=was)
    for conversation in theirs:
        if conversation.customer_id == was:
            conversation.customer_id = None
            _tell(tx, conversation, "conversation.customer_unlinked", was, name)


def refuse(tx: Transaction, contact: Contact) -> None:
    """None of the suggested files is theirs: do not suggest any more."""
    if not contact.refuses_suggestions:
        contact.refuses_suggestions = True
        tx.record("contact.changed", contact_id=contact.id, is_renamed=False)


def _must_be_in_use(customer: Customer) -> None:
    if not customer.is_current:
        raise CustomerArchived(name=customer.name)


def _theirs(tx: Transaction, contact: Contact, customer_id: int | None, *, to: int | None) -> list[Conversation]:
    """What they wrote that is on no file, or on the one that they were on; past a few hundred only the rows change."""
    ids = [
        id
        for (id,) in tx.rows(
            "SELECT id FROM conversations WHERE contact_id = :contact AND (customer_id IS NULL OR customer_id = :customer)"
            " ORDER BY last_at DESC, id DESC LIMIT :most",
            contact=contact.id,
            customer=customer_id or 0,
            most=MOST_TOLD,
        )
    ]
    if len(ids) == MOST_TOLD:
        tx.execute(
            "UPDATE conversations SET customer_id = :new, version = version + 1"
            " WHERE contact_id = :contact AND (customer_id IS NULL OR customer_id = :customer)"
            f" AND id NOT IN ({', '.join(map(str, ids))})",
            new=to,
            contact=contact.id,
            customer=customer_id or 0,
        )
    return [tx.find(Conversation, id) for id in ids]


def _put(tx: Transaction, conversation: Conversation, customer: Customer) -> None:
    if conversation.customer_id != customer.id:
        conversation.customer_id = customer.id
        _tell(tx, conversation, "conversation.customer_linked", customer.id, customer.name)


def _tell(tx: Transaction, conversation: Conversation, type: str, customer_id: int, name: str) -> None:
    conversation.version += 1
    tx.record(
        type,
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        customer_id=customer_id,
        name=name,
    )


def _addresses(tx: Transaction, contact: Contact) -> list[str]:
    """Those whose domain says of which firm they are: not a public host's, nor the house's own."""
    rows = tx.rows("SELECT value FROM identities WHERE contact_id = :id AND kind = 'email'", id=contact.id)
    ours = {public_hosts.domain_of(address) for address in channels.own_addresses(tx)}
    domains = ((value, public_hosts.domain_of(value)) for (value,) in rows)
    return [value for value, domain in domains if domain not in ours and not public_hosts.is_public(domain)]
