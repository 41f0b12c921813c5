"""Make what the row of a conversation says true again, from its messages, after some of them came or went."""

from comptoir.conversations.models import Conversation, Delivery, Kind, Status
from comptoir.foundation.tables import from_ms
from comptoir.foundation.transaction import Transaction
from comptoir.mail.quotes import preview


def recount(tx: Transaction, conversation: Conversation) -> None:
    """The conversation has at least one message. It records nothing: the act that moved them does."""
    newest = tx.row(
        "SELECT kind, text, subject, at FROM messages WHERE conversation_id = :id"
        " ORDER BY scheduled_for IS NOT NULL, at DESC, id DESC LIMIT 1",
        id=conversation.id,
    )
    assert newest is not None
    kind, text, subject, at = newest
    conversation.preview = preview(text) or subject
    conversation.preview_kind = kind
    conversation.last_at = min(from_ms(at), tx.now)
    conversation.last_incoming_id = tx.value(
        "SELECT coalesce(max(id), 0) FROM messages WHERE conversation_id = :id AND kind = :incoming AND NOT is_imported",
        id=conversation.id,
        incoming=Kind.INCOMING,
    )
    conversation.failed_count = tx.value(
        "SELECT count(*) FROM messages WHERE conversation_id = :id AND delivery = :failed",
        id=conversation.id,
        failed=Delivery.FAILED,
    )
    conversation.has_files = bool(
        tx.value(
            "SELECT 1 FROM attachments a JOIN messages m ON m.id = a.message_id"
            " WHERE m.conversation_id = :id AND NOT a.is_inline LIMIT 1",
            id=conversation.id,
        )
    )
    recount_waiting(tx, conversation)
    conversation.version += 1


def recount_waiting(tx: Transaction, conversation: Conversation) -> None:
    """The oldest message from outside since our last answer."""
    oldest = tx.value(
        "SELECT min(at) FROM messages WHERE conversation_id = :id AND kind = :incoming AND NOT is_imported AND id >"
        " (SELECT coalesce(max(id), 0) FROM messages WHERE conversation_id = :id AND kind = :reply AND scheduled_for IS NULL)",
        id=conversation.id,
        incoming=Kind.INCOMING,
        reply=Kind.REPLY,
    )
    is_over = conversation.status in (Status.RESOLVED, Status.SPAM)
    conversation.waiting_since = None if oldest is None or is_over else from_ms(oldest)
