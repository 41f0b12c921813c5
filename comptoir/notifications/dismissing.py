"""A member has seen what they were told of; and what is old is forgotten."""

from collections.abc import Sequence
from datetime import timedelta

from comptoir.foundation.services import Services
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction

KEPT = timedelta(days=90)


def read(tx: Transaction, *, ids: Sequence[int] = (), conversation_id: int | None = None) -> None:
    """These, or all of one conversation (not what tells of several), or with neither every one; of the acting member."""
    where, given = "", {}
    if ids:
        where = f" AND id IN ({', '.join(str(int(id)) for id in ids)})"
    elif conversation_id is not None:
        where, given = (
            " AND conversation_id = :conversation AND (bulk_id IS NULL OR count = 1)",
            {"conversation": conversation_id},
        )
    changed = tx.execute(
        f"UPDATE notifications SET read_at = :now WHERE member_id = :me AND read_at IS NULL{where}",
        now=to_ms(tx.now),
        me=tx.actor.id,
        **given,
    )
    if changed:
        tx.record("notification.read", member_ids=[tx.actor.id])


async def forget_old(services: Services) -> None:
    """Scheduled: after three months nobody looks for them any more; the conversation still tells it all."""

    def work(tx: Transaction) -> None:
        tx.execute("DELETE FROM notifications WHERE at < :before", before=to_ms(tx.now - KEPT))

    await services.database.write(work)
