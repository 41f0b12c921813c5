"""Where the ERP is asked, how its answer reads, and when each question was asked last."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Packed, Table


class Lookup(Table):
    """The one connection (always id 1). `url`: with {code}, {email} or {phone}. `mapping`: providers.erp.Mapping.
    `token`: sealed. `trouble`: why the last question had no answer, empty when it had one."""

    __tablename__ = "lookups"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    header: Mapped[str] = mapped_column(String(80))
    token: Mapped[str] = mapped_column(Text)
    mapping: Mapped[dict[str, Any]] = mapped_column(Packed)
    seconds: Mapped[int]
    keep_minutes: Mapped[int]
    is_active: Mapped[bool]
    trouble: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime | None] = mapped_column(Moment)


class LookupAnswer(Table):
    """`key`: a digest of the question. What was answered is in the tables of customers and documents."""

    __tablename__ = "lookup_answers"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
