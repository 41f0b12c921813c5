"""Put the contacts of a batch of customers where they belong. A contact is found by an address or a number, never by a name.

Who belongs to another customer already stays there, and it is said: only a member moves people from one file to another.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import msgspec
from msgspec import Struct

from comptoir.customers import indexing, words
from comptoir.customers.directory import batches, learning, reading
from comptoir.customers.directory.port import GivenContact
from comptoir.customers.directory.results import ItemResult, Outcome
from comptoir.foundation.among import rows_among
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction

Named = tuple[str, str]  # kind and value of an identity


class File(Protocol):
    """The customer they belong to."""

    id: int
    country: str | None


class Placed(Struct):
    """What became of the contacts of one customer. `reason` and `given`: the first of them that could not be taken as given."""

    is_change: bool = False
    reason: str = ""
    given: str = ""

    def told(self, result: ItemResult) -> ItemResult:
        is_news = self.is_change and result.outcome == Outcome.UNCHANGED
        outcome = Outcome.UPDATED if is_news else result.outcome
        return msgspec.structs.replace(result, outcome=outcome, reason=self.reason, given=self.given)

    def wrong(self, reason: str, given: str) -> None:
        if not self.reason:
            self.reason, self.given = reason, given


class _Person(Struct):
    """A contact as it will be; `id` is 0 until it is inserted. `has`: what names them everywhere, not in one account alone."""

    id: int
    name: str
    customer_id: int | None
    has: set[Named]
    gained: list[Named] = []
    is_changed: bool = False
    is_placed: bool = False


class _People(Struct):
    """Whom a batch speaks of: by what names them, and those known by name alone within one file."""

    by_identity: dict[Named, _Person]
    by_name: dict[tuple[int, str], _Person] = {}
    touched: list[_Person] = []

    def touch(self, person: _Person) -> None:
        if not person.is_changed:
            person.is_changed = True
            self.touched.append(person)


def place(tx: Transaction, files: Sequence[tuple[File, Sequence[GivenContact]]]) -> list[Placed]:
    """One for each of `files`, in their order."""
    results = [Placed() for _ in files]
    given = [
        (file, contact.name, _read(contact, file.country, result), result)
        for (file, contacts), result in zip(files, results, strict=True)
        for contact in contacts
    ]
    people = _People(_known(tx, [one for _, _, named, _ in given for one in named]))
    for file, name, named, result in given:
        _put(tx, file, " ".join(name.split())[:200], named, people, result)
    _save(tx, people.touched)
    learning.learn(tx, _addresses(people.touched))
    placed = [person.id for person in people.touched if person.is_placed]
    if placed:
        tx.record("contact.placed", contact_ids=placed)
    return results


def _read(contact: GivenContact, country: str | None, result: Placed) -> list[Named]:
    named: list[Named] = []
    for kind, texts in (("email", contact.emails), ("phone", contact.phones)):
        for text in texts:
            try:
                value = reading.email(text) if kind == "email" else reading.phone(text, country)
            except reading.Bad as bad:
                result.wrong(bad.reason, bad.given)
            else:
                named.append((kind, value))
    return list(dict.fromkeys(named))


def _known(tx: Transaction, named: Iterable[Named]) -> dict[Named, _Person]:
    """Whoever has one of these now; a phone also where a provider told it within its own account."""
    people: dict[int, _Person] = {}
    found: dict[Named, _Person] = {}
    wanted = list(named)
    for kind in ("email", "phone"):
        rows = rows_among(
            tx,
            "SELECT i.value, i.scope, c.id, c.name, c.customer_id FROM identities i JOIN contacts c ON c.id = i.contact_id"
            " WHERE i.kind = :kind AND i.ended_at IS NULL AND i.value IN ({values}) ORDER BY i.scope DESC, i.id DESC",
            [value for of, value in wanted if of == kind],
            kind=kind,
        )
        for value, scope, id, name, customer_id in rows:
            person = people.setdefault(id, _Person(id, name, customer_id, set()))
            if scope == "":
                person.has.add((kind, value))
            found[kind, value] = person
    return found


def _put(tx: Transaction, file: File, name: str, named: Sequence[Named], people: _People, result: Placed) -> None:
    known = list({id(found): found for one in named if (found := people.by_identity.get(one)) is not None}.values())
    if not known:
        if named or (name and not _is_there(tx, file, name, people)):
            person = _Person(0, name, file.id, set(), list(named))
            people.touch(person)
            people.by_identity.update(dict.fromkeys(named, person))
            people.by_name[file.id, words.key(name)] = person
            result.is_change = True
        return
    if any(one.customer_id not in (None, file.id) for one in known):
        result.wrong("contact_elsewhere", named[0][1])
        return
    person, *others = known
    _adopt(file, others, people, result)
    gained = [one for one in named if one not in person.has and people.by_identity.get(one, person) is person]
    gained = [one for one in gained if one not in person.gained]
    is_new_name = bool(name) and name != person.name
    if person.customer_id is None:
        person.customer_id, person.is_placed = file.id, True
    elif not (gained or is_new_name):
        return
    person.name = name or person.name
    person.gained += gained
    people.by_identity.update(dict.fromkeys(gained, person))
    people.touch(person)
    result.is_change = True


def _adopt(file: File, others: Iterable[_Person], people: _People, result: Placed) -> None:
    """Whoever else has one of these addresses or numbers, and is on no file, comes along: to be merged, or not, by a member."""
    for one in others:
        if one.customer_id is None:
            one.customer_id, one.is_placed = file.id, True
            people.touch(one)
            result.is_change = True


def _addresses(people: Iterable[_Person]) -> Iterator[tuple[int, str]]:
    """Of these people's files: a new one's, those that were gained, and all of somebody who was on none."""
    for person in people:
        for kind, value in [*person.gained, *(sorted(person.has) if person.is_placed else ())]:
            if kind == "email" and person.customer_id is not None:
                yield person.customer_id, value


def _is_there(tx: Transaction, file: File, name: str, people: _People) -> bool:
    """Somebody without address or number is known by name within their own file alone, so that they do not double."""
    key = words.key(name)
    sql = "SELECT 1 FROM contacts WHERE customer_id = :customer AND name_key = :name LIMIT 1"
    return (file.id, key) in people.by_name or tx.value(sql, customer=file.id, name=key) is not None


def _save(tx: Transaction, people: Sequence[_Person]) -> None:
    fresh, known = [one for one in people if not one.id], [one for one in people if one.id]
    _insert(tx, fresh)
    batches.update(
        tx,
        "contacts",
        ("id", "name", "name_key", "customer_id"),
        [(one.id, one.name, words.key(one.name), one.customer_id) for one in known],
        where="AND (contacts.name <> g.name OR contacts.customer_id IS NULL)",
    )
    batches.insert(
        tx,
        "identities",
        ("contact_id", "kind", "value", "scope"),
        [(person.id, kind, value, "") for person in people for kind, value in person.gained],
        ending="ON CONFLICT (kind, value, scope) DO UPDATE SET contact_id = excluded.contact_id, ended_at = NULL"
        " WHERE identities.ended_at IS NOT NULL",
    )
    _index(tx, fresh, known)


def _insert(tx: Transaction, people: Sequence[_Person]) -> None:
    """No two of a batch have the same name, address and file."""
    columns = ("name", "address", "created_at", "customer_id", "name_key")
    rows = [(one.name, _shown(one), to_ms(tx.now), one.customer_id, words.key(one.name)) for one in people]
    found = batches.insert(tx, "contacts", columns, rows, ending="RETURNING id, name, address, customer_id")
    ids = {tuple(facts): id for id, *facts in found}
    for person in people:
        person.id = ids[person.name, _shown(person), person.customer_id]


def _index(tx: Transaction, fresh: Sequence[_Person], known: Sequence[_Person]) -> None:
    named: dict[int, list[Named]] = {person.id: [] for person in known}
    for id, kind, value in rows_among(
        tx, "SELECT contact_id, kind, value FROM identities WHERE contact_id IN ({values}) AND ended_at IS NULL", named
    ):
        named[id].append((kind, value))
    indexing.index_many(
        tx,
        "contact",
        fresh={person.id: words.of_contact(person.name, person.gained) for person in fresh},
        again={person.id: words.of_contact(person.name, named[person.id]) for person in known},
    )


def _shown(person: _Person) -> str:
    """The address beside the name: the first that is given."""
    if not person.gained:
        return ""
    kind, value = person.gained[0]
    return f"+{value}" if kind == "phone" else value
