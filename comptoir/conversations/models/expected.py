"""What was said of messages that are not here yet, or go by another name."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Packed, Table


class AwaitedMail(Table):
    """A mail that messages of a conversation answer and that has not come, or will come later, as history does: it belongs
    to that conversation. `digest` is that of its Message-ID, which may be longer than an index takes."""

    __tablename__ = "awaited_mails"
    __table_args__ = (Index("ix_awaited_mails_conversation", "conversation_id"),)

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True, type_=Id)
    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), type_=Id)


class RenamedMail(Table):
    """Another Message-ID of a message: the server that sent it gave it one, and answers name that one. `digest` as above."""

    __tablename__ = "renamed_mails"
    __table_args__ = (Index("ix_renamed_mails_message", "message_id"),)

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True, type_=Id)
    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    message_id: Mapped[int] = mapped_column(Id)


class EarlySign(Table):
    """Something said about a message that is not here yet: a receipt, a reaction, an edit, a revoke, a quote. It is kept until
    that message lands. `target` is the message's external id, `body` the happening, or the id of the message that quotes it."""

    __tablename__ = "early_signs"
    __table_args__ = (UniqueConstraint("channel_id", "key"), Index("ix_early_signs_target", "channel_id", "target"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), type_=Id)
    target: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[dict[str, Any]] = mapped_column(Packed)
    created_at: Mapped[datetime] = mapped_column(Moment)
