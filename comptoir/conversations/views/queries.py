"""The views that a member sees: their own, and the shared ones."""

import msgspec

from comptoir.conversations.filters.schemas import Filter
from comptoir.conversations.filters.walking import count
from comptoir.conversations.views.models import View
from comptoir.conversations.views.schemas import ViewCount, ViewView
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import can_manage

COUNTED = 99  # counts stop here
LOOKED_AT = 300  # rows examined for each count


def views(tx: Transaction) -> list[ViewView]:
    """One's own first, then the shared ones; each list in its order."""
    ids = tx.rows(
        "SELECT id FROM views WHERE member_id = :me OR is_shared ORDER BY is_shared, position, id", me=tx.actor.id
    )
    return [view(tx, tx.find(View, id)) for (id,) in ids]


def find(tx: Transaction, id: int) -> View:
    found = tx.session.get(View, id)
    if found is None or not (found.is_shared or found.member_id == tx.actor.id):
        raise NotFound
    return found


def counts(tx: Transaction) -> list[ViewCount]:
    found = []
    for one in views(tx):
        found.append(ViewCount(one.id, *count(tx, one.filter, limit=COUNTED, most=LOOKED_AT)))
    return found


def can_edit(tx: Transaction, one: View) -> bool:
    """Its author; a shared one, the managers too."""
    return one.member_id == tx.actor.id or (one.is_shared and can_manage(tx.actor))


def view(tx: Transaction, one: View) -> ViewView:
    asked = msgspec.convert(one.filter, Filter)
    return ViewView(one.id, one.name, one.is_shared, one.member_id, can_edit(tx, one), asked)
