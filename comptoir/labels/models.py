"""A label: a word and one of ten named hues (never a free colour: each hue is readable in light and in dark)."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Table

COLOURS = (
    "red",
    "orange",
    "amber",
    "green",
    "teal",
    "blue",
    "indigo",
    "violet",
    "pink",
    "grey",
)


class Label(Table):
    __tablename__ = "labels"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    colour: Mapped[str] = mapped_column(String(8))
    archived_at: Mapped[datetime | None] = mapped_column(Moment)
