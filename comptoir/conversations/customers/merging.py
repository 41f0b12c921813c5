"""Two files are one firm, or two contacts one person: a member says so, sees before what it moves, and may take it back.

The one that is gone stays, out of sight, and the merge remembers which rows it moved and how both were. Undoing gives back what
is still where the merge put it; what a member changed since is left as they left it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from comptoir.conversations.customers.schemas import MergeKind, MergePreview, Moved
from comptoir.customers import indexing, words
from comptoir.customers.errors import NotMerged, SameOne
from comptoir.customers.models import Contact, Customer, Merge
from comptoir.foundation.errors import NotFound
from comptoir.foundation.tables import Table
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import visible

# What belongs to a file, and to a person: (what it is called, table, column that says whose).
OF_CUSTOMER: Sequence[tuple[str, str, str]] = (
    ("contacts", "contacts", "customer_id"),
    ("conversations", "conversations", "customer_id"),
    ("documents", "documents", "customer_id"),
    ("notes", "customer_notes", "customer_id"),
)
OF_CONTACT: Sequence[tuple[str, str, str]] = (
    ("conversations", "conversations", "contact_id"),
    ("addresses", "identities", "contact_id"),
)
FACTS = ("code", "owner_id", "language", "country")
Mergeable = Customer | Contact


def preview(tx: Transaction, gone: Mergeable, into: Mergeable) -> MergePreview:
    _must_differ(gone, into)
    counted = {name: _count(tx, table, column, gone.id) for name, table, column in _parts(gone)}
    filled: list[list[str]] = []
    lost: list[list[str]] = []
    if isinstance(gone, Customer) and isinstance(into, Customer):
        for fact, ours, theirs in _differing(into, gone):
            (lost if ours else filled).append([fact, str(ours or ""), str(theirs)])
    elif isinstance(gone, Contact) and isinstance(into, Contact) and gone.customer_id and into.customer_id:
        names = [tx.find(Customer, id).name for id in (into.customer_id, gone.customer_id)]
        lost += [["customer", *names]] if gone.customer_id != into.customer_id else []
    moved = {name: counted.get(name, 0) for name in ("contacts", "conversations", "documents", "notes", "addresses")}
    return MergePreview(_name(into), _name(gone), Moved(**moved), filled, lost)


def merge(tx: Transaction, gone: Mergeable, into: Mergeable) -> Merge:
    """All of `gone` is `into`'s, which also takes the facts that it has none of."""
    _must_differ(gone, into)
    remembered: dict[str, Any] = {"name": _name(gone), "rows": {}}
    for _, table, column in _parts(gone):
        ids = [id for (id,) in tx.rows(f"SELECT id FROM {table} WHERE {column} = :gone ORDER BY id", gone=gone.id)]
        remembered["rows"][f"{table}.{column}"] = ids
        _give(tx, table, column, ids, into.id, whose=gone.id)
    if isinstance(gone, Customer) and isinstance(into, Customer):
        remembered |= _join_files(tx, gone, into)
    elif isinstance(gone, Contact) and isinstance(into, Contact):
        remembered |= _join_people(gone, into)
    gone.merged_into_id = into.id
    _index(tx, gone, into)
    merge = Merge(
        kind=_kind(gone), kept_id=into.id, gone_id=gone.id, member_id=tx.actor.id, at=tx.now, moved=remembered
    )
    tx.add(merge)
    tx.record(f"{merge.kind}.merged", **_about(merge), name=remembered["name"], is_renamed=True)
    return merge


def undo(tx: Transaction, merge_id: int) -> Merge:
    """NotMerged where it was undone before, or where the one it went into is itself gone into another."""
    merge = tx.session.get(Merge, merge_id)
    if merge is None:
        raise NotFound
    model: type[Customer] | type[Contact] = Customer if merge.kind == "customer" else Contact
    gone, into = tx.find(model, merge.gone_id), tx.find(model, merge.kept_id)
    if merge.undone_at is not None or into.merged_into_id is not None or gone.merged_into_id != into.id:
        raise NotMerged
    gone.merged_into_id = None
    for place, ids in merge.moved["rows"].items():
        table, _, column = place.partition(".")
        _give(tx, table, column, ids, gone.id, whose=into.id)
    if isinstance(gone, Customer) and isinstance(into, Customer):
        _part_files(tx, gone, into, merge.moved)
    elif (
        isinstance(gone, Contact)
        and isinstance(into, Contact)
        and into.customer_id == merge.moved["filled"]["customer_id"]
    ):
        into.customer_id = merge.moved["before"]["customer_id"]
        into.name = merge.moved["before"]["name"] if into.name == merge.moved["filled"]["name"] else into.name
    merge.undone_at = tx.now
    _index(tx, gone, into)
    tx.record(f"{merge.kind}.unmerged", **_about(merge), name=merge.moved["name"], is_renamed=True)
    return merge


