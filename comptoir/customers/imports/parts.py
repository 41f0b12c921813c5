"""The next lines of a file, understood before anybody's transaction begins: reading them is half of the work, and nobody waits
for it. Pure."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from comptoir.customers.directory.port import GivenCustomer, GivenDocument
from comptoir.customers.directory.reading import Bad
from comptoir.customers.imports import rows, tables
from comptoir.customers.imports.models import FileImport, ImportKind

Troubles = list[
    tuple[int, bool, str, str, Sequence[str]]
]  # line, whether it is refused, reason, words that are meant, cells


class Part(Struct, frozen=True):
    """`position`, `end`: where it begins and ends in the file. `first`: its first line, as a spreadsheet counts. `items`: what the
    lines at `places` say; the others are in `troubles`."""

    position: int
    end: int
    first: int
    lines: list[list[str]]
    places: list[int]
    items: list[GivenCustomer | GivenDocument]
    troubles: Troubles

    @property
    def customers(self) -> list[GivenCustomer]:
        return [item for item in self.items if isinstance(item, GivenCustomer)]

    @property
    def documents(self) -> list[GivenDocument]:
        return [item for item in self.items if isinstance(item, GivenDocument)]


def understand(given: FileImport, content: bytes, *, most: int, after: Part | None = None) -> Part:
    """From where the import is, or from where it will be after that part."""
    position = given.position if after is None else after.end
    first = given.rows_done + 2 if after is None else after.first + len(after.lines)  # the headings are line 1
    lines, end = tables.lines(content, position, most)
    part = Part(position, end, first, lines, [], [], [])
    read = _reader(given)
    for place, cells in enumerate(lines):
        try:
            part.items.append(read(cells))
        except Bad as bad:
            part.troubles.append((part.first + place, True, bad.reason, bad.given, cells))
        else:
            part.places.append(place)
    return part


def _reader(given: FileImport) -> Callable[[Sequence[str]], GivenCustomer | GivenDocument]:
    columns, headings, document_kind = given.columns, given.headings, given.document_kind
    if given.kind == ImportKind.CUSTOMERS:
        return lambda cells: rows.customer_of(cells, columns, headings)
    return lambda cells: rows.document_of(cells, columns, document_kind)
