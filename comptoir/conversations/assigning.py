"""Give a conversation to a member, to a team, to both, or to nobody.

Each event says who had it before: whose screens must let go of it is read from there (truth.py).
"""

from comptoir.conversations.errors import CannotAssign, CannotAssignTeam
from comptoir.conversations.models import Conversation
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import can_see


def assign(tx: Transaction, conversation: Conversation, *, member_id: int) -> None:
    """The member must work in the conversation's channel: nobody is given what they cannot see."""
    if conversation.assignee_id == member_id:
        return
    if not _works_in(tx, member_id, conversation.channel_id):
        raise CannotAssign
    _give(tx, conversation, member_id)


def unassign(tx: Transaction, conversation: Conversation) -> None:
    if conversation.assignee_id is not None:
        _give(tx, conversation, None)


def assign_team(tx: Transaction, conversation: Conversation, *, team_id: int) -> None:
    """Somebody of the team must work in the channel. A member who has it and is not of the team has it no longer: it waits for
    the first of the team who takes it."""
    if conversation.team_id == team_id:
        return
    works_here = tx.value(
        "SELECT 1 FROM teams t JOIN team_members tm ON tm.team_id = t.id JOIN members m ON m.id = tm.member_id"
        " JOIN channel_members cm ON cm.member_id = m.id AND cm.channel_id = :channel"
        " WHERE t.id = :team AND t.archived_at IS NULL AND m.is_active LIMIT 1",
        channel=conversation.channel_id,
        team=team_id,
    )
    if not works_here:
        raise CannotAssignTeam
    _give_team(tx, conversation, team_id)
    if conversation.assignee_id is not None and not _is_of(tx, team_id, conversation.assignee_id):
        _give(tx, conversation, None)


def unassign_team(tx: Transaction, conversation: Conversation) -> None:
    if conversation.team_id is not None:
        _give_team(tx, conversation, None)


def inherit(tx: Transaction, conversation: Conversation, other: Conversation) -> None:
    """Two become one: who had the other has this one, where nobody has it."""
    if conversation.assignee_id is None and other.assignee_id is not None:
        _give(tx, conversation, other.assignee_id)
    if conversation.team_id is None and other.team_id is not None:
        _give_team(tx, conversation, other.team_id)


def let_go(tx: Transaction, conversation: Conversation) -> None:
    """It is opened again: who had it may have left since, or the team been archived."""
    if conversation.assignee_id is not None and not _works_in(tx, conversation.assignee_id, conversation.channel_id):
        _give(tx, conversation, None)
    if conversation.team_id is not None and not tx.value(
        "SELECT 1 FROM teams WHERE id = :id AND archived_at IS NULL", id=conversation.team_id
    ):
        _give_team(tx, conversation, None)


def keep_in_sight(tx: Transaction, conversation: Conversation) -> None:
    """Who opens a conversation that nobody has, and would not see it, has it."""
    if conversation.assignee_id is None and tx.actor.id is not None and not can_see(tx.actor, conversation):
        _give(tx, conversation, tx.actor.id)


def _give(tx: Transaction, conversation: Conversation, member_id: int | None) -> None:
    was, conversation.assignee_id = conversation.assignee_id, member_id
    conversation.version += 1
    tx.record(
        "conversation.assigned",
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        member_id=member_id,
        was_assignee_id=was,
        was_team_id=conversation.team_id,
    )


def _give_team(tx: Transaction, conversation: Conversation, team_id: int | None) -> None:
    was, conversation.team_id = conversation.team_id, team_id
    conversation.version += 1
    tx.record(
        "conversation.team_assigned",
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        team_id=team_id,
        was_assignee_id=conversation.assignee_id,
        was_team_id=was,
    )


def _works_in(tx: Transaction, member_id: int, channel_id: int) -> bool:
    found = tx.value(
        "SELECT 1 FROM channel_members cm JOIN members m ON m.id = cm.member_id"
        " WHERE cm.channel_id = :channel AND m.id = :member AND m.is_active AND m.password_hash IS NOT NULL",
        channel=channel_id,
        member=member_id,
    )
    return found is not None


def _is_of(tx: Transaction, team_id: int, member_id: int) -> bool:
    found = tx.value(
        "SELECT 1 FROM team_members WHERE team_id = :team AND member_id = :member", team=team_id, member=member_id
    )
    return found is not None
