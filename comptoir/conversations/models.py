"""A conversation, its messages and their files. The row of a conversation holds all that a line of the list shows."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text, true
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


class Kind(StrEnum):
    """Only a reply ever leaves the house."""

    INCOMING = "incoming"
    REPLY = "reply"
    NOTE = "note"
    ANALYSIS = "analysis"


class Delivery(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class Conversation(Table):
    """The columns from `last_at` on are the list's: kept true by every act, so that a page of the list is one index walk
    (lists.py). `waiting_since`: the oldest customer message that nobody has answered. `window_until`: on WhatsApp, until when
    free text may be sent (the customer's last message, by the provider's clock, and 24 hours). `group_id`: the WhatsApp group
    it is. `origin_id`: the conversation from which this one was forwarded or split, or that it goes on with; that one's
    `continued_by_id` then names it. `merged_into_id`: where its messages are now (handling/merging.py).

    `preview_what`: what the newest message is
    besides words (image, video, audio, voice, document, sticker, location, cards, choice, form, order, template, unsupported,
    missed_call ...): the browser has the word for it in its language, `preview` the rest (a caption, a name)."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index("ix_conversations_channel_status", "channel_id", "status", "last_at", "id"),
        Index("ix_conversations_channel", "channel_id", "last_at", "id"),
        Index("ix_conversations_assignee_status", "assignee_id", "status", "last_at", "id"),
        Index(
            "ix_conversations_unassigned",
            "channel_id",
            "status",
            "last_at",
            "id",
            sqlite_where=text("assignee_id IS NULL"),
            postgresql_where=text("assignee_id IS NULL"),
        ),
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

    @property
    def is_open(self) -> bool:
        return self.status == Status.OPEN

    @property
    def is_resolved(self) -> bool:
        return self.status == Status.RESOLVED

    @property
    def is_spam(self) -> bool:
        return self.status == Status.SPAM


class Message(Table):
    """`external_id`: the same message seen twice in one channel has the same one (mail: a fingerprint).
    `header_id` is the mail's Message-ID, by which answers find their thread; `chain` the References it came with.
    `recipients` holds from, to, cc, bcc and reply_to as [address, name] pairs.

    `via`: a reply written elsewhere, found in the Sent folder ("mail_client") or echoed from the phone ("phone_app").
    `held_until`: queued, and not to leave before (undo send). `scheduled_for`: held until a moment that its author chose
    (handling/scheduling.py), unless the customer writes before, where `cancels_on_answer`.

    `content`: what it holds besides words (channels.chat.Content),
    `context`: where it comes from (referral, is_forwarded, forwarded_by, quotes). `reactions`: [{emoji, by, name}], by "contact" or a
    member's id. `receipts`: what became of it per recipient, [{address, state, at, reason, cause}]. `earlier`: the texts it had
    before it was edited or taken back, as [milliseconds, text]. `is_imported`: history, which starts nothing.
    `protection`: signed_smime, signed_pgp, encrypted_smime or encrypted_pgp. `mentions`: who a note calls, as
    `schemas.Mention`s."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("channel_id", "external_id"),
        UniqueConstraint("conversation_id", "client_id"),
        Index("ix_messages_conversation", "conversation_id", "at", "id"),
        Index("ix_messages_header", "channel_id", "header_id"),
        Index(
            "ix_messages_late",
            "id",
            sqlite_where=text("at < created_at - 86400000"),
            postgresql_where=text("at < created_at - 86400000"),
        ),
        Index(
            "ix_messages_scheduled",
            "conversation_id",
            "scheduled_for",
            sqlite_where=text("scheduled_for IS NOT NULL"),
            postgresql_where=text("scheduled_for IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), type_=Id)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), type_=Id)
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), type_=Id)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), type_=Id)
    external_id: Mapped[str | None] = mapped_column(String(200))
    header_id: Mapped[str | None] = mapped_column(Text)
    client_id: Mapped[str | None] = mapped_column(String(64))
    delivery: Mapped[str | None] = mapped_column(String(16))
    error_code: Mapped[str | None] = mapped_column(String(40))
    error_detail: Mapped[str | None] = mapped_column(Text)
    refusals: Mapped[list[list[str]] | None] = mapped_column(Packed)
    is_automatic: Mapped[bool]
    is_unreadable: Mapped[bool]
    has_html: Mapped[bool]
    remote_images: Mapped[int]
    ledger_id: Mapped[int | None] = mapped_column(Id)
    match_reason: Mapped[str | None] = mapped_column(String(24))
    recipients: Mapped[dict[str, Any]] = mapped_column(Packed)
    chain: Mapped[list[str] | None] = mapped_column(Packed)
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    via: Mapped[str | None] = mapped_column(String(16))
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    quoted_id: Mapped[int | None] = mapped_column(Id)
    content: Mapped[dict[str, Any] | None] = mapped_column(Packed)
    context: Mapped[dict[str, Any] | None] = mapped_column(Packed)
    reactions: Mapped[list[dict[str, Any]] | None] = mapped_column(Packed)
    receipts: Mapped[list[dict[str, Any]] | None] = mapped_column(Packed)
    earlier: Mapped[list[tuple[int, str]] | None] = mapped_column(Packed)
    edited_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    is_imported: Mapped[bool] = mapped_column(default=False, server_default=false())
    protection: Mapped[str | None] = mapped_column(String(16))
    mentions: Mapped[list[dict[str, Any]] | None] = mapped_column(Packed)
    scheduled_for: Mapped[datetime | None] = mapped_column(Moment)
    cancels_on_answer: Mapped[bool] = mapped_column(default=False, server_default=false())


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


class MessageHtml(Table):
    """The HTML of a mail as it came, apart from the row that lists and threads read. It is cleaned each time it is shown,
    so that a better cleaner also cleans yesterday's mail."""

    __tablename__ = "message_html"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True, type_=Id)
    html: Mapped[str] = mapped_column(Text)


