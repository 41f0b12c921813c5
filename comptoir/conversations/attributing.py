"""Who a mail is really from: the customer whom a colleague forwarded, the person behind a group's or a form's address.

Our own addresses are never a customer's. What a forward says of its author is a guess: it is shown as one, and one click
gives the mail back to the colleague.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from comptoir.channels import queries as channels
from comptoir.channels.port import Incoming, Person
from comptoir.conversations.errors import NotForwarded
from comptoir.conversations.models import Conversation, Message
from comptoir.customers import recognizing
from comptoir.customers.models import Contact
from comptoir.foundation.transaction import Transaction


def unfold(tx: Transaction, incoming: Incoming) -> tuple[Incoming, dict[str, Any] | None]:
    """A mail that a colleague or a mailbox of ours passes on reads as if its author had sent it; and what to remember of that.
    Only a sender whom the receiving server does not disbelieve may speak for somebody else."""
    author, colleague = incoming.forwarded_from, incoming.sender
    if author is None:
        return incoming, None
    speaks_for = not incoming.is_forged and _is_of_the_house(tx, colleague.address)
    if not speaks_for or _is_of_the_house(tx, author.address):
        return msgspec.structs.replace(incoming, forwarded_from=None), None
    others = tuple(person for person in incoming.cc if person.address != colleague.address)
    mail = msgspec.structs.replace(incoming, sender=author, reply_to=(), cc=others)
    return mail, {"forwarded_by": {"address": colleague.address, "name": colleague.name}}


def contact_of(tx: Transaction, incoming: Incoming) -> Contact | None:
    """Who to answer: a single Reply-To that is neither ours nor the list's (contact forms), else who wrote to the group, else
    the sender, unless it is ourselves."""
    own = channels.own_addresses(tx)
    person = _answerable(incoming, own)
    if not person.address or channels.is_own(person.address, own):
        return None
    name = person.name or (incoming.sender.name if person is not incoming.sender else "")
    return recognizing.recognize(tx, kind="email", value=person.address, name=name)


def give_to_colleague(tx: Transaction, message: Message) -> None:
    """The guess was wrong: the mail is from the colleague who sent it, and nobody's customer."""
    colleague = (message.context or {}).get("forwarded_by")
    if not colleague:
        raise NotForwarded
    author = message.recipients["from"][0]
    context = {"forwarded_from": {"address": author[0], "name": author[1]}}
    _attribute(tx, message, colleague, None, context)


def give_to_author(tx: Transaction, message: Message) -> None:
    """Back to who seems to have written it."""
    author = (message.context or {}).get("forwarded_from")
    if not author:
        raise NotForwarded
    colleague = message.recipients["from"][0]
    contact = recognizing.recognize(tx, kind="email", value=author["address"], name=author["name"])
    context = {"forwarded_by": {"address": colleague[0], "name": colleague[1]}}
    _attribute(tx, message, author, contact, context)


def _attribute(
    tx: Transaction, message: Message, sender: Mapping[str, str], contact: Contact | None, context: dict[str, Any]
) -> None:
    conversation = tx.find(Conversation, message.conversation_id)
    if conversation.contact_id == message.contact_id:
        conversation.contact_id = contact.id if contact else None
    message.contact_id = contact.id if contact else None
    message.recipients = {**message.recipients, "from": [[sender["address"], sender["name"]]]}
    kept = {key: value for key, value in (message.context or {}).items() if not key.startswith("forwarded_")}
    message.context = {**kept, **context}
    conversation.version += 1
    tx.record(
        "message.attributed",
        conversation_id=conversation.id,
        message_id=message.id,
        channel_id=message.channel_id,
        address=sender["address"],
    )


def _answerable(incoming: Incoming, own: set[str]) -> Person:
    is_from_group = channels.is_own(incoming.sender.address, own) or (
        bool(incoming.list_address) and incoming.sender.address == incoming.list_address
    )
    if len(incoming.reply_to) == 1:
        person = incoming.reply_to[0]
        if not channels.is_own(person.address, own) and person.address != incoming.list_address:
            return person
    if is_from_group and incoming.original_sender is not None:
        return incoming.original_sender
    return incoming.sender


def _is_of_the_house(tx: Transaction, address: str) -> bool:
    if not address:
        return False
    if channels.is_own(address, channels.own_addresses(tx)):
        return True
    return tx.value("SELECT 1 FROM members WHERE email = :address AND is_active", address=address) is not None
