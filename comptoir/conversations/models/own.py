"""What is one member's own in a conversation: how far they read, whether they follow, what they are writing."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Packed, Table


class Reading(Table):
    """How far one member has read one conversation, as a message id."""

    __tablename__ = "readings"
    __table_args__ = (Index("ix_readings_member", "member_id", "conversation_id", "upto"),)

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True, type_=Id)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, type_=Id)
    upto: Mapped[int] = mapped_column(Id)


class Mute(Table):
    """A member who does not want to hear of this conversation, unless they are named in it or given it."""

    __tablename__ = "mutes"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True, type_=Id)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, type_=Id)


class Participant(Table):
    """A member who follows a conversation: because they answered in it, were mentioned or added, or chose to."""

    __tablename__ = "participants"
    __table_args__ = (Index("ix_participants_member", "member_id", "conversation_id"),)

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True, type_=Id)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, type_=Id)
    since: Mapped[datetime] = mapped_column(Moment)


class Draft(Table):
    """What one member is writing in one conversation; `mode` is reply or note. Nobody else ever sees it. `content` is a
    `schemas.DraftContent`; `version` grows with every change."""

    __tablename__ = "drafts"
    __table_args__ = (Index("ix_drafts_member", "member_id", "updated_at"),)

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True, type_=Id)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, type_=Id)
    mode: Mapped[str] = mapped_column(String(8), primary_key=True)
    version: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(Moment)
    content: Mapped[dict[str, Any]] = mapped_column(Packed)
