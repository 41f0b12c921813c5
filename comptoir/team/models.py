"""A member of the team. An invited one has no password yet; one who left stays, inactive, as the author of what they wrote."""

from datetime import datetime

from sqlalchemy import String, Text
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
    `undo_seconds`: how long what they send is held. `signature` is cleaned HTML with {{variables}}, see mail.signatures."""

    __tablename__ = "members"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(320), unique=True)
    role: Mapped[str] = mapped_column(String(16))
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
