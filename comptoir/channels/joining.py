"""Who works in a mailbox: a member joins it, or leaves it. Only its members see its conversations.

What a leaving member had there goes back to *unassigned*, one event each: conversations/releasing.py reacts to the event.
"""

from comptoir.channels.errors import CannotJoin, LastMember
from comptoir.channels.models import Channel
from comptoir.foundation.transaction import Transaction
from comptoir.team import access
from comptoir.team.models import Member


def add_member(tx: Transaction, channel: Channel, member_id: int) -> None:
    """An invited member may be added before they have joined the team; one who has left may not."""
    access.require_manager(tx.actor)
    member = tx.session.get(Member, member_id)
    if member is None or not member.is_active:
        raise CannotJoin
    joined = tx.execute(
        "INSERT INTO channel_members (channel_id, member_id) VALUES (:channel, :member) ON CONFLICT DO NOTHING",
        channel=channel.id,
        member=member_id,
    )
    if joined:
        channel.version += 1
        tx.record("channel.member_added", channel_id=channel.id, member_id=member_id)


def remove_member(tx: Transaction, channel: Channel, member_id: int) -> None:
    """Not the last one: mail would then arrive where nobody sees it."""
    access.require_manager(tx.actor)
    members = tx.rows(
        "SELECT cm.member_id FROM channel_members cm JOIN members m ON m.id = cm.member_id"
        " WHERE cm.channel_id = :channel AND m.is_active",
        channel=channel.id,
    )
    if [id for (id,) in members] == [member_id]:
        raise LastMember
    left = tx.execute(
        "DELETE FROM channel_members WHERE channel_id = :channel AND member_id = :member",
        channel=channel.id,
        member=member_id,
    )
    if left:
        channel.version += 1
        tx.record("channel.member_removed", channel_id=channel.id, member_id=member_id)
