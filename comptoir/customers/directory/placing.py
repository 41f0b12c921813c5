"""Put the contacts of a batch of customers where they belong. A contact is found by an address or a number, never by a name.

Who belongs to another customer already stays there, and it is said: only a member moves people from one file to another.
"""

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Protocol

import msgspec
from msgspec import Struct

from comptoir.customers import indexing, words
from comptoir.customers.directory import batches, learning
from comptoir.customers.directory.results import ItemResult, Outcome
from comptoir.customers.directory.understanding import Named, Person, in_country
from comptoir.foundation.among import rows_among
from comptoir.foundation.many import new_ids
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction


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
        if not (self.is_change or self.reason):
            return result
        is_news = self.is_change and result.outcome == Outcome.UNCHANGED
        outcome = Outcome.UPDATED if is_news else result.outcome
        return msgspec.structs.replace(result, outcome=outcome, reason=self.reason, given=self.given)

    def wrong(self, reason: str, given: str) -> None:
        if not self.reason:
            self.reason, self.given = reason, given


class _Person(Struct):
    """A contact as it will be; `id` is 0 until it is inserted. `has`: what names them everywhere, not in one account alone.
    `words`: of somebody new, as long as they are as one line says."""

    id: int
    name: str
    name_key: str
    customer_id: int | None
    has: set[Named]
    gained: list[Named] = []
    words: set[str] | None = None
    is_changed: bool = False
    is_placed: bool = False


class _People(Struct):
    """Whom a batch speaks of: by what names them, and those known by name alone within one file."""

    by_identity: dict[Named, _Person] = {}
    ended: set[Named] = set()  # what named somebody until they had it no more
    by_name: dict[tuple[int, str], _Person] = {}
    touched: list[_Person] = []

    def touch(self, person: _Person) -> None:
        if not person.is_changed:
            person.is_changed = True
            self.touched.append(person)


def place(tx: Transaction, files: Sequence[tuple[File, Sequence[Person]]]) -> list[Placed]:
    """One for each of `files`, in their order."""
    results = [Placed() for _ in files]
    given: list[tuple[File, Person, Placed]] = []
    for (file, persons), result in zip(files, results, strict=True):
        for person in persons:
            whole = in_country(person, file.country)
            if whole.reason:
                result.wrong(whole.reason, whole.given)
            given.append((file, whole, result))
    people = _known(tx, [one for _, person, _ in given for one in person.named])
    for file, person, result in given:
        _put(tx, file, person, people, result)
    _save(tx, people)
    learning.learn(tx, _addresses(people.touched))
    placed = [person.id for person in people.touched if person.is_placed]
    if placed:
        tx.record("contact.placed", contact_ids=placed)
    return results


def _known(tx: Transaction, named: Sequence[Named]) -> _People:
    """Whoever has one of these now; a phone also where a provider told it within its own account."""
    persons: dict[int, _Person] = {}
    people = _People()
    for kind in ("email", "phone"):
        rows = rows_among(
            tx,
            "SELECT i.value, i.scope, i.ended_at, c.id, c.name, c.name_key, c.customer_id"
            " FROM identities i JOIN contacts c ON c.id = i.contact_id"
            " WHERE i.kind = :kind AND i.value IN ({values}) ORDER BY i.scope DESC, i.id DESC",
            [value for of, value in named if of == kind],
            kind=kind,
        )
        for value, scope, ended_at, id, name, name_key, customer_id in rows:
            if ended_at is not None:
                people.ended.add((kind, value))
                continue
            person = persons.setdefault(id, _Person(id, name, name_key, customer_id, set()))
            if scope == "":
                person.has.add((kind, value))
            people.by_identity[kind, value] = person
    return people


