"""Who follows a conversation besides its assignee: those who answered in it, who were mentioned or added, and who chose to.

Nobody is added to what they cannot see. Who may not see it any more stays written down, and hears nothing.
"""

from collections.abc import Iterable

from comptoir.conversations.errors import CannotFollow
from comptoir.conversations.models import Conversation
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.team import queries as members


def follow(tx: Transaction, conversation: Conversation, member_id: int) -> None:
    """CannotFollow where that member may not see the conversation."""
    if member_id not in members.who_sees(tx, conversation):
        raise CannotFollow
    if _add(tx, conversation, member_id):
        _record(tx, conversation, "conversation.followed", member_id)


def take_part(tx: Transaction, conversation: Conversation) -> None:
    """Who answers, or writes a note, follows from then on. Their message says so: no event."""
    if tx.actor.kind == "member" and tx.actor.id is not None:
        _add(tx, conversation, tx.actor.id)


def call(tx: Transaction, conversation: Conversation, member_id: int) -> None:
    """A note calls them by name: they follow from then on. The note says so: no event."""
    _add(tx, conversation, member_id)


def unfollow(tx: Transaction, conversation: Conversation, member_id: int) -> None:
    left = tx.execute(
        "DELETE FROM participants WHERE conversation_id = :conversation AND member_id = :member",
        conversation=conversation.id,
        member=member_id,
    )
    if left:
        _record(tx, conversation, "conversation.unfollowed", member_id)


def participants(tx: Transaction, conversation_id: int) -> list[int]:
    """Ids of members, who came first first."""
    return participants_of_all(tx, [conversation_id]).get(conversation_id, [])


def participants_of_all(tx: Transaction, conversation_ids: Iterable[int]) -> dict[int, list[int]]:
    """By conversation, of those that anybody follows."""
    ids = ", ".join(str(int(id)) for id in sorted({0, *conversation_ids}))
    rows = tx.rows(
        "SELECT p.conversation_id, p.member_id FROM participants p JOIN members m ON m.id = p.member_id"
        f" WHERE p.conversation_id IN ({ids}) AND m.is_active ORDER BY p.since, p.member_id"
    )
    found: dict[int, list[int]] = {}
    for conversation_id, member_id in rows:
        found.setdefault(conversation_id, []).append(member_id)
    return found


def _add(tx: Transaction, conversation: Conversation, member_id: int) -> bool:
    joined = tx.execute(
        "INSERT INTO participants (conversation_id, member_id, since) VALUES (:conversation, :member, :now)"
        " ON CONFLICT DO NOTHING",
        conversation=conversation.id,
        member=member_id,
        now=to_ms(tx.now),
    )
    return bool(joined)


def _record(tx: Transaction, conversation: Conversation, type: str, member_id: int) -> None:
    conversation.version += 1
    tx.record(type, conversation_id=conversation.id, channel_id=conversation.channel_id, member_id=member_id)
