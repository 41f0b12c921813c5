"""A view: a filter under a name. `filter` is a filters.schemas.Filter; `position` orders the views of one list."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Packed, Table


class View(Table):
    __tablename__ = "views"
    __table_args__ = (Index("ix_views_member", "member_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), type_=Id)
    name: Mapped[str] = mapped_column(String(60))
    is_shared: Mapped[bool]
    filter: Mapped[dict[str, Any]] = mapped_column(Packed)
    position: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
