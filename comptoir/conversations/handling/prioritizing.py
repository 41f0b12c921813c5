"""Say how urgent a conversation is."""

from comptoir.conversations.models import Conversation, Priority
from comptoir.foundation.transaction import Transaction


def prioritize(tx: Transaction, conversation: Conversation, priority: Priority) -> None:
    """`Priority.NONE` takes it away."""
    before = conversation.priority
    if before == priority:
        return
    conversation.priority = priority
    conversation.version += 1
    tx.record(
        "conversation.prioritized",
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        priority=priority.value,
        before=before,
    )
