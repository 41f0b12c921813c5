"""A document of a customer as another program keeps it: Comptoir shows it, finds by it, and links to it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Table

# Compared byte by byte, so that a beginning is a range of the index in both databases.
Exact = String(60).with_variant(String(60, collation="C"), "postgresql")


class DocumentKind(StrEnum):
    ORDER = "order"
    QUOTE = "quote"
    INVOICE = "invoice"
    DELIVERY = "delivery"


class Document(Table):
    """`normalised`: its number as it is compared (words.code_key). `issued_on`: a day, as 2026-11-24. `state`: in the words
    of whoever sent it. `customer_code`: normalised; while `customer_id` is empty, whose it will be once that customer is known.
    `source`: file, api or lookup."""

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("kind", "normalised"),
        Index("ix_documents_customer", "customer_id", "issued_on", "id"),
        Index("ix_documents_normalised", "normalised"),
        Index(
            "ix_documents_waiting",
            "customer_code",
            sqlite_where=text("customer_id IS NULL"),
            postgresql_where=text("customer_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    number: Mapped[str] = mapped_column(String(80))
    normalised: Mapped[str] = mapped_column(Exact)
    issued_on: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(60))
    total_cents: Mapped[int | None] = mapped_column(Id)
    currency: Mapped[str] = mapped_column(String(3))
    link: Mapped[str] = mapped_column(Text)
    customer_code: Mapped[str] = mapped_column(String(60))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), type_=Id)
    source: Mapped[str] = mapped_column(String(16))
    changed_at: Mapped[datetime] = mapped_column(Moment)
