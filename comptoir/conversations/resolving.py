"""Close a conversation when it is done, set it aside while it waits, and open it again."""

from comptoir.conversations import assigning, recounting
from comptoir.conversations.models import Conversation, Status
from comptoir.foundation.transaction import Transaction


def resolve(tx: Transaction, conversation: Conversation) -> None:
    if conversation.is_resolved:
        return
    conversation.status = Status.RESOLVED
    conversation.snoozed_until = None
    conversation.waiting_since = None
    conversation.resolved_at = tx.now
    conversation.version += 1
    tx.record(
        "conversation.resolved",
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
    )


def pause(tx: Transaction, conversation: Conversation) -> None:
    """Pending: nothing to do here until something happens elsewhere. The customer's next message opens it again."""
    if conversation.status == Status.PENDING:
        return
    conversation.status = Status.PENDING
    conversation.snoozed_until = None
    conversation.resolved_at = None
    conversation.version += 1
    tx.record(
        "conversation.paused",
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
    )


def call_back(tx: Transaction, conversation: Conversation) -> None:
    """The customer wrote: it is open again, unless it was told to sleep whatever they write, or is spam."""
    if conversation.is_spam:
        return
    if conversation.status != Status.SNOOZED or conversation.wakes_on_reply:
        reopen(tx, conversation, by="customer")


def reopen(tx: Transaction, conversation: Conversation, *, by: str = "member") -> None:
    """`by`: "member", "customer" when their message does it, "clock" at the end of a snooze."""
    if conversation.is_open:
        return
    was_spam = conversation.is_spam
    conversation.status = Status.OPEN
    conversation.snoozed_until = None
    conversation.resolved_at = None
    if was_spam:
        recounting.recount_waiting(tx, conversation)
    conversation.version += 1
    tx.record(
        "conversation.reopened",
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        by=by,
    )
    assigning.let_go(tx, conversation)
