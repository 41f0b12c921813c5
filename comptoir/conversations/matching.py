"""Which conversation does an incoming mail belong to? The order and the guards of docs/decisions/0010-right-place.md.

From the mail it answers to the oldest one of its chain: 1. one of ours, whose token nobody outside can make; 2. what
In-Reply-To names; 3. what References name, unless the subject is another one (people answer an old mail to write about
something new). 4. An address of ours that carries a token. 5. What messages here answer already, come late. 6. The same
subject from the same person, lately, in a conversation still open. Everything stays within one channel, and an outsider who
only quotes a Message-ID does not get in: they open a conversation that says where they came from.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from msgspec import Struct

from comptoir.channels.models import Channel
from comptoir.channels.port import Incoming
from comptoir.conversations import awaiting, redirects
from comptoir.conversations.models import Conversation, Status
from comptoir.customers.models import Contact
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.mail import threads

SAME_SUBJECT_WITHIN = timedelta(days=7)

OUTSIDER = "outsider"
OTHER_SUBJECT = "other_subject"


class Match(Struct, frozen=True):
    """`reason`: token, in_reply_to, references, awaited, subject; or new. A new one may have an `origin`: the conversation that
    the mail names and where it may not go, for the reason `apart` (outsider, other_subject). `waiting`: the conversations
    that hold answers to it, or to what it answers."""

    conversation: Conversation | None
    reason: str
    origin: Conversation | None = None
    apart: str = ""
    waiting: tuple[Conversation, ...] = ()


def match(
    tx: Transaction,
    channel: Channel,
    incoming: Incoming,
    contact: Contact | None,
    *,
    token_key: bytes,
) -> Match:
    waiting = awaiting.waiting_for(tx, channel.id, [incoming.header_id, *_answered(incoming)])
    found = _match(tx, channel, incoming, contact, waiting, token_key)
    return msgspec.structs.replace(found, waiting=tuple(waiting)) if waiting else found


def _match(
    tx: Transaction,
    channel: Channel,
    incoming: Incoming,
    contact: Contact | None,
    waiting: Sequence[Conversation],
    token_key: bytes,
) -> Match:
    subject = threads.normalise_subject(incoming.subject)
    refused = Match(None, "new")
    for header_id in _answered(incoming):
        found, is_ours = _by_header(tx, channel, header_id, token_key)
        if found is None:
            continue
        if is_ours:
            return Match(found, "token")
        if not takes_part(tx, found, incoming, contact):
            refused = refused if refused.origin else Match(None, "new", found, OUTSIDER)
        elif header_id in incoming.in_reply_to:
            return Match(found, "in_reply_to")
        elif threads.normalise_subject(found.subject) == subject:
            return Match(found, "references")
        else:
            refused = refused if refused.origin else Match(None, "new", found, OTHER_SUBJECT)
    return (
        _by_address(tx, channel, incoming, token_key)
        or _by_waiting(tx, incoming, contact, subject, waiting)
        or _by_subject(tx, channel, incoming, contact, subject)
        or refused
    )


def _answered(incoming: Incoming) -> list[str]:
    """The mails that this one names, the one it answers first. A mail that names itself answers nothing."""
    named = dict.fromkeys((*incoming.in_reply_to, *reversed(incoming.references)))
    return [header_id for header_id in named if header_id != incoming.header_id]


def takes_part(
    tx: Transaction,
    conversation: Conversation,
    incoming: Incoming,
    contact: Contact | None,
) -> bool:
    """The sender is the conversation's contact, an address that some message of it was from or to, or one of the team."""
    if contact is not None and contact.id == conversation.contact_id:
        return True
    quoted = f'"{incoming.sender.address}"'
    rows = tx.rows(
        "SELECT recipients FROM messages WHERE conversation_id = :id ORDER BY at DESC LIMIT 100",
        id=conversation.id,
    )
    if any(quoted in recipients for (recipients,) in rows):
        return True
    member = "SELECT 1 FROM members WHERE email = :address AND is_active"
    return not incoming.is_forged and tx.value(member, address=incoming.sender.address) is not None


def _by_header(tx: Transaction, channel: Channel, header_id: str, token_key: bytes) -> tuple[Conversation | None, bool]:
    """Where the message of that Message-ID is now, else where our token in it says that it was; and whether it is ours."""
    named = threads.conversation_of(token_key, [header_id])
    conversation_id = tx.value(
        "SELECT conversation_id FROM messages WHERE channel_id = :channel AND header_id = :header ORDER BY id DESC LIMIT 1",
        channel=channel.id,
        header=header_id,
    ) or tx.value(
        "SELECT m.conversation_id FROM renamed_mails r JOIN messages m ON m.id = r.message_id"
        " WHERE r.channel_id = :channel AND r.digest = :digest",
        channel=channel.id,
        digest=awaiting.digest(header_id),
    )
    return _within(tx, channel, conversation_id or named), named is not None


def _within(tx: Transaction, channel: Channel, conversation_id: int | None) -> Conversation | None:
    conversation = tx.session.get(Conversation, conversation_id) if conversation_id else None
    if conversation is not None:
        conversation = redirects.current(tx, conversation)
    return conversation if conversation is not None and conversation.channel_id == channel.id else None


def _by_address(tx: Transaction, channel: Channel, incoming: Incoming, token_key: bytes) -> Match | None:
    addresses = [*incoming.delivered_to, *(person.address for person in (*incoming.to, *incoming.cc))]
    found = _within(tx, channel, threads.conversation_of_address(token_key, addresses))
    return Match(found, "token") if found else None


def _by_waiting(
    tx: Transaction, incoming: Incoming, contact: Contact | None, subject: str, waiting: Sequence[Conversation]
) -> Match | None:
    for found in waiting:
        if threads.normalise_subject(found.subject) == subject and takes_part(tx, found, incoming, contact):
            return Match(found, "awaited")
    return None


def _by_subject(
    tx: Transaction,
    channel: Channel,
    incoming: Incoming,
    contact: Contact | None,
    subject: str,
) -> Match | None:
    if contact is None or len(subject) < 4 or not threads.is_reply_subject(incoming.subject):
        return None
    rows = tx.rows(
        "SELECT id, subject FROM conversations WHERE contact_id = :contact AND channel_id = :channel AND last_at > :since"
        " AND status <> :resolved ORDER BY last_at DESC LIMIT 20",
        contact=contact.id,
        channel=channel.id,
        since=to_ms(tx.now - SAME_SUBJECT_WITHIN),
        resolved=Status.RESOLVED,
    )
    for conversation_id, known in rows:
        if threads.normalise_subject(known) == subject:
            return Match(redirects.current(tx, tx.find(Conversation, conversation_id)), "subject")
    return None
