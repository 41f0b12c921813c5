"""File business documents as the company's books have them: the same batch twice changes nothing the second time.

A document is known by its kind and its number, however the number is cut. One that comes before its customer waits for them.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from comptoir.customers import words
from comptoir.customers.directory import batches
from comptoir.customers.directory.port import GivenDocument
from comptoir.customers.directory.reading import Bad
from comptoir.customers.directory.results import ItemResult, Outcome
from comptoir.customers.documents.models import DocumentKind
from comptoir.foundation.among import rows_among
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction

COLUMNS = ("kind", "normalised", "number", "issued_on", "state", "total_cents", "currency", "link", "customer_code")
HOME_CURRENCY = "EUR"
MOST_CENTS = 10**15
KINDS = frozenset(kind.value for kind in DocumentKind)
Key = tuple[str, str]  # kind and normalised number


class _Row(Struct, frozen=True):
    values: tuple[Any, ...]

    @property
    def key(self) -> Key:
        return self.values[0], self.values[1]

    @property
    def customer_code(self) -> str:
        return str(self.values[-1])


def file(tx: Transaction, given: Sequence[GivenDocument], *, source: str) -> list[ItemResult]:
    """One result for each, in their order; one event for all that changed. `source`: file, api or lookup."""
    results: list[ItemResult] = []
    rows: list[_Row | None] = [_read(one, results) for one in given]
    known = _known(tx, [row for row in rows if row is not None])
    changed: dict[Key, _Row] = {}
    for place, row in enumerate(rows):
        if row is None:
            continue
        was = changed.get(row.key, known.get(row.key))
        if was is None or was.values != row.values:
            changed[row.key] = row
        outcome = Outcome.CREATED if was is None else Outcome.UNCHANGED if was == row else Outcome.UPDATED
        results[place] = ItemResult(given[place].number, outcome)
    customers = _customers(tx, [row.customer_code for row in rows if row is not None])
    _save(tx, list(changed.values()), customers, source)
    _tell_of_strangers(results, rows, customers)
    if changed:
        tx.record("document.filed", count=len(changed))
    return results


def drop(tx: Transaction, document_id: int) -> None:
    """It was never made, or is of no use any more."""
    if tx.execute("DELETE FROM documents WHERE id = :id", id=document_id):
        tx.record("document.dropped", count=1)


def _read(given: GivenDocument, results: list[ItemResult]) -> _Row | None:
    """Its row; or None, and why."""
    try:
        row = _row(given)
    except Bad as bad:
        results.append(ItemResult(given.number, Outcome.REFUSED, bad.reason, bad.given))
        return None
    results.append(ItemResult(given.number, Outcome.UNCHANGED))
    return row


def _row(given: GivenDocument) -> _Row:
    normalised = words.code_key(given.number)
    if not normalised:
        raise Bad("no_number", given.number)
    if given.kind not in KINDS:
        raise Bad("bad_kind", given.kind)
    if given.issued_on and not re.fullmatch(r"\d{4}-\d\d-\d\d", given.issued_on):
        raise Bad("bad_date", given.issued_on)
    total = None if given.total is None else int((Decimal(str(given.total)) * 100).to_integral_value())
    if total is not None and abs(total) > MOST_CENTS:
        raise Bad("bad_total", str(given.total))
    currency = given.currency.strip().upper() or ("" if total is None else HOME_CURRENCY)
    if currency and not re.fullmatch(r"[A-Z]{3}", currency):
        raise Bad("bad_currency", given.currency)
    if given.link and urlsplit(given.link).scheme not in ("http", "https"):
        raise Bad("bad_link", given.link)
    number, state = " ".join(given.number.split())[:80], " ".join(given.state.split())[:60]
    code = words.code_key(given.customer) or ""
    return _Row((given.kind, normalised, number, given.issued_on, state, total, currency, given.link[:2000], code))


def _known(tx: Transaction, rows: Sequence[_Row]) -> dict[Key, _Row]:
    found = rows_among(
        tx,
        f"SELECT {', '.join(COLUMNS)} FROM documents WHERE normalised IN ({{values}})",
        [row.key[1] for row in rows],
    )
    return {(kind, normalised): _Row((kind, normalised, *rest)) for kind, normalised, *rest in found}


def _customers(tx: Transaction, codes: Sequence[str]) -> dict[str, int]:
    """Where one was merged into another, the one that was kept."""
    found = rows_among(
        tx,
        "SELECT code_key, coalesce(merged_into_id, id) FROM customers WHERE code_key IN ({values})",
        [code for code in codes if code],
    )
    return dict(tuple(row) for row in found)


def _save(tx: Transaction, rows: Sequence[_Row], customers: Mapping[str, int], source: str) -> None:
    columns = (*COLUMNS, "customer_id", "source", "changed_at")
    assignments = ", ".join(f"{column} = excluded.{column}" for column in columns[2:])
    batches.insert(
        tx,
        "documents",
        columns,
        [(*row.values, customers.get(row.customer_code), source, to_ms(tx.now)) for row in rows],
        ending=f"ON CONFLICT (kind, normalised) DO UPDATE SET {assignments}",
    )


def _tell_of_strangers(results: list[ItemResult], rows: Sequence[_Row | None], customers: Mapping[str, int]) -> None:
    """Filed, and waiting for a customer whom nobody has named yet."""
    for place, row in enumerate(rows):
        if row is not None and row.customer_code not in customers:
            reason = "unknown_customer" if row.customer_code else "no_customer"
            results[place] = ItemResult(results[place].key, results[place].outcome, reason, row.customer_code)
