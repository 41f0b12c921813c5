"""What nobody wants to read is put aside: kept and found by who looks for it, out of lists, counts and notifications, and what
comes after it stays there too. Nothing is lost, and taking it out again is one gesture.
"""

from comptoir.conversations import recounting
from comptoir.conversations.models import Conversation, Message, Status
from comptoir.foundation.transaction import Transaction


def mark(tx: Transaction, conversation: Conversation) -> None:
    if conversation.is_spam:
        return
    conversation.status = Status.SPAM
    conversation.snoozed_until = None
    conversation.resolved_at = None
    conversation.waiting_since = None
    conversation.version += 1
    _record(tx, conversation, "conversation.spammed")


def unmark(tx: Transaction, conversation: Conversation) -> None:
    """It was none: open, and its customer waits as long as they have waited."""
    if not conversation.is_spam:
        return
    conversation.status = Status.OPEN
    recounting.recount_waiting(tx, conversation)
    conversation.version += 1
    _record(tx, conversation, "conversation.unspammed")


def land(tx: Transaction, conversation: Conversation, message: Message, *, has_files: bool) -> None:
    """An unwanted message is in its thread, and calls nobody: no line of the list moves but among the spam."""
    conversation.has_files = conversation.has_files or has_files
    conversation.version += 1
    if conversation.is_spam:
        conversation.last_at = max(conversation.last_at, min(message.at, tx.now))
        conversation.last_incoming_id = message.id
    tx.record(
        "message.noted",
        conversation_id=conversation.id,
        message_id=message.id,
        channel_id=conversation.channel_id,
    )


def _record(tx: Transaction, conversation: Conversation, type: str) -> None:
    tx.record(type, conversation_id=conversation.id, channel_id=conversation.channel_id)
