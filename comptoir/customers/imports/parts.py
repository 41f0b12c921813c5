"""The next lines of a file, understood before anybody's transaction begins: that is half of the work, and nobody waits for it."""

import time
from collections.abc import Callable, Sequence

from msgspec import Struct

from comptoir.customers.directory.port import GivenDocument
from comptoir.customers.directory.reading import Bad
from comptoir.customers.directory.understanding import Firm
from comptoir.customers.imports import rows, tables
from comptoir.customers.imports.models import FileImport, ImportKind

# Whoever writes the lines before waits for the interpreter after each statement; it is given it sooner than Python would.
AT_ONCE, BREATH = 16, 0.000_05

Troubles = list[
    tuple[int, bool, str, str, Sequence[str]]
]  # line, whether it is refused, reason, words that are meant, cells


class Part(Struct, frozen=True):
    """`position`, `end`: where it begins and ends in the file. `first`: its first line, as a spreadsheet counts. `customers` or
    `documents`: what the lines at `places` say; the others are in `troubles`."""

    position: int
    end: int
    first: int
    lines: list[list[str]]
    places: list[int]
    customers: list[Firm]
    documents: list[GivenDocument]
    troubles: Troubles


def understand(given: FileImport, content: bytes, *, most: int, after: Part | None = None) -> Part:
    """From where the import is, or from where it will be after that part."""
    position = given.position if after is None else after.end
    first = given.rows_done + 2 if after is None else after.first + len(after.lines)  # the headings are line 1
    lines, end = tables.lines(content, position, most)
    part = Part(position, end, first, lines, [], [], [], [])
    take = _reader(given, part)
    for place, cells in enumerate(lines):
        if place % AT_ONCE == AT_ONCE - 1:
            time.sleep(BREATH)
        try:
            take(cells)
        except Bad as bad:
            part.troubles.append((part.first + place, True, bad.reason, bad.given, cells))
        else:
            part.places.append(place)
    return part


def _reader(given: FileImport, part: Part) -> Callable[[Sequence[str]], None]:
    columns, document_kind = given.columns, given.document_kind
    if given.kind == ImportKind.CUSTOMERS:
        customer = rows.customers(columns, given.headings)
        return lambda cells: part.customers.append(customer(cells))
    return lambda cells: part.documents.append(rows.document_of(cells, columns, document_kind))
