"""A message, its HTML and its files."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Packed, Table


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
