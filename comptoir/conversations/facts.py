"""What the fields of templates say in one conversation: {{contact.first_name}} is "Léa" here. Keys are templates.filling.FIELDS."""

from comptoir.conversations.models import Conversation
from comptoir.customers.identifying import EMAIL, PHONE, address_of
from comptoir.foundation.transaction import Transaction
from comptoir.templates.filling import first_and_last


def facts_of(tx: Transaction, conversation: Conversation) -> dict[str, str]:
    """Every field, "" where it is not known. The member is who asks."""
    contact_name = tx.value("SELECT name FROM contacts WHERE id = :id", id=conversation.contact_id) or ""
    member_name, member_email = tx.row("SELECT name, email FROM members WHERE id = :id", id=tx.actor.id) or ("", "")
    channel_name, channel_address = tx.row(
        "SELECT name, address FROM channels WHERE id = :id", id=conversation.channel_id
    ) or ("", "")
    first, last = first_and_last(contact_name)
    return {
        "contact.first_name": first,
        "contact.last_name": last,
        "contact.name": contact_name.strip(),
        "contact.email": address_of(tx, conversation.contact_id, EMAIL),
        "contact.phone": address_of(tx, conversation.contact_id, PHONE),
        "member.first_name": first_and_last(member_name)[0],
        "member.name": member_name,
        "member.email": member_email,
        "conversation.subject": conversation.subject,
        "conversation.number": str(conversation.id),
        "channel.name": channel_name,
        "channel.address": channel_address,
        "organisation.name": tx.value("SELECT name FROM organisations WHERE id = 1") or "",
    }
