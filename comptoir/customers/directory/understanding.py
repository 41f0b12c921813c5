"""What somebody says of customers, understood before any transaction begins: what they are found by, how they are kept, their words.

It is the half of the work that asks no database, so that a file's next lines are understood while these are written. Pure.
"""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from comptoir.customers import words
from comptoir.customers.directory import batches, reading
from comptoir.customers.directory.port import GivenContact, GivenCustomer

Key = tuple[str, str]  # by "code" or by "name"
Named = tuple[str, str]  # kind and value of an identity
MOST_TAGS = 30


class Person(Struct):
    """`named`: their addresses and numbers. `phones`: those that are read as their customer's country writes them, once that is
    known. `words`: of somebody who has this name and these alone. `reason` and `given`: the first that could not be read."""

    name: str
    name_key: str
    named: list[Named]
    words: set[str]
    phones: Sequence[str] = ()
    reason: str = ""
    given: str = ""

    def refuse(self, bad: reading.Bad) -> None:
        if not self.reason:
            self.reason, self.given = bad.reason, bad.given


class Firm(Struct):
    """A customer, or a person who is one. Empty and None: not said. `words`: of one that has this name and this code alone.
    `bad`: why it is refused."""

    said: GivenCustomer
    key: Key
    name: str
    name_key: str
    code: str | None
    code_key: str | None
    country: str | None
    language: str | None
    tags: str | None
    words: set[str]
    people: list[Person]
    bad: reading.Bad | None


def firm(said: GivenCustomer, *, home: str = "") -> Firm:
    """`home`: as the numbers are read of a customer whose country is not said; else as the country that is known of it."""
    code = " ".join(said.code.split())[:60] or None
    name = " ".join((said.name or "").split())[:200]
    cut_code = words.cut(said.code)
    cut_name = words.cut(name or code or "")
    code_key, name_key = words.code_key_of(cut_code), words.key_of(cut_name)
    country = language = bad = None
    try:
        country = reading.country(said.country) if said.country else None
        language = reading.language(said.language) if said.language else None
    except reading.Bad as error:
        bad = error
    return Firm(
        said=said,
        key=("code", code_key) if code_key else ("name", name_key if name else ""),
        name=name,
        name_key=name_key,
        code=code,
        code_key=code_key,
        country=country,
        language=language,
        tags=None if said.tags is None else _tags(said.tags),
        words=words.of_customer_cut(cut_name, cut_code if code == said.code else words.cut(code or "")),
        people=[person(one, country or home) for one in said.contacts],
        bad=bad,
    )


def person(said: GivenContact, country: str) -> Person:
    """`country`: empty where it is not known yet; what depends on it is for `in_country`."""
    name = " ".join(said.name.split())[:200]
    cut = words.cut(name)
    found = Person(name, words.key_of(cut), [], set())
    for text in said.emails:
        try:
            found.named.append(("email", reading.email(text)))
        except reading.Bad as bad:
            found.refuse(bad)
    if said.phones and not country:
        found.phones = said.phones
        return found
    dial(found, said.phones, country)
    if len(found.named) > 1:
        found.named = list(dict.fromkeys(found.named))
    found.words = words.of_contact_cut(cut, found.named)
    return found


def dial(found: Person, phones: Iterable[str], country: str) -> None:
    """They have these numbers, as that country writes them."""
    for text in phones:
        try:
            found.named.append(("phone", reading.phone(text, country)))
        except reading.Bad as bad:
            found.refuse(bad)


def in_country(found: Person, country: str | None) -> Person:
    """With the numbers that waited for it."""
    if not found.phones:
        return found
    whole = msgspec.structs.replace(found, named=list(found.named), phones=())
    dial(whole, found.phones, country or reading.HOME)
    whole.named = list(dict.fromkeys(whole.named))
    whole.words = words.of_contact(whole.name, whole.named)
    return whole


def _tags(said: Sequence[str]) -> str:
    return batches.packed(list(dict.fromkeys(tag.strip()[:60] for tag in said if tag.strip()))[:MOST_TAGS])
