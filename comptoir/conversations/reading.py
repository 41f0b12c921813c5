"""Remember how far each member has read, and let them put something back among the unread."""

from comptoir.conversations.models import Conversation
from comptoir.foundation.transaction import Transaction


def read(tx: Transaction, conversation: Conversation, *, upto: int) -> None:
    """Forward only: an old tab cannot make newer messages unread. Only the reader's own screens are told."""
    changed = tx.execute(
        "INSERT INTO readings (conversation_id, member_id, upto) VALUES (:conversation, :member, :upto)"
        " ON CONFLICT (conversation_id, member_id) DO UPDATE SET upto = excluded.upto WHERE readings.upto < excluded.upto",
        conversation=conversation.id,
        member=tx.actor.id,
        upto=min(upto, _newest(tx, conversation.id)),
    )
    if changed:
        tx.record(
            "conversation.read",
            conversation_id=conversation.id,
            channel_id=conversation.channel_id,
        )
        if conversation.window_until is not None:  # a number's, whose provider can be told
            tx.record("conversation.seen", conversation_id=conversation.id, channel_id=conversation.channel_id)


def unread(tx: Transaction, conversation: Conversation, *, since: int | None) -> None:
    """As if nothing from the message `since` on had been read yet. A conversation is unread by what came from outside, so it
    goes back before the newest of that, at least; where nothing ever came, below zero."""
    newest = conversation.last_incoming_id
    upto = (newest if since is None else min(since, newest)) - 1
    changed = tx.execute(
        "INSERT INTO readings (conversation_id, member_id, upto) VALUES (:conversation, :member, :upto)"
        " ON CONFLICT (conversation_id, member_id) DO UPDATE SET upto = excluded.upto WHERE readings.upto > excluded.upto",
        conversation=conversation.id,
        member=tx.actor.id,
        upto=upto,
    )
    if changed:
        tx.record("conversation.unread", conversation_id=conversation.id, channel_id=conversation.channel_id)


def _newest(tx: Transaction, conversation_id: int) -> int:
    return int(
        tx.value(
            "SELECT coalesce(max(id), 0) FROM messages WHERE conversation_id = :id",
            id=conversation_id,
        )
    )
