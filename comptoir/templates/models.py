"""A template: ready words. One table for both kinds, because to a member they are one idea behind one icon."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.channels.chat import TemplateButton, TemplateFound
from comptoir.foundation.tables import Id, Moment, Packed, Table


class TemplateKind(StrEnum):
    CANNED = "canned"
    WHATSAPP = "whatsapp"


class Template(Table):
    """`canned`: a reply the team wrote, edited here; `member_id` is whose it is, null for everybody's; `shortcut` is typed after
    a slash. `whatsapp`: a copy of what the provider approved for one number (`channel_id`, `external_id`), changed only by a
    sync; `status`, `header_format`, `buttons` and `examples` are those of channels.chat.TemplateFound. `defaults` says, by
    place and name ("header:1", "body:first_name", "button:0"), what a WhatsApp variable is filled with before anyone types: words,
    marks included."""

    __tablename__ = "templates"
    __table_args__ = (
        UniqueConstraint("channel_id", "external_id"),
        Index(
            "uq_templates_shared_shortcut",
            "shortcut",
            unique=True,
            sqlite_where=text("member_id IS NULL AND archived_at IS NULL"),
            postgresql_where=text("member_id IS NULL AND archived_at IS NULL"),
        ),
        Index(
            "uq_templates_own_shortcut",
            "member_id",
            "shortcut",
            unique=True,
            sqlite_where=text("member_id IS NOT NULL AND archived_at IS NULL"),
            postgresql_where=text("member_id IS NOT NULL AND archived_at IS NULL"),
        ),
        Index("ix_templates_external", "external_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(16))
    category: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    shortcut: Mapped[str | None] = mapped_column(String(40))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), type_=Id)
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channels.id"), type_=Id)
    external_id: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(16))
    quality: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    is_named: Mapped[bool]
    header_format: Mapped[str] = mapped_column(String(16))
    header: Mapped[str] = mapped_column(Text)
    footer: Mapped[str] = mapped_column(Text)
    buttons: Mapped[list[dict[str, Any]]] = mapped_column(Packed)
    examples: Mapped[dict[str, str]] = mapped_column(Packed)
    defaults: Mapped[dict[str, str]] = mapped_column(Packed)
    uses: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def is_canned(self) -> bool:
        return self.kind == TemplateKind.CANNED

    @property
    def found(self) -> TemplateFound:
        """Our copy, as a provider speaks of it."""
        return TemplateFound(
            external_id=self.external_id or "",
            name=self.name,
            language=self.language,
            category=self.category,
            status=self.status,
            quality=self.quality,
            reason=self.reason,
            is_named=self.is_named,
            header_format=self.header_format,
            header=self.header,
            body=self.body,
            footer=self.footer,
            buttons=msgspec.convert(self.buttons, tuple[TemplateButton, ...]),
            examples=self.examples,
        )


class TemplateFile(Table):
    """A file that goes with a canned reply. The bytes are in the file store, where the same content is kept once."""

    __tablename__ = "template_files"
    __table_args__ = (
        Index("ix_template_files_template", "template_id", "id"),
        Index("ix_template_files_file", "file_key"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("templates.id"), type_=Id)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(String(64))
