"""One line of a file as what it says of a customer or of a document. Pure."""

from collections.abc import Callable, Mapping, Sequence

from comptoir.customers.directory import reading
from comptoir.customers.directory.port import GivenContact, GivenCustomer, GivenDocument
from comptoir.customers.directory.reading import Bad
from comptoir.customers.directory.understanding import Firm, firm
from comptoir.customers.imports import values
from comptoir.customers.imports.columns import CUSTOMER_FIELDS, FIELD, kind_of

Cells = Sequence[str]


def customers(columns: Sequence[str], headings: Sequence[str]) -> Callable[[Cells], Firm]:
    """How a line of such columns is read. Bad where a cell cannot be: then the whole line is refused, and says why."""
    width = len(columns)
    at = {field: [place for place, column in enumerate(columns) if column == field] for field in CUSTOMER_FIELDS}
    kept = [(place, headings[place]) for place in at[FIELD] if place < len(headings) and headings[place]]
    code, name, country, language, owner, contact = (
        at[field] for field in ("code", "name", "country", "language", "owner", "contact")
    )

    def read(cells: Cells) -> Firm:
        if len(cells) < width:
            cells = [*cells, *[""] * (width - len(cells))]
        emails = [one for place in at["email"] if cells[place] for one in _pieces(cells[place])]
        phones = [one for place in at["phone"] if cells[place] for one in _pieces(cells[place], "/;,")]
        tags = [tag for place in at["tags"] if cells[place] for tag in _pieces(cells[place])]
        called = _cell(cells, contact)
        people = [GivenContact(name=called, emails=emails, phones=phones)] if emails or phones or called else []
        found = firm(
            GivenCustomer(
                code=_cell(cells, code),
                name=_cell(cells, name) or None,
                country=_cell(cells, country) or None,
                language=_cell(cells, language) or None,
                owner=_cell(cells, owner) or None,
                tags=tags or None,
                fields={heading: cells[place] for place, heading in kept if cells[place]} or None,
                contacts=people,
            ),
            home=reading.HOME,
        )
        if found.bad is not None:
            raise found.bad
        for person in found.people:
            if person.reason:
                raise Bad(person.reason, person.given)
        return found

    return read


def document_of(cells: Cells, columns: Sequence[str], document_kind: str) -> GivenDocument:
    given = _by_field(cells, columns)
    kind_cell = _first(given, "kind")
    kind = kind_of(kind_cell) if kind_cell else document_kind
    if not kind:
        raise Bad("bad_kind", kind_cell)
    try:
        issued_on = values.day(_first(given, "issued_on"))
    except ValueError:
        raise Bad("bad_date", _first(given, "issued_on")) from None
    try:
        cents, currency = values.cents(_first(given, "total"))
    except ValueError:
        raise Bad("bad_total", _first(given, "total")) from None
    said = _first(given, "currency")
    return GivenDocument(
        kind=kind,
        number=_first(given, "number"),
        customer=_first(given, "customer"),
        issued_on=issued_on.isoformat() if issued_on else "",
        state=_first(given, "state"),
        total=None if cents is None else cents / 100,
        currency=values.CURRENCIES.get(said.lower(), said.upper()) or currency,
        link=_first(given, "link"),
    )


def _by_field(cells: Cells, columns: Sequence[str]) -> Mapping[str, list[str]]:
    """Only what is filled in."""
    given: dict[str, list[str]] = {}
    for cell, column in zip(cells, columns, strict=False):
        if column and cell:
            given.setdefault(column, []).append(cell)
    return given


def _cell(cells: Cells, places: Sequence[int]) -> str:
    """The first that is filled in."""
    for place in places:
        if cells[place]:
            return cells[place]
    return ""


def _first(given: Mapping[str, list[str]], field: str) -> str:
    return given.get(field, [""])[0]


def _pieces(cell: str, marks: str = ";,|") -> list[str]:
    """Two addresses in one cell are two."""
    if not any(mark in cell for mark in marks):
        return [cell]
    for mark in marks[1:]:
        cell = cell.replace(mark, marks[0])
    return [piece.strip() for piece in cell.split(marks[0]) if piece.strip()]
