"""Which conversation does an incoming mail belong to? The order and the guards of docs/decisions/0005-threading.md.

1. a header with our own token (nobody outside can make one); 2. In-Reply-To; 3. References, newest first, unless the subject
is another one (people answer an old mail to write about something new); 4. the same subject from the same person, lately,
in a conversation still open. Everything stays within one channel, and an outsider who only quotes a Message-ID does not get in.
"""

from datetime import timedelta

from msgspec import Struct

from comptoir.channels.models import Channel
from comptoir.channels.port import Incoming
from comptoir.conversations.models import Conversation, Status
from comptoir.customers.models import Contact
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.mail import threads

SAME_SUBJECT_WITHIN = timedelta(days=7)


class Match(Struct, frozen=True):
    """`reason`: token, in_reply_to, references, subject; or new."""

    conversation: Conversation | None
    reason: str


def match(
    tx: Transaction,
    channel: Channel,
    incoming: Incoming,
    contact: Contact | None,
    *,
    token_key: bytes,
) -> Match:
    named = [*incoming.in_reply_to, *reversed(incoming.references)]
    conversation_id = threads.conversation_of(token_key, named)
    if conversation_id is not None:
        conversation = tx.session.get(Conversation, conversation_id)
        if conversation is not None and conversation.channel_id == channel.id:
            return Match(conversation, "token")
    for header_id in incoming.in_reply_to:
        found = _by_header(tx, channel, header_id)
        if found and _takes_part(tx, found, incoming, contact):
            return Match(found, "in_reply_to")
    subject = threads.normalise_subject(incoming.subject)
    for header_id in reversed(incoming.references):
        found = _by_header(tx, channel, header_id)
        if found and _takes_part(tx, found, incoming, contact) and threads.normalise_subject(found.subject) == subject:
            return Match(found, "references")
    found = _by_subject(tx, channel, incoming, contact, subject)
    return Match(found, "subject") if found else Match(None, "new")


def _by_header(tx: Transaction, channel: Channel, header_id: str) -> Conversation | None:
    conversation_id = tx.value(
        "SELECT conversation_id FROM messages WHERE channel_id = :channel AND header_id = :header ORDER BY id DESC LIMIT 1",
        channel=channel.id,
        header=header_id,
    )
    return tx.session.get(Conversation, conversation_id) if conversation_id else None


def _takes_part(
    tx: Transaction,
    conversation: Conversation,
    incoming: Incoming,
    contact: Contact | None,
) -> bool:
    """The sender is the conversation's contact, or an address that some message of it was from or to."""
    if contact is not None and contact.id == conversation.contact_id:
        return True
    quoted = f'"{incoming.sender.address}"'
    rows = tx.rows(
        "SELECT recipients FROM messages WHERE conversation_id = :id ORDER BY id DESC LIMIT 100",
        id=conversation.id,
    )
    return any(quoted in recipients for (recipients,) in rows)


def _by_subject(
    tx: Transaction,
    channel: Channel,
    incoming: Incoming,
    contact: Contact | None,
    subject: str,
) -> Conversation | None:
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
            return tx.find(Conversation, conversation_id)
    return None
