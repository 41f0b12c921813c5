"""Members and teams. An invited member has no password yet; one who left stays, inactive, as the author of what they wrote."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Table


class Organisation(Table):
    """The one company whose database this is (always id 1)."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(2))
    is_demo: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Moment)


class Member(Table):
    """`stamp` is in every session of this member: changing it ends them all. `invitation_hash` is SHA-256 of the link's token.
    `scope`: how much of their channels they see (access.py). `undo_seconds`: how long what they send is held. `signature` is
    cleaned HTML with {{variables}}, see mail.signatures."""

    __tablename__ = "members"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(320), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    scope: Mapped[str] = mapped_column(String(8), default="all", server_default="all")
    password_hash: Mapped[str | None] = mapped_column(Text)
    stamp: Mapped[str] = mapped_column(String(32))
    is_active: Mapped[bool]
    language: Mapped[str] = mapped_column(String(2))
    theme: Mapped[str] = mapped_column(String(8))
    timezone: Mapped[str] = mapped_column(String(64))
    enter_sends_email: Mapped[bool]
    enter_sends_whatsapp: Mapped[bool]
    letter_keys: Mapped[bool]
    undo_seconds: Mapped[int] = mapped_column(default=10, server_default="10")
    signature: Mapped[str] = mapped_column(Text, default="", server_default="")
    invitation_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    invitation_expires_at: Mapped[datetime | None] = mapped_column(Moment)
    invited_by_id: Mapped[int | None] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def is_invited(self) -> bool:
        return self.password_hash is None


class Team(Table):
    """Members who share work. A conversation may be given to a team, to a member, or to both."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)


class TeamMember(Table):
    __tablename__ = "team_members"
    __table_args__ = (Index("ix_team_members_member", "member_id", "team_id"),)

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True, type_=Id)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, type_=Id)
