"""Who is at the door: the first owner, a password, a session, an invitation accepted.

Passwords are Argon2id. A session is a signed token that names the member and their stamp; changing the stamp ends every
session of that member at once.
"""

import secrets
from functools import cache
from zoneinfo import available_timezones

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from comptoir.foundation.errors import NotSignedIn
from comptoir.foundation.transaction import Actor, Claims, Transaction
from comptoir.team import queries
from comptoir.team.errors import AlreadySetUp, BadTimezone, InvitationGone, WrongPassword
from comptoir.team.models import Member, Organisation
from comptoir.team.schemas import AcceptInvitation, Setup

_hasher = PasswordHasher()
# Checked when there is no such member, so that the answer takes as long and tells nothing.
_NOBODY = _hasher.hash(secrets.token_hex(16))


def set_up(tx: Transaction, given: Setup) -> Member:
    """The first visit: the organisation and its owner. Only while nobody exists."""
    if queries.needs_setup(tx) is False:
        raise AlreadySetUp
    domain = given.email.partition("@")[2]
    organisation = Organisation(
        id=1, name=given.organisation or domain, language=given.language, is_demo=False, created_at=tx.now
    )
    owner = new_member(tx, email=given.email, role="owner", language=given.language)
    owner.name = given.name.strip()
    owner.timezone = _timezone(given.timezone)
    set_password(owner, given.password)
    tx.add(organisation, owner)
    tx.record("member.joined", member_id=owner.id)
    return owner


def new_member(tx: Transaction, *, email: str, role: str, language: str) -> Member:
    """A member with the usual preferences, not yet inserted."""
    return Member(
        name="",
        email=email.strip().lower(),
        role=role,
        stamp=secrets.token_hex(8),
        is_active=True,
        language=language,
        theme="system",
        timezone="Europe/Paris",
        enter_sends_email=False,
        enter_sends_whatsapp=True,
        letter_keys=True,
        created_at=tx.now,
    )


def sign_in(tx: Transaction, *, email: str, password: str) -> Member:
    member = queries.member_by_email(tx, email)
    try:
        _hasher.verify(member.password_hash if member and member.password_hash else _NOBODY, password)
    except (Argon2Error, InvalidHashError):
        raise WrongPassword from None
    if member is None or not member.is_active:
        raise WrongPassword
    if _hasher.check_needs_rehash(member.password_hash or ""):
        member.password_hash = _hasher.hash(password)
    return member


def change_password(tx: Transaction, member: Member, *, current: str, new: str) -> None:
    """Ends every other session of the member."""
    try:
        _hasher.verify(member.password_hash or _NOBODY, current)
    except (Argon2Error, InvalidHashError):
        raise WrongPassword from None
    set_password(member, new)
    tx.record("member.password_changed", member_id=member.id)


def set_password(member: Member, new: str) -> None:
    member.password_hash = hash_password(new)
    member.stamp = secrets.token_hex(8)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def accept_invitation(tx: Transaction, token: str, given: AcceptInvitation) -> Member:
    member = queries.invited_member(tx, token)
    if member is None:
        raise InvitationGone
    member.name = given.name.strip()
    member.language = given.language
    member.timezone = _timezone(given.timezone)
    set_password(member, given.password)
    member.invitation_hash = member.invitation_expires_at = None
    tx.record("member.joined", member_id=member.id)
    return member


def identify(tx: Transaction, claims: Claims) -> Actor:
    """The member behind a session, with what they may see; NotSignedIn when the session has ended."""
    stamp, is_active, actor = queries.acting(tx, claims.member_id)
    if stamp != claims.stamp or not is_active:
        raise NotSignedIn
    return actor


def check_timezone(name: str) -> str:
    if name not in _timezones():
        raise BadTimezone(timezone=name)
    return name


def _timezone(given: str) -> str:
    """At the first visit a browser may name a zone that we do not know: better Paris than a refusal."""
    return given if given in _timezones() else "Europe/Paris"


@cache
def _timezones() -> frozenset[str]:
    """Once for the process: the names are read from the disk, and this is asked inside a transaction."""
    return frozenset(available_timezones())
