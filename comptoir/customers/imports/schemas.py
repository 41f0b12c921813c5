"""What a browser sees of a file that comes in."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from comptoir.customers.documents.schemas import DocumentKindName


class ImportView(Struct, frozen=True):
    """`fields`: what a column can be. `refused_count`: lines left out; `warned_count`: lines that came in, but for a part."""

    id: int
    kind: Literal["customers", "documents"]
    state: Literal["ready", "running", "done", "failed", "stopped"]
    file_name: str
    encoding: str
    separator: str
    headings: list[str]
    columns: list[str]
    fields: list[str]
    required: list[str]
    document_kind: DocumentKindName
    rows_total: int
    rows_done: int
    created_count: int
    updated_count: int
    unchanged_count: int
    refused_count: int
    warned_count: int
    created_at: datetime
    ended_at: datetime | None


class Columns(Struct, frozen=True):
    """For each column of the file the field that it is, "" for none."""

    columns: Annotated[list[Annotated[str, Meta(max_length=20)]], Meta(max_length=100)]
    document_kind: DocumentKindName = "order"


class PreviewLine(Struct, frozen=True):
    """`line`: as a spreadsheet numbers it. `shown`: what is understood, by field. `reason`: why it would be left out."""

    line: int
    shown: dict[str, str]
    reason: str = ""
    given: str = ""


class Preview(Struct, frozen=True):
    """The first lines; and, of the first thousand, those that would be left out. `missing`: fields that no column is yet."""

    lines: list[PreviewLine]
    troubles: list[PreviewLine]
    checked: int
    missing: list[str]
