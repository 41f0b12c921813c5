"""What was asked about a person, by whom, and what came of it. It names nobody: an erased person is a number here."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Packed, Table


class DataRequest(Table):
    """`kind`: export or erasure. `subject`: contact or customer. `state`: waiting, done or failed. `file_key`: the archive of
    an export, until `kept_until`. `report`: privacy.schemas.Report; that of an
    erasure grows while it runs."""

    __tablename__ = "data_requests"
    __table_args__ = (Index("ix_data_requests_subject", "subject", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int] = mapped_column(Id)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), type_=Id)
    state: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    kept_until: Mapped[datetime | None] = mapped_column(Moment)
    file_key: Mapped[str | None] = mapped_column(String(64))
    report: Mapped[dict[str, Any] | None] = mapped_column(Packed)


class LeavingFile(Table):
    """A file that an erasure takes out of the store at its end. Written with the deletion of what named it, so that a killed
    erasure forgets none."""

    __tablename__ = "leaving_files"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("data_requests.id"), type_=Id, index=True)
    key: Mapped[str] = mapped_column(String(64))
