"""One line of a file as what it says of a customer or of a document. Pure."""

from collections.abc import Mapping, Sequence

from comptoir.customers.directory import reading
from comptoir.customers.directory.port import GivenContact, GivenCustomer, GivenDocument
from comptoir.customers.directory.reading import Bad
from comptoir.customers.imports import values
from comptoir.customers.imports.columns import FIELD, kind_of

Cells = Sequence[str]


def customer_of(cells: Cells, columns: Sequence[str], headings: Sequence[str]) -> GivenCustomer:
    """Bad where a cell cannot be read: then the whole line is refused, and says why."""
    given = _by_field(cells, columns)
    country = reading.country(given["country"][0]) if "country" in given else None
    emails = [reading.email(one) for cell in given.get("email", ()) for one in _pieces(cell)]
    phones = [f"+{reading.phone(one, country)}" for cell in given.get("phone", ()) for one in _pieces(cell, "/;,")]
    contact = _first(given, "contact")
    extra = {
        heading: cell
        for cell, column, heading in zip(cells, columns, headings, strict=False)
        if column == FIELD and cell and heading
    }
    has_contact = bool(emails or phones or contact)
    return GivenCustomer(
        code=_first(given, "code"),
        name=_first(given, "name") or None,
        country=country,
        language=_first(given, "language") or None,
        owner=_first(given, "owner") or None,
        tags=[tag for cell in given["tags"] for tag in _pieces(cell)] if "tags" in given else None,
        fields=extra or None,
        contacts=[GivenContact(name=contact, emails=emails, phones=phones)] if has_contact else [],
    )


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


def _first(given: Mapping[str, list[str]], field: str) -> str:
    return given.get(field, [""])[0]


def _pieces(cell: str, marks: str = ";,|") -> list[str]:
    """Two addresses in one cell are two."""
    for mark in marks[1:]:
        cell = cell.replace(mark, marks[0])
    return [piece.strip() for piece in cell.split(marks[0]) if piece.strip()]
