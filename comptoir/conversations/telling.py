"""What happened to a message, in the log; and how many of a conversation's messages did not get through."""

from typing import Any

from comptoir.conversations.models import Conversation, Message
from comptoir.foundation.transaction import Transaction


def tell(tx: Transaction, message: Message, type: str, **data: Any) -> None:
    tx.record(
        type, conversation_id=message.conversation_id, message_id=message.id, channel_id=message.channel_id, **data
    )


def count_failures(tx: Transaction, message: Message, change: int) -> None:
    """`change`: +1 for a message that failed, -1 for one that is none any more."""
    conversation = tx.find(Conversation, message.conversation_id)
    conversation.failed_count = max(0, conversation.failed_count + change)
    conversation.version += 1
