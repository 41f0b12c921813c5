"""A conversation. Its row holds all that a line of the list shows."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text, true
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Packed, Table


class Status(StrEnum):
    OPEN = "open"
    PENDING = "pending"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    SPAM = "spam"
    MERGED = "merged"


AT_WORK = (Status.OPEN, Status.PENDING, Status.SNOOZED, Status.RESOLVED)
"""What "any status" means on a screen: spam is looked at on purpose, and a merged one is shown as what it was merged into."""


class Priority(StrEnum):
    NONE = "none"
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


SOMEBODYS, NOBODYS = "assignee_id IS NOT NULL", "assignee_id IS NULL"
NEWEST = ("last_at", "id")
FACTS = ("priority", "last_incoming_id", "created_at", "failed_count", "label_ids")
HELD = ("assignee_id", "team_id", *FACTS)


def _walk(name: str, *columns: str, where: str | None = None) -> Index:
    """An index in the order of the list that also holds what a filter asks: a page reads the rows that it shows, no other. The
    columns of the condition are in it, too: SQLite would ask the row for what a partial index already says of it."""
    partial = None if where is None else text(where)
    return Index(f"ix_conversations_{name}", *columns, sqlite_where=partial, postgresql_where=partial)


class Conversation(Table):
    """The columns from `last_at` on are the list's: kept true by every act, so that a page of the list is one index walk
    (lists.py). `waiting_since`: the oldest customer message that nobody has answered. `window_until`: on WhatsApp, until when
    free text may be sent (the customer's last message, by the provider's clock, and 24 hours). `group_id`: the WhatsApp group
    it is. `origin_id`: the conversation from which this one was forwarded or split, or that it goes on with; that one's
    `continued_by_id` then names it. `merged_into_id`: where its messages are now (handling/merging.py). `label_ids`: its
    ConversationLabels once more, as ",3,9," (labelling.py).

    `preview_what`: what the newest message is besides words (image, video, audio, voice, document, sticker, location, cards,
    choice, form, order, template, unsupported, missed_call ...): the browser has the word for it in its language, `preview`
    the rest (a caption, a name)."""

    __tablename__ = "conversations"
    __table_args__ = (
        _walk("channel_status", "channel_id", "status", *NEWEST, *HELD),
        _walk("channel", "channel_id", *NEWEST, "status", *HELD),
        _walk("assignee_status", "assignee_id", "status", *NEWEST, "channel_id", "team_id", *FACTS, where=SOMEBODYS),
        _walk("assignee", "assignee_id", *NEWEST, "status", "channel_id", "team_id", *FACTS, where=SOMEBODYS),
        _walk("unassigned_status", "channel_id", "status", *NEWEST, *HELD, where=NOBODYS),
        _walk("unassigned", "channel_id", *NEWEST, "status", *HELD, where=NOBODYS),
        Index(
            "ix_conversations_team_status",
            "team_id",
            "status",
            "last_at",
            "id",
            sqlite_where=text("team_id IS NOT NULL"),
            postgresql_where=text("team_id IS NOT NULL"),
        ),
        Index(
            "ix_conversations_nobodys",
            "channel_id",
            "status",
            "last_at",
            "id",
            sqlite_where=text("assignee_id IS NULL AND team_id IS NULL"),
            postgresql_where=text("assignee_id IS NULL AND team_id IS NULL"),
        ),
        Index(
            "ix_conversations_origin",
            "origin_id",
            sqlite_where=text("origin_id IS NOT NULL"),
            postgresql_where=text("origin_id IS NOT NULL"),
        ),
        Index(
            "ix_conversations_failed",
            "last_at",
            "id",
            sqlite_where=text("failed_count > 0"),
            postgresql_where=text("failed_count > 0"),
        ),
        Index("ix_conversations_contact", "contact_id", "channel_id", "last_at"),
        Index(
            "ix_conversations_group",
            "channel_id",
            "group_id",
            sqlite_where=text("group_id IS NOT NULL"),
            postgresql_where=text("group_id IS NOT NULL"),
        ),
        Index(
            "ix_conversations_merged",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        Index(
            "ix_conversations_snoozed",
            "snoozed_until",
            sqlite_where=text("status = 'snoozed'"),
            postgresql_where=text("status = 'snoozed'"),
        ),
        Index(
            "ix_conversations_customer",
            "customer_id",
            "last_at",
            "id",
            sqlite_where=text("customer_id IS NOT NULL"),
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        Index(
            "ix_conversations_customers",
            "last_at",
            "id",
            "customer_id",
            sqlite_where=text("customer_id IS NOT NULL"),
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), type_=Id)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), type_=Id)
    customer_id: Mapped[int | None] = mapped_column(Id)
    subject: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16))
    snoozed_until: Mapped[datetime | None] = mapped_column(Moment)
    wakes_on_reply: Mapped[bool] = mapped_column(default=True, server_default=true())
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), type_=Id)
    team_id: Mapped[int | None] = mapped_column(Id)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    resolved_at: Mapped[datetime | None] = mapped_column(Moment)
    waiting_since: Mapped[datetime | None] = mapped_column(Moment)
    last_at: Mapped[datetime] = mapped_column(Moment)
    preview: Mapped[str] = mapped_column(Text)
    preview_kind: Mapped[str | None] = mapped_column(String(16))
    preview_what: Mapped[str | None] = mapped_column(String(24))
    last_incoming_id: Mapped[int] = mapped_column(Id)
    failed_count: Mapped[int]
    has_files: Mapped[bool]
    window_until: Mapped[datetime | None] = mapped_column(Moment)
    group_id: Mapped[str | None] = mapped_column(String(120))
    origin_id: Mapped[int | None] = mapped_column(Id)
    priority: Mapped[str] = mapped_column(String(8), default=Priority.NONE, server_default="none")
    merged_into_id: Mapped[int | None] = mapped_column(Id)
    continued_by_id: Mapped[int | None] = mapped_column(Id)
    label_ids: Mapped[str] = mapped_column(Text, default=",", server_default=",")

    @property
    def is_open(self) -> bool:
        return self.status == Status.OPEN

    @property
    def is_resolved(self) -> bool:
        return self.status == Status.RESOLVED

    @property
    def is_spam(self) -> bool:
        return self.status == Status.SPAM


class ConversationLabel(Table):
    __tablename__ = "conversation_labels"
    __table_args__ = (Index("ix_conversation_labels_label", "label_id", "conversation_id"),)

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True, type_=Id)
    label_id: Mapped[int] = mapped_column(ForeignKey("labels.id"), primary_key=True, type_=Id)


class ConversationMerge(Table):
    """What a merge did to both conversations, kept to undo it: `deeds` is a handling.merging.Deeds. One that was undone is gone."""

    __tablename__ = "conversation_merges"
    __table_args__ = (Index("ix_conversation_merges_target", "target_id"),)

    source_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True, type_=Id)
    target_id: Mapped[int] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(Moment)
    member_id: Mapped[int | None] = mapped_column(Id)
    deeds: Mapped[dict[str, Any]] = mapped_column(Packed)
