"""What the team room says on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Role = Literal["owner", "admin", "member"]
Scope = Literal["all", "team", "own"]
Language = Literal["fr", "en"]
Theme = Literal["system", "light", "dark"]
Name = Annotated[str, Meta(min_length=1, max_length=120)]
EmailAddress = Annotated[str, Meta(min_length=3, max_length=320, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
UndoSeconds = Literal[0, 5, 10, 20, 30]
Password = Annotated[str, Meta(min_length=10, max_length=200)]


class MemberView(Struct):
    """A colleague. `is_invited`: has not joined yet, cannot be assigned; `is_active` false: may no longer sign in.
    `scope`: of the conversations of their channels they see all, those of their teams and of nobody, or their own."""

    id: int
    name: str
    email: str
    role: Role
    scope: Scope
    is_active: bool
    is_invited: bool


class TeamView(Struct):
    """Members who share work; an archived team is given nothing more."""

    id: int
    name: str
    member_ids: list[int]
    is_archived: bool


TeamName = Annotated[str, Meta(min_length=1, max_length=60)]


class NewTeam(Struct, forbid_unknown_fields=True):
    name: TeamName


class ChangeTeam(Struct, forbid_unknown_fields=True):
    name: TeamName


class Preferences(Struct):
    """How one member likes it. `enter_sends` per kind of channel (e-mail off, WhatsApp and notes on by default).
    `undo_seconds`: how long a mail is held after *send*; `signature`: HTML with {{variables}}, below every mail."""

    language: Language
    theme: Theme
    timezone: str
    enter_sends_email: bool
    enter_sends_whatsapp: bool
    letter_keys: bool
    undo_seconds: int
    signature: str


class Me(Struct):
    id: int
    name: str
    email: str
    role: Role
    preferences: Preferences
    channel_ids: list[int]


class Organisation(Struct):
    name: str
    language: Language
    is_demo: bool


class Start(Struct):
    """The first thing a browser asks. `needs_setup`: nobody has signed up yet. `me` is null when signed out."""

    needs_setup: bool
    organisation: Organisation | None
    me: Me | None
    seq: int


class Setup(Struct, forbid_unknown_fields=True):
    name: Name
    email: EmailAddress
    password: Password
    language: Language
    timezone: Annotated[str, Meta(max_length=64)] = "Europe/Paris"
    organisation: Annotated[str, Meta(max_length=120)] = ""


class SignIn(Struct, forbid_unknown_fields=True):
    email: Annotated[str, Meta(max_length=320)]
    password: Annotated[str, Meta(max_length=200)]


class ChangeMe(Struct, forbid_unknown_fields=True):
    """Only what is given changes."""

    name: Name | None = None
    language: Language | None = None
    theme: Theme | None = None
    timezone: Annotated[str, Meta(max_length=64)] | None = None
    enter_sends_email: bool | None = None
    enter_sends_whatsapp: bool | None = None
    letter_keys: bool | None = None
    undo_seconds: UndoSeconds | None = None


class ChangePassword(Struct, forbid_unknown_fields=True):
    current: Annotated[str, Meta(max_length=200)]
    new: Password


class Invite(Struct, forbid_unknown_fields=True):
    """`channel_ids`: the mailboxes that the new member will work in."""

    email: EmailAddress
    name: Annotated[str, Meta(max_length=120)] = ""
    role: Literal["admin", "member"] = "member"
    scope: Scope = "all"
    channel_ids: list[int] = []


class Invited(Struct):
    """`link` is shown once: it is what the invited person opens. Valid for seven days."""

    member: MemberView
    link: str
    expires_at: datetime


class InvitationView(Struct):
    email: str
    name: str
    organisation: str
    invited_by: str
    language: Language


class AcceptInvitation(Struct, forbid_unknown_fields=True):
    name: Name
    password: Password
    language: Language
    timezone: Annotated[str, Meta(max_length=64)] = "Europe/Paris"


class ChangeMember(Struct, forbid_unknown_fields=True):
    role: Role | None = None
    scope: Scope | None = None
    is_active: bool | None = None