class ReplyBody(Table):
    """What a reply says outside, fixed when it is written: its words, the signature, the quoted history. `html` is empty when
    it leaves as plain text alone. The words alone are the message's text and its MessageHtml."""

    __tablename__ = "reply_bodies"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True, type_=Id)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)


class Attachment(Table):
    """A file of a message; without a message yet, an upload of `member_id`. `content_id` links it to an <img> of the HTML.

    `remote`: where it lies at the provider's (channels.chat.MediaRef). While `fetching` is "waiting" or "failed" its bytes are
    not here yet and `file_key` is empty; `fetch_error` says why it failed."""

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_message", "message_id", "id"),
        Index("ix_attachments_file", "file_key"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), type_=Id)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), type_=Id)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(String(64))
    content_id: Mapped[str] = mapped_column(Text)
    is_inline: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Moment)
    remote: Mapped[dict[str, Any] | None] = mapped_column(Packed)
    fetching: Mapped[str | None] = mapped_column(String(16))
    fetch_error: Mapped[str | None] = mapped_column(String(40))


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


class ConversationLabel(Table):
    __tablename__ = "conversation_labels"
    __table_args__ = (Index("ix_conversation_labels_label", "label_id", "conversation_id"),)

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True, type_=Id)
    label_id: Mapped[int] = mapped_column(ForeignKey("labels.id"), primary_key=True, type_=Id)


class Reading(Table):
    """How far one member has read one conversation, as a message id."""

    __tablename__ = "readings"

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


class ConversationMerge(Table):
    """What a merge did to both conversations, kept to undo it: `deeds` is a handling.merging.Deeds. One that was undone is gone."""

    __tablename__ = "conversation_merges"
    __table_args__ = (Index("ix_conversation_merges_target", "target_id"),)

    source_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True, type_=Id)
    target_id: Mapped[int] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(Moment)
    member_id: Mapped[int | None] = mapped_column(Id)
    deeds: Mapped[dict[str, Any]] = mapped_column(Packed)


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