def _join_files(tx: Transaction, gone: Customer, into: Customer) -> dict[str, Any]:
    """What the kept file learns; how it was, what it is, and the code that the other one gives up."""
    before = {fact: getattr(into, fact) for fact in (*FACTS, "tags", "fields")}
    code, gone.code_key = gone.code, None
    tx.flush()
    for fact in FACTS:
        if not getattr(into, fact):
            setattr(into, fact, getattr(gone, fact))
    into.tags = list(dict.fromkeys([*into.tags, *gone.tags]))
    into.fields = {**gone.fields, **into.fields}
    gone.code = None
    domains = [d for (d,) in tx.rows("SELECT domain FROM customer_domains WHERE customer_id = :id", id=gone.id)]
    known = {d for (d,) in tx.rows("SELECT domain FROM customer_domains WHERE customer_id = :id", id=into.id)}
    tx.execute("DELETE FROM customer_domains WHERE customer_id = :id", id=gone.id)
    _add_domains(tx, into.id, set(domains) - known)
    filled = {fact: getattr(into, fact) for fact in (*FACTS, "tags", "fields")}
    return {
        "before": before,
        "filled": filled,
        "code": code,
        "domains": domains,
        "learned": sorted(set(domains) - known),
    }


def _part_files(tx: Transaction, gone: Customer, into: Customer, moved: dict[str, Any]) -> None:
    for fact, was in moved["before"].items():
        if getattr(into, fact) == moved["filled"][fact]:
            setattr(into, fact, was)
    indexing.index_customer(tx, into)
    taken = tx.value("SELECT 1 FROM customers WHERE code_key = :key", key=words.code_key(moved["code"]))
    gone.code = moved["code"] if taken is None else None
    for domain in moved["learned"]:
        tx.execute(
            "DELETE FROM customer_domains WHERE domain = :domain AND customer_id = :id", domain=domain, id=into.id
        )
    _add_domains(tx, gone.id, moved["domains"])


def _join_people(gone: Contact, into: Contact) -> dict[str, Any]:
    before = {"customer_id": into.customer_id, "name": into.name}
    into.customer_id = into.customer_id or gone.customer_id
    into.name = into.name or gone.name
    into.address = into.address or gone.address
    return {"before": before, "filled": {"customer_id": into.customer_id, "name": into.name}}


def _give(tx: Transaction, table: str, column: str, ids: Sequence[int], to: int, *, whose: int) -> None:
    """Those of them that are still `whose`."""
    version = ", version = version + 1" if table == "conversations" else ""
    for start in range(0, len(ids), 500):
        tx.execute(
            f"UPDATE {table} SET {column} = :to{version} WHERE {column} = :whose"
            f" AND id IN ({', '.join(str(int(id)) for id in ids[start : start + 500])})",
            to=to,
            whose=whose,
        )
    tx.flush()
    tx.session.expire_all()


def _add_domains(tx: Transaction, customer_id: int, domains: Iterable[str]) -> None:
    for domain in domains:
        tx.execute(
            "INSERT INTO customer_domains (domain, customer_id) VALUES (:domain, :id) ON CONFLICT DO NOTHING",
            domain=domain,
            id=customer_id,
        )


def _differing(into: Customer, gone: Customer) -> Iterable[tuple[str, object, object]]:
    for fact in FACTS:
        ours, theirs = getattr(into, fact), getattr(gone, fact)
        if theirs and ours != theirs:
            yield fact, ours, theirs
    for name, theirs in gone.fields.items():
        if into.fields.get(name) != theirs:
            yield name, into.fields.get(name), theirs


def _index(tx: Transaction, *those: Table) -> None:
    for one in those:
        if isinstance(one, Customer):
            indexing.index_customer(tx, one)
        elif isinstance(one, Contact):
            indexing.index_contact(tx, one)


def _count(tx: Transaction, table: str, column: str, id: int) -> int:
    """Of conversations, those that the member sees: all of them move, but how many others there are is not said."""
    seen = f" AND {visible(tx.actor, table)} AND status <> 'merged'" if table == "conversations" else ""
    return int(tx.value(f"SELECT count(*) FROM {table} WHERE {column} = :id{seen}", id=id))


def _must_differ(gone: Mergeable, into: Mergeable) -> None:
    if gone.id == into.id:
        raise SameOne
    if gone.merged_into_id is not None or into.merged_into_id is not None:
        raise NotFound


def _parts(one: Mergeable) -> Sequence[tuple[str, str, str]]:
    return OF_CUSTOMER if isinstance(one, Customer) else OF_CONTACT


def _kind(one: Mergeable) -> MergeKind:
    return "customer" if isinstance(one, Customer) else "contact"


def _name(one: Mergeable) -> str:
    return one.name if isinstance(one, Customer) else one.name or one.address


def _about(merge: Merge) -> dict[str, Any]:
    return {f"{merge.kind}_id": merge.kept_id, "gone_id": merge.gone_id, "merge_id": merge.id}
