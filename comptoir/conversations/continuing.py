"""A customer comes back to a conversation that was resolved long ago: it is opened again, or, as the channel's policy says, they
begin a new one and each says where the other is.

What comes next for the old one follows the new one: it is in one place that a customer is answered.
"""

from datetime import timedelta

from comptoir.channels.models import Channel
from comptoir.conversations import gathering, redirects
from comptoir.conversations.models import Conversation
from comptoir.foundation.transaction import Transaction

WHY = "long_resolved"


def place(tx: Transaction, channel: Channel, conversation: Conversation) -> Conversation | None:
    """Where a customer's message for this conversation belongs; None: in a new one, that goes on with its newest."""
    last = newest(tx, conversation)
    return None if is_closed(tx, channel, last) else last


def newest(tx: Transaction, conversation: Conversation) -> Conversation:
    """The one that it went on in, in the end."""
    seen = {conversation.id}
    while conversation.continued_by_id is not None and conversation.continued_by_id not in seen:
        seen.add(conversation.continued_by_id)
        conversation = redirects.current(tx, tx.find(Conversation, conversation.continued_by_id))
    return conversation


def is_closed(tx: Transaction, channel: Channel, conversation: Conversation) -> bool:
    """Resolved for longer than its channel opens it again."""
    if channel.reopens_within is None or not conversation.is_resolved or conversation.resolved_at is None:
        return False
    return conversation.resolved_at + timedelta(days=channel.reopens_within) <= tx.now


def begin_anew(tx: Transaction, conversation: Conversation, former: Conversation) -> None:
    """The new one and the old one name each other."""
    former.continued_by_id = conversation.id
    gathering.link(tx, conversation, former, why=WHY)
