"""A file that is coming in, or came in, and the lines of it that could not."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Packed, Table


class ImportKind(StrEnum):
    CUSTOMERS = "customers"
    DOCUMENTS = "documents"


class ImportState(StrEnum):
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class FileImport(Table):
    """`file_key`: its lines as tables.Lines keeps them. `position` and `rows_done`: how far it came, written in the transaction
    that wrote those lines, so that a killed one goes on exactly there. `columns`: for each column of the file, the field that it
    is ("" for none). `told_at`: when browsers heard of its progress last."""

    __tablename__ = "file_imports"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), type_=Id)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    file_name: Mapped[str] = mapped_column(Text)
    file_key: Mapped[str] = mapped_column(String(64))
    encoding: Mapped[str] = mapped_column(String(16))
    separator: Mapped[str] = mapped_column(String(1))
    headings: Mapped[list[str]] = mapped_column(Packed)
    columns: Mapped[list[str]] = mapped_column(Packed)
    document_kind: Mapped[str] = mapped_column(String(16))
    rows_total: Mapped[int]
    rows_done: Mapped[int]
    position: Mapped[int] = mapped_column(Id)
    created_count: Mapped[int]
    updated_count: Mapped[int]
    unchanged_count: Mapped[int]
    refused_count: Mapped[int]
    warned_count: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class FileTrouble(Table):
    """A line that did not come in, or not whole. `line`: as a spreadsheet numbers it, the headings being 1."""

    __tablename__ = "file_troubles"

    import_id: Mapped[int] = mapped_column(ForeignKey("file_imports.id"), primary_key=True, type_=Id)
    line: Mapped[int] = mapped_column(primary_key=True)
    is_refused: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(40))
    given: Mapped[str] = mapped_column(Text)
    cells: Mapped[list[str]] = mapped_column(Packed)
