"""What stands beside a thread while answering: who this is, whose customer, what else is open, what was said elsewhere."""

from comptoir.conversations.customers.profile import SHOWN
from comptoir.conversations.customers.schemas import CustomerSummary, Details
from comptoir.conversations.models import Conversation
from comptoir.conversations.rows import COLUMNS, JOINS, to_rows
from comptoir.conversations.schemas import ConversationRow
from comptoir.customers import queries as customers
from comptoir.customers.lookups import connecting
from comptoir.customers.models import Customer
from comptoir.customers.schemas import ContactView
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import visible

MOST_OPEN = 5
LOOKED_AT = 60  # of the newest others, for the newest on each channel


def of(tx: Transaction, conversation: Conversation) -> Details:
    contact = None if conversation.contact_id is None else customers.find_contact(tx, conversation.contact_id)
    customer = None if conversation.customer_id is None else tx.find(Customer, conversation.customer_id)
    shown = None if contact is None else customers.contact(tx, contact)
    others = _others(tx, conversation)
    return Details(
        contact=shown,
        customer=None if customer is None else _summary(customer),
        suggestions=customers.suggestions(tx, contact) if contact is not None and customer is None else [],
        duplicates=customers.duplicate_contacts(tx, contact) if contact is not None else [],
        open=[row for row in others if row.status != "resolved"][:MOST_OPEN],
        elsewhere=_newest_by_channel(others, conversation.channel_id),
        mail_to=_first(shown, "email"),
        phone_to=_first(shown, "phone"),
        can_look_up=customer is None and shown is not None and _can_look_up(tx, shown),
    )


def _others(tx: Transaction, conversation: Conversation) -> list[ConversationRow]:
    """The newest other conversations of this customer; of this contact, where there is no file."""
    column = "customer_id" if conversation.customer_id is not None else "contact_id"
    whose = conversation.customer_id if conversation.customer_id is not None else conversation.contact_id
    if whose is None:
        return []
    found = tx.rows(
        f"SELECT {COLUMNS} FROM (SELECT c.id, c.last_at FROM conversations c WHERE c.{column} = :whose AND c.id <> :id"
        f" AND {visible(tx.actor)} AND {SHOWN} ORDER BY c.last_at DESC, c.id DESC LIMIT {LOOKED_AT}"
        f") k JOIN conversations c ON c.id = k.id {JOINS} ORDER BY k.last_at DESC, k.id DESC",
        whose=whose,
        id=conversation.id,
    )
    return to_rows(tx, found)


def _newest_by_channel(others: list[ConversationRow], here: int) -> list[ConversationRow]:
    newest: dict[int, ConversationRow] = {}
    for row in others:
        if row.channel_id != here:
            newest.setdefault(row.channel_id, row)
    return list(newest.values())


def _summary(customer: Customer) -> CustomerSummary:
    return CustomerSummary(
        customer.id,
        customer.name,
        customer.code,
        customer.owner_id,
        customer.country,
        customer.tags,
        customer.fields,
    )


def _can_look_up(tx: Transaction, contact: ContactView) -> bool:
    return connecting.can_ask_about(tx, {one.kind for one in contact.identities})


def _first(contact: ContactView | None, kind: str) -> str | None:
    """The newest that they were seen or said to have."""
    found = [one.value for one in contact.identities if one.kind == kind] if contact is not None else []
    return None if not found else f"+{found[0]}" if kind == "phone" else found[0]
