"""Give a conversation to a member, or to nobody."""

from comptoir.conversations.errors import CannotAssign
from comptoir.conversations.models import Conversation
from comptoir.foundation.transaction import Transaction


def assign(tx: Transaction, conversation: Conversation, *, member_id: int) -> None:
    """The member must work in the conversation's channel: nobody is given what they cannot see."""
    if conversation.assignee_id == member_id:
        return
    works_here = tx.value(
        "SELECT 1 FROM channel_members cm JOIN members m ON m.id = cm.member_id"
        " WHERE cm.channel_id = :channel AND m.id = :member AND m.is_active AND m.password_hash IS NOT NULL",
        channel=conversation.channel_id,
        member=member_id,
    )
    if not works_here:
        raise CannotAssign
    _give(tx, conversation, member_id)


def unassign(tx: Transaction, conversation: Conversation) -> None:
    if conversation.assignee_id is not None:
        _give(tx, conversation, None)


def _give(tx: Transaction, conversation: Conversation, member_id: int | None) -> None:
    conversation.assignee_id = member_id
    conversation.version += 1
    tx.record(
        "conversation.assigned",
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        member_id=member_id,
    )
