"""How each member wants to be told, by kind of thing."""

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
    packed = tx.value("SELECT choices FROM notification_choices WHERE member_id = :id", id=member_id)
    given = msgspec.json.decode(packed, type=Choices) if packed else Choices()
    return Choices({kind: given.ways.get(kind, list(USUAL[kind])) for kind in KINDS}, given.has_sound, given.digest)


def kinds_by(choices: Choices, way: Way) -> list[Kind]:
    return [kind for kind in KINDS if way in choices.ways[kind]]
