"""How each member wants to be told, by kind of thing."""

from collections.abc import Collection

import msgspec

from comptoir.foundation.transaction import Transaction
from comptoir.notifications.schemas import KINDS, USUAL, Choices, Kind, Way


def choose(tx: Transaction, choices: Choices) -> None:
    """For the acting member, from now on."""
    changed = tx.execute(
        "INSERT INTO notification_choices (member_id, choices) VALUES (:me, :choices) ON CONFLICT (member_id)"
        " DO UPDATE SET choices = excluded.choices WHERE notification_choices.choices <> excluded.choices",
        me=tx.actor.id,
        choices=msgspec.json.encode(choices).decode(),
    )
    if changed:
        tx.record("notification.chosen", member_ids=[tx.actor.id])


def choices_of(tx: Transaction, member_id: int | None) -> Choices:
    """Whole: every kind has its ways."""
    return _whole(tx.value("SELECT choices FROM notification_choices WHERE member_id = :id", id=member_id))


def choices_of_all(tx: Transaction, member_ids: Collection[int]) -> dict[int, Choices]:
    if not member_ids:
        return {}
    ids = ", ".join(str(int(id)) for id in sorted(member_ids))
    found = tx.rows(f"SELECT member_id, choices FROM notification_choices WHERE member_id IN ({ids})")
    return {**dict.fromkeys(member_ids, _whole(None)), **{id: _whole(packed) for id, packed in found}}


def kinds_by(choices: Choices, way: Way) -> list[Kind]:
    return [kind for kind in KINDS if way in choices.ways[kind]]


def _whole(packed: str | None) -> Choices:
    given = msgspec.json.decode(packed, type=Choices) if packed else Choices()
    return Choices({kind: given.ways.get(kind, list(USUAL[kind])) for kind in KINDS}, given.has_sound, given.digest)
