"""Change who is in the team: invite, change a role, let someone go; and one's own preferences."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct

from comptoir.foundation.errors import NotAllowed
from comptoir.foundation.transaction import Transaction
from comptoir.team import access, queries, signing_in
from comptoir.team.errors import AddressTaken, LastOwner, ScopeOfManagers
from comptoir.team.models import Member, Organisation
from comptoir.team.schemas import ChangeMe

INVITATION_LASTS = timedelta(days=7)


class Invitation(Struct, frozen=True):
    """`token` is in the link and nowhere else: only its hash is kept."""

    member: Member
    token: str


def invite(
    tx: Transaction, *, email: str, name: str, role: str, channel_ids: Sequence[int], scope: str = "all"
) -> Invitation:
    """A place in the team, waiting for its person. The channels are refused where the inviter may not manage them."""
    access.require_manager(tx.actor)
    if queries.member_by_email(tx, email) is not None:
        raise AddressTaken(email=email)
    member = signing_in.new_member(tx, email=email, role=role, language=tx.find(Organisation, 1).language)
    member.name = name.strip()
    member.scope = _scope_of(role, scope)
    member.invited_by_id = tx.actor.id
    tx.add(member)
    for channel_id in sorted(set(channel_ids)):
        tx.execute(
            "INSERT INTO channel_members (channel_id, member_id) SELECT id, :member FROM channels WHERE id = :channel",
            channel=channel_id,
            member=member.id,
        )
    token = _new_token(tx, member)
    tx.record("member.invited", member_id=member.id)
    return Invitation(member, token)


def invite_again(tx: Transaction, member: Member) -> Invitation:
    """A fresh link; the one before no longer works."""
    access.require_manager(tx.actor)
    if not member.is_invited:
        raise AddressTaken(email=member.email)
    token = _new_token(tx, member)
    tx.record("member.invited", member_id=member.id)
    return Invitation(member, token)


def change_role(tx: Transaction, member: Member, *, role: str) -> None:
    """Only an owner makes or unmakes an owner; there is always one."""
    access.require_manager(tx.actor)
    if member.role == role:
        return
    if "owner" in (member.role, role) and tx.actor.role != "owner":
        raise NotAllowed
    _keep_an_owner(tx, member)
    member.role = role
    tx.record("member.changed", member_id=member.id, role=role)
    if role in access.MANAGERS:
        _set_scope(tx, member, "all")


def change_scope(tx: Transaction, member: Member, *, scope: str) -> None:
    """How much of their channels they see. Managers see all of theirs."""
    access.require_manager(tx.actor)
    _set_scope(tx, member, _scope_of(member.role, scope))


def deactivate(tx: Transaction, member: Member) -> None:
    """They can no longer sign in; what they wrote stays theirs, and what was assigned to them is nobody's."""
    access.require_manager(tx.actor)
    if not member.is_active:
        return
    if member.role == "owner" and tx.actor.role != "owner":
        raise NotAllowed
    _keep_an_owner(tx, member)
    member.is_active = False
    member.stamp = secrets.token_hex(8)
    tx.record("member.left", member_id=member.id)


def reactivate(tx: Transaction, member: Member) -> None:
    access.require_manager(tx.actor)
    if member.is_active:
        return
    member.is_active = True
    tx.record("member.changed", member_id=member.id)


def change_me(tx: Transaction, member: Member, given: ChangeMe) -> None:
    if given.timezone is not None:
        signing_in.check_timezone(given.timezone)
    changed = False
    for field in given.__struct_fields__:
        value = getattr(given, field)
        if value is not None and value != getattr(member, field):
            setattr(member, field, value)
            changed = True
    if changed:
        tx.record("member.changed", member_id=member.id)


def _scope_of(role: str, scope: str) -> str:
    if role in access.MANAGERS and scope != "all":
        raise ScopeOfManagers
    return scope


def _set_scope(tx: Transaction, member: Member, scope: str) -> None:
    if member.scope != scope:
        member.scope = scope
        tx.record("member.scoped", member_id=member.id, scope=scope)


def _new_token(tx: Transaction, member: Member) -> str:
    token = secrets.token_urlsafe(24)
    member.invitation_hash = queries.token_hash(token)
    member.invitation_expires_at = tx.now + INVITATION_LASTS
    return token


def _keep_an_owner(tx: Transaction, member: Member) -> None:
    if member.role == "owner" and member.is_active and not member.is_invited and queries.active_owners(tx) == 1:
        raise LastOwner


def add(tx: Transaction, *, email: str, name: str, role: str, password: str) -> Member:
    """From the command line: a member who can sign in, or a new password for one who is there. Makes the organisation too,
    where there is none."""
    member = queries.member_by_email(tx, email)
    if tx.session.get(Organisation, 1) is None:
        domain = email.partition("@")[2]
        tx.add(Organisation(id=1, name=domain, language="fr", is_demo=False, created_at=tx.now))
    if member is None:
        member = signing_in.new_member(tx, email=email, role=role, language="fr")
        member.name = name or email.partition("@")[0]
        tx.add(member)
    signing_in.set_password(member, password)
    member.is_active = True
    tx.record("member.joined", member_id=member.id)
    return member
