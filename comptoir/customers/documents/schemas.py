"""A document on the wire."""

from typing import Literal

from msgspec import Struct

DocumentKindName = Literal["order", "quote", "invoice", "delivery"]


class DocumentView(Struct, frozen=True):
    """`issued_on`: 2026-11-24, or "" where nobody said. `total_cents`: hundredths of `currency`."""

    id: int
    kind: DocumentKindName
    number: str
    issued_on: str
    state: str
    total_cents: int | None
    currency: str
    link: str
    customer_id: int | None


class DocumentPage(Struct, frozen=True):
    documents: list[DocumentView]
    next: str | None
