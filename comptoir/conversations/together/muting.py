"""A member does not want to hear of a conversation any more, or wants to again. Theirs alone."""

from comptoir.conversations.models import Conversation
from comptoir.foundation.transaction import Transaction

MOST = 2000


def mute(tx: Transaction, conversation: Conversation) -> None:
    changed = tx.execute(
        "INSERT INTO mutes (conversation_id, member_id) VALUES (:conversation, :me) ON CONFLICT DO NOTHING",
        conversation=conversation.id,
        me=tx.actor.id,
    )
    if changed:
        _record(tx, "conversation.muted", conversation)


def unmute(tx: Transaction, conversation: Conversation) -> None:
    changed = tx.execute(
        "DELETE FROM mutes WHERE conversation_id = :conversation AND member_id = :me",
        conversation=conversation.id,
        me=tx.actor.id,
    )
    if changed:
        _record(tx, "conversation.unmuted", conversation)


def is_muted(tx: Transaction, conversation_id: int, member_id: int | None) -> bool:
    found = tx.value(
        "SELECT 1 FROM mutes WHERE conversation_id = :conversation AND member_id = :member",
        conversation=conversation_id,
        member=member_id,
    )
    return found is not None


def mutes(tx: Transaction) -> list[int]:
    """The acting member's, the newest conversations first."""
    found = tx.rows(
        f"SELECT conversation_id FROM mutes WHERE member_id = :me ORDER BY conversation_id DESC LIMIT {MOST}",
        me=tx.actor.id,
    )
    return [id for (id,) in found]


def _record(tx: Transaction, type: str, conversation: Conversation) -> None:
    tx.record(type, conversation_id=conversation.id, channel_id=conversation.channel_id)
