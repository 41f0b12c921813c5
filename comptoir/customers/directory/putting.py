"""Put customers into the directory as somebody else's books have them: the same batch twice changes nothing the second time.

A customer is found by its code. A list without codes finds by the exact name, among the customers that have no code: that is
how such a list can be brought in again without doubling. What is not said is left as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

import msgspec
from msgspec import Struct

from comptoir.customers import indexing, words
from comptoir.customers.directory import batches, placing, reading
from comptoir.customers.directory.port import GivenCustomer
from comptoir.customers.directory.results import ItemResult, Outcome
from comptoir.customers.directory.understanding import Firm, Key, firm
from comptoir.foundation.among import execute_among, rows_among
from comptoir.foundation.many import new_ids
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction

COLUMNS = ("name", "name_key", "code", "code_key", "is_person", "owner_id", "language", "country", "tags", "fields")
UPDATED = ("id", *(column for column in COLUMNS if column not in ("code", "code_key")))  # not what they are found by
MOST_FIELDS = 60
_updated = attrgetter(*UPDATED)


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


def put(tx: Transaction, given: Sequence[GivenCustomer]) -> list[ItemResult]:
    """One result for each, in their order; one event for all that changed."""
    return put_understood(tx, [firm(one) for one in given])


def put_understood(tx: Transaction, firms: Sequence[Firm]) -> list[ItemResult]:
    """The same of what was understood before."""
    owners = dict[str, int](tx.rows("SELECT email, id FROM members"))
    known = _known(tx, [one.key for one in firms])
    rows = dict(known)
    words_of: dict[Key, set[str]] = {}
    results = [_take(rows, one, owners, words_of) for one in firms]
    fresh = {key: row for key, row in rows.items() if key not in known}
    changed = {key: row for key, row in rows.items() if key in known and row != known[key]}
    renamed = [key for key, row in changed.items() if row.name != known[key].name]
    _insert(tx, list(fresh.values()))
    _update(tx, list(changed.values()))
    _index(
        tx,
        fresh={row.id: words_of[key] for key, row in fresh.items()},
        again={rows[key].id: words_of[key] for key in renamed},
    )
    _adopt_documents(tx, fresh.values())
    taken = [place for place, result in enumerate(results) if result.outcome != Outcome.REFUSED]
    placed = placing.place(tx, [(rows[firms[place].key], firms[place].people) for place in taken])
    for place, contacts in zip(taken, placed, strict=True):
        results[place] = contacts.told(results[place])
    if fresh or changed or any(one.is_change for one in placed):
        tx.record("customer.put", count=len(firms))
    return results


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


def _take(rows: dict[Key, Row], given: Firm, owners: Mapping[str, int], words_of: dict[Key, set[str]]) -> ItemResult:
    """`words_of`: of those who are new or renamed, but for their domains."""
    name = given.said.code or given.said.name or ""
    if not given.key[1]:
        return ItemResult(name, Outcome.REFUSED, "no_code")
    known = rows.get(given.key)
    try:
        row = _filled(known, given, owners)
    except reading.Bad as bad:
        return ItemResult(name, Outcome.REFUSED, bad.reason, bad.given)
    rows[given.key] = row
    if known is None or row.name != known.name:
        words_of[given.key] = given.words if row.code == given.code else words.of_customer(row.name, row.code)
    if known is None:
        return ItemResult(name, Outcome.CREATED)
    return ItemResult(name, Outcome.UNCHANGED if row == known else Outcome.UPDATED)


def _filled(known: Row | None, given: Firm, owners: Mapping[str, int]) -> Row:
    """What is known, with what is given. reading.Bad where a part of it cannot be read."""
    if given.bad is not None:
        raise given.bad
    if known is None:
        name = given.name or given.code or ""
        row = Row(0, name, given.name_key, given.code, given.code_key, False, None, None, None, "[]", "{}")
    else:
        row = msgspec.structs.replace(known)
        if given.name:
            row.name, row.name_key = given.name, given.name_key
    said = given.said
    if said.is_person is not None:
        row.is_person = said.is_person
    row.country = given.country or row.country
    row.language = given.language or row.language
    if said.owner:
        row.owner_id = owners.get(said.owner.strip().lower())
        if row.owner_id is None:
            raise reading.Bad("unknown_owner", said.owner)
    row.tags = row.tags if given.tags is None else given.tags
    if said.fields:
        fields = msgspec.json.decode(row.fields) | {name[:60]: value[:2000] for name, value in said.fields.items()}
        row.fields = batches.packed({name: value for name, value in list(fields.items())[:MOST_FIELDS] if value})
    return row


def _insert(tx: Transaction, rows: Sequence[Row]) -> None:
    for row, id in zip(rows, new_ids(tx, "customers", len(rows)), strict=True):
        row.id = id
    made_at = to_ms(tx.now)
    batches.insert(
        tx, "customers", ("id", *COLUMNS, "created_at"), [(*msgspec.structs.astuple(row), made_at) for row in rows]
    )


def _update(tx: Transaction, rows: Sequence[Row]) -> None:
    batches.update(tx, "customers", UPDATED, [_updated(row) for row in rows])


def _index(tx: Transaction, *, fresh: Mapping[int, set[str]], again: Mapping[int, set[str]]) -> None:
    """The words by which they are found; also by the domains of those who are known."""
    whole = dict(again)
    for id, domain in rows_among(
        tx, "SELECT customer_id, domain FROM customer_domains WHERE customer_id IN ({values})", again
    ):
        whole[id] = whole[id] | words.of_customer("", None, [domain])
    indexing.index_many(tx, "customer", fresh=fresh, again=whole)


def _adopt_documents(tx: Transaction, fresh: Iterable[Row]) -> None:
    """Documents that came before their customer."""
    execute_among(
        tx,
        "UPDATE documents SET customer_id = (SELECT c.id FROM customers c WHERE c.code_key = documents.customer_code)"
        " WHERE customer_id IS NULL AND customer_code IN ({values})",
        [row.code_key for row in fresh if row.code_key],
    )
