"""A bulk act, and each conversation it goes through."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Packed, Table


class Phase(StrEnum):
    """Those that match are gathered first, then done; then perhaps undone."""

    GATHERING = "gathering"
    DOING = "doing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class Outcome(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    UNDONE = "undone"
    KEPT = "kept"  # changed by somebody since: undoing leaves it


class Bulk(Table):
    """`act` is a schemas.Act; `filter` is what "all that match" means, `cursor` how far it was gathered."""

    __tablename__ = "bulks"
    __table_args__ = (Index("ix_bulks_member", "member_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), type_=Id)
    act: Mapped[dict[str, Any]] = mapped_column(Packed)
    filter: Mapped[dict[str, Any] | None] = mapped_column(Packed)
    cursor: Mapped[str | None] = mapped_column(String(40))
    phase: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Moment)


class BulkItem(Table):
    """`before`: what the act changed, as it was. `reason`: why it was skipped, in their language."""

    __tablename__ = "bulk_items"
    __table_args__ = (
        Index("ix_bulk_items_outcome", "bulk_id", "outcome", "conversation_id"),
        Index("ix_bulk_items_conversation", "conversation_id"),
    )

    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulks.id"), primary_key=True, type_=Id)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True, type_=Id)
    outcome: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    before: Mapped[dict[str, Any] | None] = mapped_column(Packed)