def _put(tx: Transaction, file: File, given: Person, people: _People, result: Placed) -> None:
    by_identity, named = people.by_identity, given.named
    known = list({id(found): found for one in named if (found := by_identity.get(one)) is not None}.values())
    if not known:
        if named or (given.name and not _is_there(tx, file, given, people)):
            person = _Person(0, given.name, given.name_key, file.id, set(), list(named), given.words)
            people.touch(person)
            for one in named:
                by_identity[one] = person
            people.by_name[file.id, given.name_key] = person
            result.is_change = True
        return
    if any(one.customer_id not in (None, file.id) for one in known):
        result.wrong("contact_elsewhere", named[0][1])
        return
    person, *others = known
    _adopt(file, others, people, result)
    gained = [one for one in named if one not in person.has and by_identity.get(one, person) is person]
    gained = [one for one in gained if one not in person.gained]
    is_new_name = bool(given.name) and given.name != person.name
    if person.customer_id is None:
        person.customer_id, person.is_placed = file.id, True
    elif not (gained or is_new_name):
        return
    if is_new_name:
        person.name, person.name_key = given.name, given.name_key
    person.gained += gained
    person.words = None
    by_identity.update(dict.fromkeys(gained, person))
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


def _is_there(tx: Transaction, file: File, given: Person, people: _People) -> bool:
    """Somebody without address or number is known by name within their own file alone, so that they do not double."""
    sql = "SELECT 1 FROM contacts WHERE customer_id = :customer AND name_key = :name LIMIT 1"
    key = given.name_key
    return (file.id, key) in people.by_name or tx.value(sql, customer=file.id, name=key) is not None


def _save(tx: Transaction, people: _People) -> None:
    fresh, known = [one for one in people.touched if not one.id], [one for one in people.touched if one.id]
    _insert(tx, fresh)
    batches.update(
        tx,
        "contacts",
        ("id", "name", "name_key", "customer_id"),
        [(one.id, one.name, one.name_key, one.customer_id) for one in known],
        where="AND (contacts.name <> g.name OR contacts.customer_id IS NULL)",
    )
    _name(tx, people)
    _index(tx, fresh, known)


def _insert(tx: Transaction, people: Sequence[_Person]) -> None:
    for person, id in zip(people, new_ids(tx, "contacts", len(people)), strict=True):
        person.id = id
    made_at = to_ms(tx.now)
    batches.insert(
        tx,
        "contacts",
        ("id", "name", "address", "created_at", "customer_id", "name_key"),
        [(one.id, one.name, _shown(one), made_at, one.customer_id, one.name_key) for one in people],
    )


def _name(tx: Transaction, people: _People) -> None:
    """What they gained names them from here on, also where it named somebody else until it was theirs no more."""
    columns = ("kind", "value", "scope", "contact_id")
    rows = [(kind, value, "", person.id) for person in people.touched for kind, value in person.gained]
    # Neighbours in their index; each person's own stay in the order in which they were said.
    rows.sort(key=itemgetter(0))
    batches.insert(tx, "identities", columns, [row for row in rows if row[:2] not in people.ended])
    batches.insert(
        tx,
        "identities",
        columns,
        [row for row in rows if row[:2] in people.ended],
        ending="ON CONFLICT (kind, value, scope) DO UPDATE SET contact_id = excluded.contact_id, ended_at = NULL"
        " WHERE identities.ended_at IS NOT NULL",
    )


def _index(tx: Transaction, fresh: Sequence[_Person], known: Sequence[_Person]) -> None:
    named: dict[int, list[Named]] = {person.id: [] for person in known}
    for id, kind, value in rows_among(
        tx, "SELECT contact_id, kind, value FROM identities WHERE contact_id IN ({values}) AND ended_at IS NULL", named
    ):
        named[id].append((kind, value))
    indexing.index_many(
        tx,
        "contact",
        fresh={
            person.id: words.of_contact(person.name, person.gained) if person.words is None else person.words
            for person in fresh
        },
        again={person.id: words.of_contact(person.name, named[person.id]) for person in known},
    )


def _shown(person: _Person) -> str:
    """The address beside the name: the first that is given."""
    if not person.gained:
        return ""
    kind, value = person.gained[0]
    return f"+{value}" if kind == "phone" else value
