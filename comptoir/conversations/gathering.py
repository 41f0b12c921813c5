"""A mail comes late and shows that two conversations are one thread: what only waited for it joins it.

A conversation that somebody has worked in stays where they know it; the two then name each other.
"""

from collections.abc import Iterable

from comptoir.channels.port import Incoming
from comptoir.conversations import matching, splitting
from comptoir.conversations.models import Conversation, Kind, Status
from comptoir.customers.models import Contact
from comptoir.foundation.transaction import Transaction
from comptoir.mail.threads import normalise_subject


def gather(
    tx: Transaction,
    waiting: Iterable[Conversation],
    conversation: Conversation,
    mail: Incoming,
    contact: Contact | None,
) -> None:
    """`mail` has just landed in its conversation; those `waiting` hold answers to it, or to what it answers."""
    subject = normalise_subject(mail.subject)
    for other in waiting:
        is_same = other.id != conversation.id and normalise_subject(other.subject) == subject
        if not is_same or not matching.takes_part(tx, other, mail, contact):
            continue
        if _is_untouched(tx, other):
            ids = tx.rows("SELECT id FROM messages WHERE conversation_id = :id ORDER BY id", id=other.id)
            splitting.carry(tx, [id for (id,) in ids], other, conversation, reason="awaited")
        else:
            link(tx, other, conversation, why="same_thread")


def link(tx: Transaction, conversation: Conversation, origin: Conversation, *, why: str) -> None:
    """Say in both where the other is. `why`: outsider, other_subject, same_thread."""
    conversation.origin_id = conversation.origin_id or origin.id
    for one, other in ((conversation, origin), (origin, conversation)):
        one.version += 1
        tx.record(
            "conversation.linked",
            conversation_id=one.id,
            channel_id=one.channel_id,
            other_id=other.id,
            why=why,
            is_origin=other.id == origin.id,
        )


def _is_untouched(tx: Transaction, conversation: Conversation) -> bool:
    if conversation.assignee_id is not None or conversation.status in (Status.PENDING, Status.SNOOZED):
        return False
    worked = tx.value(
        "SELECT 1 FROM messages WHERE conversation_id = :id AND NOT (kind = :incoming OR is_imported OR via = 'mail_client')"
        " UNION ALL SELECT 1 FROM conversation_labels WHERE conversation_id = :id LIMIT 1",
        id=conversation.id,
        incoming=Kind.INCOMING,
    )
    return worked is None
