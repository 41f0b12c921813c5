"""Make a team of members, rename it, change who is in it, archive it. Managers do.

What an archived team had goes back to everybody, one event each: conversations/releasing.py reacts to the event.
"""

import re

from comptoir.foundation.transaction import Transaction
from comptoir.team import access, queries
from comptoir.team.errors import CannotJoinTeam, TeamNameless, TeamTaken
from comptoir.team.models import Member, Team


def create(tx: Transaction, *, name: str) -> Team:
    """A team by that name is that team: an archived one comes back, one in use is refused."""
    access.require_manager(tx.actor)
    name = _clean(name)
    known = queries.team_by_name(tx, name)
    if known is not None and known.archived_at is None:
        raise TeamTaken(name=known.name)
    if known is not None:
        restore(tx, known)
        return known
    team = Team(name=name, created_at=tx.now)
    tx.add(team)
    tx.record("team.created", team_id=team.id)
    return team


def rename(tx: Transaction, team: Team, *, name: str) -> None:
    access.require_manager(tx.actor)
    name = _clean(name)
    known = queries.team_by_name(tx, name)
    if known is not None and known.id != team.id:
        raise TeamTaken(name=known.name)
    if name != team.name:
        team.name = name
        tx.record("team.changed", team_id=team.id)


def add_member(tx: Transaction, team: Team, member_id: int) -> None:
    """An invited member may be in it before they have joined; one who has left may not."""
    access.require_manager(tx.actor)
    member = tx.session.get(Member, member_id)
    if member is None or not member.is_active:
        raise CannotJoinTeam
    joined = tx.execute(
        "INSERT INTO team_members (team_id, member_id) VALUES (:team, :member) ON CONFLICT DO NOTHING",
        team=team.id,
        member=member_id,
    )
    if joined:
        tx.record("team.member_added", team_id=team.id, member_id=member_id)


def remove_member(tx: Transaction, team: Team, member_id: int) -> None:
    """What is assigned to them stays theirs."""
    access.require_manager(tx.actor)
    left = tx.execute(
        "DELETE FROM team_members WHERE team_id = :team AND member_id = :member", team=team.id, member=member_id
    )
    if left:
        tx.record("team.member_removed", team_id=team.id, member_id=member_id)


def archive(tx: Transaction, team: Team) -> None:
    """Given nothing more."""
    access.require_manager(tx.actor)
    if team.archived_at is None:
        team.archived_at = tx.now
        tx.record("team.archived", team_id=team.id)


def restore(tx: Transaction, team: Team) -> None:
    access.require_manager(tx.actor)
    if team.archived_at is not None:
        team.archived_at = None
        tx.record("team.restored", team_id=team.id)


def _clean(name: str) -> str:
    name = re.sub(r"\s+", " ", "".join(c for c in name if c.isprintable() or c.isspace())).strip()
    if not name:
        raise TeamNameless
    return name
