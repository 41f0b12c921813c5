"""A reply is stopped when something arrived that its author had not seen: they look, and decide.

The browser says which message was the newest that it showed. What oneself wrote, what history brings and what is no message
of a person never stops anybody.
"""

from comptoir.conversations import writing
from comptoir.conversations.messages import messages_of
from comptoir.conversations.models import Conversation, Kind
from comptoir.conversations.together.errors import NewerMessages
from comptoir.foundation.transaction import Transaction

MOST = 20  # messages in the answer; the thread has the others


def stop_if_newer(tx: Transaction, conversation: Conversation, *, client_id: str, seen_id: int | None) -> None:
    """NewerMessages, unless nothing came after `seen_id` or this reply is here already. None: the caller shows no thread."""
    if seen_id is None:
        return
    ids = [
        id
        for (id,) in tx.rows(
            "SELECT id FROM messages WHERE conversation_id = :conversation AND id > :seen AND NOT is_imported"
            " AND kind IN (:incoming, :reply, :note) AND (member_id IS NULL OR member_id <> :me)"
            f" ORDER BY id DESC LIMIT {MOST}",
            conversation=conversation.id,
            seen=seen_id,
            incoming=Kind.INCOMING,
            reply=Kind.REPLY,
            note=Kind.NOTE,
            me=tx.actor.id or 0,
        )
    ]
    if ids and writing.already_written(tx, conversation, client_id) is None:
        messages = sorted(messages_of(tx, ids), key=lambda message: message.id)
        raise NewerMessages(messages=messages)
