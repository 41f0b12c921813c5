"""Who is in the team."""

import hashlib
from zoneinfo import ZoneInfo

from sqlalchemy import select

from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Actor, Transaction
from comptoir.team.access import Held
from comptoir.team.models import Member, Organisation, Team
from comptoir.team.schemas import InvitationView, Me, MemberView, Preferences, Start, TeamView
from comptoir.team.schemas import Organisation as OrganisationView


def needs_setup(tx: Transaction) -> bool:
    return tx.value("SELECT 1 FROM members LIMIT 1") is None


def start(tx: Transaction) -> Start:
    """What a browser asks first, signed in or not."""
    organisation = tx.session.get(Organisation, 1)
    me = view_of_me(tx, tx.find(Member, tx.actor.id)) if tx.actor.kind == "member" and tx.actor.id else None
    return Start(
        needs_setup=organisation is None,
        organisation=OrganisationView(organisation.name, organisation.language, organisation.is_demo)  # type: ignore[arg-type]
        if organisation
        else None,
        me=me,
        seq=tx.log_position() if me else 0,
    )


def me(tx: Transaction) -> Member:
    if tx.actor.id is None:
        raise NotFound
    return tx.find(Member, tx.actor.id)


def zone_of_actor(tx: Transaction) -> ZoneInfo:
    """Where the member lives; UTC for the house itself."""
    name = tx.value("SELECT timezone FROM members WHERE id = :id", id=tx.actor.id) if tx.actor.id else None
    try:
        return ZoneInfo(name or "UTC")
    except (ValueError, LookupError, OSError):
        return ZoneInfo("UTC")


def members(tx: Transaction) -> list[MemberView]:
    return [view(member) for member in tx.session.scalars(select(Member).order_by(Member.name, Member.id))]


def view(member: Member) -> MemberView:
    return MemberView(
        id=member.id,
        name=member.name,
        email=member.email,
        role=member.role,  # type: ignore[arg-type]
        scope=member.scope,  # type: ignore[arg-type]
        is_active=member.is_active,
        is_invited=member.is_invited,
    )


def view_of_me(tx: Transaction, member: Member) -> Me:
    return Me(
        id=member.id,
        name=member.name,
        email=member.email,
        role=member.role,  # type: ignore[arg-type]
        preferences=Preferences(
            language=member.language,  # type: ignore[arg-type]
            theme=member.theme,  # type: ignore[arg-type]
            timezone=member.timezone,
            enter_sends_email=member.enter_sends_email,
            enter_sends_whatsapp=member.enter_sends_whatsapp,
            letter_keys=member.letter_keys,
            undo_seconds=member.undo_seconds,
            signature=member.signature,
        ),
        channel_ids=seen_channels(tx, member.id),
    )


def seen_channels(tx: Transaction, member_id: int) -> list[int]:
    """The connected channels that a member works in: what they see, and all that they see."""
    rows = tx.rows(
        "SELECT cm.channel_id FROM channel_members cm JOIN channels c ON c.id = cm.channel_id"
        " WHERE cm.member_id = :id AND c.disconnected_at IS NULL ORDER BY cm.channel_id",
        id=member_id,
    )
    return [id for (id,) in rows]


def actor_of(tx: Transaction, member_id: int) -> Actor:
    """The member as one who acts, with what they may see."""
    return acting(tx, member_id)[2]


def acting(tx: Transaction, member_id: int) -> tuple[str, bool, Actor]:
    """Their stamp, whether they are active, and the actor: asked at each request, in one statement."""
    found = tx.rows(
        "SELECT m.stamp, m.is_active, m.role, m.language, m.scope, c.id FROM members m"
        " LEFT JOIN channel_members cm ON cm.member_id = m.id"
        " LEFT JOIN channels c ON c.id = cm.channel_id AND c.disconnected_at IS NULL WHERE m.id = :id ORDER BY c.id",
        id=member_id,
    )
    stamp, is_active, role, language, scope = found[0][:5] if found else ("", False, "", "fr", "")
    channels = tuple(row[5] for row in found if row[5] is not None)
    teams = tuple(teams_of(tx, member_id)) if scope == "team" else ()
    return stamp, bool(is_active), Actor("member", member_id, role, language, channels, scope, teams)


