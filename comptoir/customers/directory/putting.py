"""Put customers into the directory as somebody else's books have them: the same batch twice changes nothing the second time.

A customer is found by its code. A list without codes finds by the exact name, among the customers that have no code: that is
how such a list can be brought in again without doubling. What is not said is left as it is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from comptoir.customers import indexing, words
from comptoir.customers.directory import batches, placing, reading
from comptoir.customers.directory.port import GivenCustomer
from comptoir.customers.directory.results import ItemResult, Outcome
from comptoir.foundation.among import execute_among, rows_among
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction

COLUMNS = ("name", "name_key", "code", "code_key", "is_person", "owner_id", "language", "country", "tags", "fields")
MOST_FIELDS = 60
Key = tuple[str, str]  # by "code" or by "name"


class Row(Struct):
    """A customer as its row is, or will be: `id` is 0 until it is inserted."""

    id: int
    name: str
    name_key: str
    code: str | None
    code_key: str | None
    is_person: bool
    owner_id: int | None
    language: str | None
    country: str | None
    tags: str
    fields: str

    @property
    def values(self) -> tuple[Any, ...]:
        return msgspec.structs.astuple(self)[1:]


def put(tx: Transaction, given: Sequence[GivenCustomer]) -> list[ItemResult]:
    """One result for each, in their order; one event for all that changed."""
    owners = dict[str, int](tx.rows("SELECT email, id FROM members"))
    keys = [_key(one) for one in given]
    rows = _known(tx, keys)
    was = {key: row.values for key, row in rows.items()}
    results = [_take(rows, key, one, owners) for key, one in zip(keys, given, strict=True)]
    fresh = [row for key, row in rows.items() if key not in was]
    changed = [row for key, row in rows.items() if key in was and row.values != was[key]]
    renamed = [row for key, row in rows.items() if key in was and row.values[0] != was[key][0]]
    _insert(tx, fresh)
    _update(tx, changed)
    _index(tx, fresh, renamed)
    _adopt_documents(tx, fresh)
    taken = [place for place, result in enumerate(results) if result.outcome != Outcome.REFUSED]
    placed = placing.place(tx, [(rows[keys[place]], given[place].contacts) for place in taken])
    for place, contacts in zip(taken, placed, strict=True):
        results[place] = contacts.told(results[place])
    if fresh or changed or any(one.is_change for one in placed):
        tx.record("customer.put", count=len(given))
    return results


def _key(given: GivenCustomer) -> Key:
    code = words.code_key(given.code)
    return ("code", code) if code else ("name", words.key(given.name or ""))


def _known(tx: Transaction, keys: Sequence[Key]) -> dict[Key, Row]:
    """Where one was merged into another, the one that was kept."""
    columns = ", ".join(f"c.{column}" for column in COLUMNS)
    found: dict[Key, Row] = {}
    for by, where in (
        ("code", "a.code_key IN ({values})"),
        ("name", "a.code_key IS NULL AND a.name_key IN ({values})"),
    ):
        rows = rows_among(
            tx,
            f"SELECT a.{by}_key, c.id, {columns} FROM customers a"
            f" JOIN customers c ON c.id = coalesce(a.merged_into_id, a.id) WHERE {where} ORDER BY a.id DESC",
            [value for kind, value in keys if kind == by and value],
        )
        found |= {(by, key): Row(id, *values) for key, id, *values in rows}
    for row in found.values():
        row.is_person = bool(row.is_person)
    return found


def _take(rows: dict[Key, Row], key: Key, given: GivenCustomer, owners: Mapping[str, int]) -> ItemResult:
    name = given.code or given.name or ""
    if not key[1]:
        return ItemResult(name, Outcome.REFUSED, "no_code")
    known = rows.get(key)
    try:
        row = _filled(known, given, owners)
    except reading.Bad as bad:
        return ItemResult(name, Outcome.REFUSED, bad.reason, bad.given)
    rows[key] = row
    if known is None:
        return ItemResult(name, Outcome.CREATED)
    return ItemResult(name, Outcome.UNCHANGED if row.values == known.values else Outcome.UPDATED)


def _filled(known: Row | None, given: GivenCustomer, owners: Mapping[str, int]) -> Row:
    """What is known, with what is given. reading.Bad where a part of it cannot be read."""
    if known is None:
        code = " ".join(given.code.split())[:60] or None
        known = Row(
            0, code or "", words.key(code or ""), code, words.code_key(code), False, None, None, None, "[]", "{}"
        )
    row = msgspec.structs.replace(known)
    if name := " ".join((given.name or "").split()):
        row.name = name[:200]
        row.name_key = words.key(row.name)
    if given.is_person is not None:
        row.is_person = given.is_person
    if given.country:
        row.country = reading.country(given.country)
    if given.language:
        row.language = reading.language(given.language)
    if given.owner:
        row.owner_id = owners.get(given.owner.strip().lower())
        if row.owner_id is None:
            raise reading.Bad("unknown_owner", given.owner)
    if given.tags is not None:
        row.tags = batches.packed(list(dict.fromkeys(tag.strip()[:60] for tag in given.tags if tag.strip()))[:30])
    if given.fields:
        fields = msgspec.json.decode(row.fields) | {name[:60]: value[:2000] for name, value in given.fields.items()}
        row.fields = batches.packed({name: value for name, value in list(fields.items())[:MOST_FIELDS] if value})
    return row


def _insert(tx: Transaction, rows: Sequence[Row]) -> None:
    """Each gets its id: by its code, or by its name where it has none."""
    columns = (*COLUMNS, "created_at")
    found = batches.insert(
        tx,
        "customers",
        columns,
        [(*row.values, to_ms(tx.now)) for row in rows],
        ending="RETURNING id, code_key, name_key",
    )
    ids = {(code, "" if code else name): id for id, code, name in found}
    for row in rows:
        row.id = ids[row.code_key, "" if row.code_key else row.name_key]


def _update(tx: Transaction, rows: Sequence[Row]) -> None:
    """Not the code: it is what they are found by."""
    columns = ["id", *(column for column in COLUMNS if column not in ("code", "code_key"))]
    batches.update(tx, "customers", columns, [[getattr(row, column) for column in columns] for row in rows])


def _index(tx: Transaction, fresh: Sequence[Row], renamed: Sequence[Row]) -> None:
    """The words by which they are found."""
    domains: dict[int, list[str]] = {}
    for id, domain in rows_among(
        tx, "SELECT customer_id, domain FROM customer_domains WHERE customer_id IN ({values})", [r.id for r in renamed]
    ):
        domains.setdefault(id, []).append(domain)
    indexing.index_many(
        tx,
        "customer",
        fresh={row.id: words.of_customer(row.name, row.code) for row in fresh},
        again={row.id: words.of_customer(row.name, row.code, domains.get(row.id, ())) for row in renamed},
    )


def _adopt_documents(tx: Transaction, fresh: Sequence[Row]) -> None:
    """Documents that came before their customer."""
    execute_among(
        tx,
        "UPDATE documents SET customer_id = (SELECT c.id FROM customers c WHERE c.code_key = documents.customer_code)"
        " WHERE customer_id IS NULL AND customer_code IN ({values})",
        [row.code_key for row in fresh if row.code_key],
    )
