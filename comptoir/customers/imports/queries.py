"""Files that come in, as screens show them; and their lines that did not, as a file to correct and bring in again."""

import csv
import io
from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import select

from comptoir.customers.directory.reading import Bad
from comptoir.customers.directory.understanding import Firm
from comptoir.customers.imports import columns as guessing
from comptoir.customers.imports import rows, tables
from comptoir.customers.imports.models import FileImport, ImportKind
from comptoir.customers.imports.reasons import sentence
from comptoir.customers.imports.schemas import ImportView, Preview, PreviewLine
from comptoir.foundation.transaction import Transaction
from comptoir.team import access

SHOWN = 8
CHECKED = 1000
NEWEST = 20
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def find(tx: Transaction, import_id: int) -> FileImport:
    access.require_manager(tx.actor)
    return tx.find(FileImport, import_id)


def newest(tx: Transaction) -> list[ImportView]:
    access.require_manager(tx.actor)
    found = tx.session.scalars(select(FileImport).order_by(FileImport.id.desc()).limit(NEWEST))
    return [view(one) for one in found]


def view(given: FileImport) -> ImportView:
    names = [field for field in ImportView.__struct_fields__ if field not in ("fields", "required")]
    return ImportView(
        **{name: getattr(given, name) for name in names},
        fields=list(guessing.FIELDS[given.kind]),
        required=list(guessing.REQUIRED[given.kind]),
    )


def preview(given: FileImport, content: bytes) -> Preview:
    """What would come in, as far as it can be told without asking the directory."""
    found, _ = tables.lines(content, given.position, CHECKED)
    customer = rows.customers(given.columns, given.headings)
    read = [_preview(given, customer, number, cells) for number, cells in enumerate(found, start=2)]
    return Preview(
        lines=read[:SHOWN],
        troubles=[line for line in read if line.reason][:SHOWN],
        checked=len(read),
        missing=[field for field in guessing.REQUIRED[given.kind] if field not in given.columns],
    )


def troubles_file(tx: Transaction, given: FileImport, language: str) -> bytes:
    """The lines that did not come in whole, as they were, with why: as a CSV that a French Excel opens."""
    found = tx.rows(
        "SELECT line, is_refused, reason, given, cells FROM file_troubles WHERE import_id = :id ORDER BY line",
        id=given.id,
    )
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([*given.headings, *(("Ligne", "Pourquoi") if language == "fr" else ("Line", "Why"))])
    for line, is_refused, reason, said, packed in found:
        cells: list[str] = msgspec.json.decode(packed)
        cells += [""] * (len(given.headings) - len(cells))
        why = sentence(reason, said, language, is_refused=bool(is_refused))
        writer.writerow([*map(_safe, cells[: len(given.headings)]), line, _safe(why)])
    return text.getvalue().encode("utf-8-sig")


def _preview(
    given: FileImport, customer: Callable[[Sequence[str]], Firm], line: int, cells: Sequence[str]
) -> PreviewLine:
    raw = {column: cell for cell, column in zip(cells, given.columns, strict=False) if column and cell}
    try:
        if given.kind == ImportKind.DOCUMENTS:
            document = rows.document_of(cells, given.columns, given.document_kind)
            total = "" if document.total is None else f"{document.total:.2f} {document.currency}".strip()
            return PreviewLine(line, raw | {"kind": document.kind, "issued_on": document.issued_on, "total": total})
        found = customer(cells)
    except Bad as bad:
        return PreviewLine(line, raw, bad.reason, bad.given)
    if not found.key[1]:
        return PreviewLine(line, raw, "no_code")
    return PreviewLine(line, raw | _understood(found))


def _understood(customer: Firm) -> dict[str, str]:
    found = {"country": customer.country or "", "language": customer.language or ""}
    for contact in customer.people:
        emails = [value for kind, value in contact.named if kind == "email"]
        phones = [f"+{value}" for kind, value in contact.named if kind == "phone"]
        found |= {"email": ", ".join(emails), "phone": ", ".join(phones), "contact": contact.name}
    return {field: text for field, text in found.items() if text}


def _safe(cell: str) -> str:
    """A cell that a spreadsheet would run is written as text; numbers and phones stay as they are."""
    is_number = not cell.strip("+-0123456789 .,()")
    return f"'{cell}" if cell.startswith(FORMULA) and not is_number else cell
