"""Who is it on WhatsApp? A phone, a user id and a parent user id may all name one person, and each may be missing.

They are linked only when one signed payload says them together, and within one account: nobody is ever matched by a name.
Where they disagree nothing is merged; the user id wins, because a phone can be given to somebody else.
A person who changes number keeps the old one for what they wrote before that moment.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from comptoir.customers import indexing
from comptoir.customers.models import Contact
from comptoir.foundation.tables import from_ms, to_ms
from comptoir.foundation.transaction import Transaction

EMAIL, PHONE, USER, PARENT = "email", "phone", "bsuid", "parent_bsuid"
ORDER = (USER, PHONE, PARENT)  # who is believed first
Named = tuple[str, str]  # kind and value


class Known(Struct, frozen=True):
    """`has_name`: its contact has one."""

    id: int
    kind: str
    value: str
    contact_id: int
    ended_at: datetime | None
    has_name: bool


def identify(
    tx: Transaction,
    named: Sequence[Named],
    *,
    scope: str,
    at: datetime,
    name: str = "",
    username: str = "",
    given: str = "",
) -> int | None:
    """The id of the contact whom these name, who is made or learns of a new name here. None where nothing names anybody."""
    if not named:
        return None
    known = [one for one in _known(tx, named, scope) if one.ended_at is None or at <= one.ended_at]
    contact_id = _owner(tx, known, named, scope) or _on_file(tx, named, scope)
    if contact_id is None:
        address = f"+{given}" if given.isdigit() else f"@{username}" if username else named[0][1]
        contact = Contact(name=name[:200], address=address[:320], created_at=tx.now)
        tx.add(contact)
        contact_id = contact.id
    elif name and not all(one.has_name for one in known if one.contact_id == contact_id):
        tx.find(Contact, contact_id).name = name[:200]
        indexing.index_contact(tx, tx.find(Contact, contact_id))
    if len(known) < len(named):
        taken = {one.kind for one in known}
        _learn(tx, contact_id, [one for one in named if one[0] not in taken], scope=scope, given=given)
        indexing.index_contact(tx, tx.find(Contact, contact_id))
    return contact_id


class Familiar(Struct, frozen=True):
    """A contact whom we have nothing to learn about. `has_name`: they have one."""

    id: int
    has_name: bool


def familiar(tx: Transaction, whose: Mapping[int, Sequence[Named]], *, scope: str) -> dict[int, Familiar]:
    """Of many, by any number: those whom `identify` would find and leave as they are, but for a first name."""
    values = sorted({value for named in whose.values() for _, value in named})
    given = {f"value{n}": value for n, value in enumerate(values)}
    rows = tx.rows(
        "SELECT i.kind, i.value, i.contact_id, c.name <> '' FROM identities i JOIN contacts c ON c.id = i.contact_id"
        f" WHERE i.kind IN ('{PHONE}', '{USER}', '{PARENT}') AND i.value IN ({', '.join(f':{name}' for name in given)})"
        " AND i.scope = :scope AND i.ended_at IS NULL",
        scope=scope,
        **given,
    )
    known = {(kind, value): Familiar(contact_id, bool(has_name)) for kind, value, contact_id, has_name in rows}
    found = {number: {known.get(one) for one in named} for number, named in whose.items()}
    return {number: one for number, (one, *others) in found.items() if one is not None and not others}


def rename(
    tx: Transaction, before: Sequence[Named], after: Sequence[Named], *, scope: str, at: datetime
) -> tuple[Contact, int | None]:
    """From `at` on, `after` name whoever `before` named. Their contact; and the id of another one that the new names had
    already, when their news came late: it is the same person, whom the provider itself says it is."""
    old, new = _known(tx, before, scope), _known(tx, after, scope)
    keeper = next((one.contact_id for one in sorted(old, key=_rank)), None)
    other = next((one.contact_id for one in sorted(new, key=_rank) if one.contact_id != keeper), None)
    contact_id = keeper if keeper is not None else other
    if contact_id is None:
        contact = Contact(name="", address=written(*after[0]), created_at=tx.now)
        tx.add(contact)
    else:
        contact = tx.find(Contact, contact_id)
        contact.address = (
            written(*after[0]) if contact.address in {written(*one) for one in before} else contact.address
        )
    for kind, value in before:
        tx.execute(
            "INSERT INTO identities (contact_id, kind, value, scope, ended_at) VALUES (:contact, :kind, :value, :scope, :at)"
            " ON CONFLICT (kind, value, scope) DO UPDATE SET ended_at = excluded.ended_at WHERE identities.ended_at IS NULL",
            contact=contact.id,
            kind=kind,
            value=value,
            scope=scope,
            at=to_ms(at),
        )
    _learn(tx, contact.id, after, scope=scope)
    indexing.index_contact(tx, contact)
    return contact, other if keeper is not None and other != keeper else None


def take_over(tx: Transaction, keeper: Contact, other_id: int) -> None:
    """All that named the other contact names this one."""
    tx.execute("UPDATE identities SET contact_id = :keeper WHERE contact_id = :other", keeper=keeper.id, other=other_id)
    if not keeper.name:
        keeper.name = tx.find(Contact, other_id).name
    indexing.index_contact(tx, keeper)


def names_of(tx: Transaction, contact_id: int, scope: str) -> list[tuple[str, str, str]]:
    """How to reach a contact within an account: kind, value, and a phone as the provider writes it."""
    rows = tx.rows(
        "SELECT kind, value, coalesce(given, '') FROM identities"
        " WHERE contact_id = :contact AND scope = :scope AND ended_at IS NULL ORDER BY id",
        contact=contact_id,
        scope=scope,
    )
    return [(kind, value, given) for kind, value, given in rows]


def written(kind: str, value: str) -> str:
    """How an identity stands beside a name."""
    return f"+{value}" if kind == PHONE and value.isdigit() else value


def address_of(tx: Transaction, contact_id: int | None, kind: str) -> str:
    """Where somebody is written to ("email") or called ("phone"): what stands beside their name where it is that, else the first
    that is known of them; "" where nothing is."""
    known = [
        written(kind, value)
        for (value,) in tx.rows(
            "SELECT value FROM identities WHERE contact_id = :contact AND kind = :kind AND ended_at IS NULL ORDER BY id",
            contact=contact_id,
            kind=kind,
        )
    ]
    beside = tx.value("SELECT address FROM contacts WHERE id = :id", id=contact_id) or ""
    return beside if beside in known else next(iter(known), "")


def _known(tx: Transaction, named: Sequence[Named], scope: str) -> list[Known]:
    which = " OR ".join(f"(i.kind = :kind{n} AND i.value = :value{n} AND i.scope = :scope)" for n in range(len(named)))
    given = {f"{key}{n}": part for n, one in enumerate(named) for key, part in zip(("kind", "value"), one, strict=True)}
    rows = tx.rows(
        "SELECT i.id, i.kind, i.value, i.contact_id, i.ended_at, c.name <> '' FROM identities i"
        f" JOIN contacts c ON c.id = i.contact_id WHERE {which}",
        scope=scope,
        **given,
    )
    return [
        Known(id, kind, value, contact_id, None if ended_at is None else from_ms(ended_at), bool(has_name))
        for id, kind, value, contact_id, ended_at, has_name in rows
    ]


def _owner(tx: Transaction, known: Sequence[Known], named: Sequence[Named], scope: str) -> int | None:
    """The first who is believed; but a phone's owner who has another user id is somebody else than this one."""
    user = next((value for kind, value in named if kind == USER), None)
    for one in sorted(known, key=_rank):
        if user is None or one.kind == USER or _user_of(tx, one.contact_id, scope) in (None, user):
            return one.contact_id
    return None