def who_sees(tx: Transaction, held: Held) -> list[int]:
    """The active members who may see a conversation: `access.can_see`, asked of everybody at once."""
    rows = tx.rows(
        "SELECT m.id FROM channel_members cm JOIN members m ON m.id = cm.member_id WHERE cm.channel_id = :channel"
        " AND m.is_active AND (m.scope = 'all' OR m.id = :assignee OR (m.scope = 'team' AND CASE WHEN :team = 0"
        " THEN :assignee = 0 ELSE EXISTS (SELECT 1 FROM team_members tm JOIN teams t ON t.id = tm.team_id"
        " WHERE tm.member_id = m.id AND tm.team_id = :team AND t.archived_at IS NULL) END)) ORDER BY m.id",
        channel=held.channel_id,
        assignee=held.assignee_id or 0,
        team=held.team_id or 0,
    )
    return [id for (id,) in rows]


def teams_of(tx: Transaction, member_id: int) -> list[int]:
    """The teams that this member is in, but archived ones."""
    rows = tx.rows(
        "SELECT tm.team_id FROM team_members tm JOIN teams t ON t.id = tm.team_id"
        " WHERE tm.member_id = :id AND t.archived_at IS NULL ORDER BY tm.team_id",
        id=member_id,
    )
    return [id for (id,) in rows]


def teams(tx: Transaction) -> list[TeamView]:
    """All of them, by name, the archived ones too."""
    members: dict[int, list[int]] = {}
    for team_id, member_id in tx.rows("SELECT team_id, member_id FROM team_members ORDER BY member_id"):
        members.setdefault(team_id, []).append(member_id)
    return [
        TeamView(id, name, members.get(id, []), archived_at is not None)
        for id, name, archived_at in tx.rows("SELECT id, name, archived_at FROM teams ORDER BY lower(name), id")
    ]


def team_view(tx: Transaction, team: Team) -> TeamView:
    members = tx.rows("SELECT member_id FROM team_members WHERE team_id = :id ORDER BY member_id", id=team.id)
    return TeamView(team.id, team.name, [id for (id,) in members], team.archived_at is not None)


def team_by_name(tx: Transaction, name: str) -> Team | None:
    """Whatever the case of its letters."""
    wanted = name.casefold()  # SQLite's lower() knows no accents
    return next((team for team in tx.session.scalars(select(Team)) if team.name.casefold() == wanted), None)


def member_by_email(tx: Transaction, email: str) -> Member | None:
    return tx.session.scalar(select(Member).where(Member.email == email.strip().lower()))


def invited_member(tx: Transaction, token: str) -> Member | None:
    """The member whose invitation link this is, while it is valid."""
    member = tx.session.scalar(select(Member).where(Member.invitation_hash == token_hash(token)))
    if member is None or not member.is_active or not member.is_invited:
        return None
    if member.invitation_expires_at is None or member.invitation_expires_at < tx.now:
        return None
    return member


def organisation_name(tx: Transaction) -> str:
    found = tx.session.get(Organisation, 1)
    return found.name if found else ""


def invitation(tx: Transaction, member: Member) -> InvitationView:
    organisation = tx.find(Organisation, 1)
    inviter = tx.session.get(Member, member.invited_by_id) if member.invited_by_id else None
    return InvitationView(
        email=member.email,
        name=member.name,
        organisation=organisation.name,
        invited_by=inviter.name if inviter else "",
        language=organisation.language,  # type: ignore[arg-type]
    )


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def active_owners(tx: Transaction) -> int:
    return int(
        tx.value("SELECT count(*) FROM members WHERE role = 'owner' AND is_active AND password_hash IS NOT NULL")
    )


def demo_actor(tx: Transaction) -> Actor:
    """Whom a visitor of the demo is: its owner."""
    owner = tx.session.scalar(select(Member).where(Member.role == "owner").order_by(Member.id).limit(1))
    return tx.actor if owner is None else actor_of(tx, owner.id)
