"""What a member is told of: one row for each thing and each person, and how each of them wants to hear it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Packed, Table


class Notification(Table):
    """`event_id` is the newest event that it tells of: the same event twice is one notification. While it is unread, more
    messages of the same conversation add to its `count`. It holds no words: what it says is read from the conversation, if
    its member may still see that. `mailed_at`: it was in a digest."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("member_id", "event_id"),
        Index("ix_notifications_member", "member_id", "at", "id"),
        Index("ix_notifications_conversation", "conversation_id", "member_id"),
        Index(
            "ix_notifications_unread",
            "member_id",
            "conversation_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_notifications_bulk",
            "bulk_id",
            "member_id",
            sqlite_where=text("bulk_id IS NOT NULL"),
            postgresql_where=text("bulk_id IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), type_=Id)
    kind: Mapped[str] = mapped_column(String(16))
    conversation_id: Mapped[int] = mapped_column(Id)
    message_id: Mapped[int | None] = mapped_column(Id)
    event_id: Mapped[int] = mapped_column(Id)
    actor_id: Mapped[int | None] = mapped_column(Id)
    count: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    bulk_id: Mapped[int | None] = mapped_column(Id)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    mailed_at: Mapped[datetime | None] = mapped_column(Moment)


class NotificationChoices(Table):
    """`choices` is a `schemas.Choices`; without a row, the usual ones. `digested_at`: when the last digest was made."""

    __tablename__ = "notification_choices"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, type_=Id)
    choices: Mapped[dict[str, Any]] = mapped_column(Packed)
    digested_at: Mapped[datetime | None] = mapped_column(Moment)


class PushSubscription(Table):
    """A browser that may be told while its page is closed (RFC 8030). `stamp` is the member's at that moment: a session that
    has ended is told nothing more. `digest` is SHA-256 of the endpoint, which may be longer than an index takes."""

    __tablename__ = "push_subscriptions"
    __table_args__ = (Index("ix_push_subscriptions_member", "member_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), type_=Id)
    stamp: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    endpoint: Mapped[str] = mapped_column(Text)
    p256dh: Mapped[str] = mapped_column(String(120))
    auth: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(Moment)