def _on_file(tx: Transaction, named: Sequence[Named], scope: str) -> int | None:
    """Whose phone it is by what a member, or an import, wrote on a file; unless they are known by another user id here."""
    phone = next((value for kind, value in named if kind == PHONE), None)
    user = next((value for kind, value in named if kind == USER), None)
    found: int | None = tx.value(
        "SELECT contact_id FROM identities WHERE kind = :kind AND value = :phone AND scope = '' AND ended_at IS NULL",
        kind=PHONE,
        phone=phone,
    )
    if found is not None and user is not None and _user_of(tx, found, scope) not in (None, user):
        return None
    return found


def _user_of(tx: Transaction, contact_id: int, scope: str) -> str | None:
    found: str | None = tx.value(
        "SELECT value FROM identities WHERE contact_id = :contact AND scope = :scope AND kind = :kind AND ended_at IS NULL",
        contact=contact_id,
        scope=scope,
        kind=USER,
    )
    return found


def _learn(tx: Transaction, contact_id: int, named: Sequence[Named], *, scope: str, given: str = "") -> None:
    """A name that is nobody's now, and of a kind that this contact has none of now, becomes theirs."""
    rows = tx.rows(
        "SELECT kind, value FROM identities WHERE contact_id = :contact AND scope = :scope AND ended_at IS NULL",
        contact=contact_id,
        scope=scope,
    )
    has = {kind for kind, _ in rows}
    for kind, value in named:
        if kind in has:
            continue
        tx.execute(
            "INSERT INTO identities (contact_id, kind, value, scope, given) VALUES (:contact, :kind, :value, :scope, :given)"
            " ON CONFLICT (kind, value, scope) DO UPDATE SET contact_id = excluded.contact_id, ended_at = NULL"
            " WHERE identities.ended_at IS NOT NULL AND identities.contact_id <> excluded.contact_id",
            contact=contact_id,
            kind=kind,
            value=value,
            scope=scope,
            given=(given or None) if kind == PHONE else None,
        )


def _rank(one: Known) -> int:
    return ORDER.index(one.kind) if one.kind in ORDER else len(ORDER)
