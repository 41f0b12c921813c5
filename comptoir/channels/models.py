"""A connected mailbox or number, who works in it, and how far each of its folders has been read."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Packed, Table


class Channel(Table):
    """`secrets` is sealed (foundation.secrets). `health`: connecting, connected, failing; the trouble fields say why.
    `sent_folder`: where a mailbox keeps what is sent from elsewhere; None while that is not known.
    `aliases`: other addresses whose mail comes here too, and from which one may answer. `quotes_history`: replies carry the
    mail they answer. `size_limit`: the largest mail that the server said it takes, in bytes.
    `reopens_within`: for how many days a resolved conversation is opened again by its customer; None: always; 0: never. After
    that they begin a new one.

    Of a number: `last_webhook_at`, when its provider last called with a good signature, and how many calls were refused for a
    bad one."""

    __tablename__ = "channels"
    __table_args__ = (Index("uq_channels_kind_address", "kind", "address", unique=True),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    provider: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(320))
    settings: Mapped[dict[str, Any]] = mapped_column(Packed)
    secrets: Mapped[str] = mapped_column(Text)
    health: Mapped[str] = mapped_column(String(16))
    trouble_code: Mapped[str | None] = mapped_column(String(40))
    trouble_detail: Mapped[str | None] = mapped_column(Text)
    trouble_side: Mapped[str | None] = mapped_column(String(8))
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    last_received_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_folder: Mapped[str | None] = mapped_column(String(255))
    last_webhook_at: Mapped[datetime | None] = mapped_column(Moment)
    refused_webhooks: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    disconnected_at: Mapped[datetime | None] = mapped_column(Moment)
    aliases: Mapped[list[str]] = mapped_column(Packed, default=list, server_default="[]")
    quotes_history: Mapped[bool] = mapped_column(default=True, server_default=true())
    size_limit: Mapped[int | None] = mapped_column(BigInteger)
    reopens_within: Mapped[int | None]


class ChannelMember(Table):
    __tablename__ = "channel_members"
    __table_args__ = (Index("ix_channel_members_member", "member_id", "channel_id"),)

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True, type_=Id)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, type_=Id)


class MailboxCursor(Table):
    """Every mail of `folder` after `first_uid` and up to `last_uid` in the epoch `uidvalidity` is in the ledger: written with
    it, in one commit. What lies at or below `first_uid` was there before the mailbox was connected.

    `since`: when the folder was first seen. After a new UIDVALIDITY the folder is read again: what came before `since`, among
    the UIDs up to `known_upto` that it began with, is the past and not news."""

    __tablename__ = "mailbox_cursors"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True, type_=Id)
    folder: Mapped[str] = mapped_column(String(255), primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    first_uid: Mapped[int] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime | None] = mapped_column(Moment)
    known_upto: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


class ImportState(StrEnum):
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class Import(Table):
    """The mail that was in a mailbox before it was connected, being brought in, newest first. `since`: no older than that, or
    all of it. `places`: folder -> [UIDVALIDITY, the lowest UID brought in], from where it goes on. `total` is None until the
    server has said how many there are."""

    __tablename__ = "imports"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True, type_=Id)
    state: Mapped[str] = mapped_column(String(8))
    since: Mapped[datetime | None] = mapped_column(Moment)
    places: Mapped[dict[str, list[int]]] = mapped_column(Packed)
    total: Mapped[int | None]
    done: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
