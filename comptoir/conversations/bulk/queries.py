"""How far bulk acts are: a member's own, and nobody else's."""

from datetime import timedelta

from comptoir.conversations.bulk.models import Bulk, Outcome, Phase
from comptoir.conversations.bulk.schemas import BulkView, Skip
from comptoir.foundation.errors import NotFound
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction

RECENT = timedelta(minutes=30)


def recent(tx: Transaction) -> list[BulkView]:
    """The newest first: what a screen that comes back still shows."""
    ids = tx.rows(
        "SELECT id FROM bulks WHERE member_id = :me AND created_at >= :since ORDER BY id DESC LIMIT 5",
        me=tx.actor.id,
        since=to_ms(tx.now - RECENT),
    )
    return [view(tx, tx.find(Bulk, id)) for (id,) in ids]


def find(tx: Transaction, id: int) -> Bulk:
    bulk = tx.session.get(Bulk, id)
    if bulk is None or bulk.member_id != tx.actor.id:
        raise NotFound
    return bulk


def view(tx: Transaction, bulk: Bulk) -> BulkView:
    tx.flush()
    found = tx.rows(
        "SELECT outcome, reason, count(*) FROM bulk_items WHERE bulk_id = :id GROUP BY outcome, reason", id=bulk.id
    )
    counts: dict[str, int] = {}
    for outcome, _, count in found:
        counts[outcome] = counts.get(outcome, 0) + count
    is_back = bulk.phase in (Phase.UNDOING, Phase.UNDONE)
    changed = counts.get(Outcome.UNDONE if is_back else Outcome.DONE, 0)
    kept = counts.get(Outcome.KEPT, 0) if is_back else counts.get(Outcome.UNCHANGED, 0)
    waiting = 0 if is_back else counts.get(Outcome.WAITING, 0)
    skips = [Skip(reason or "", count) for outcome, reason, count in found if outcome == Outcome.SKIPPED]
    total = changed + kept + waiting + sum(skip.count for skip in skips)
    return BulkView(
        id=bulk.id,
        kind=bulk.act["kind"],
        phase=bulk.phase,  # type: ignore[arg-type]
        total=total + (counts.get(Outcome.DONE, 0) if is_back else 0),
        done=changed + kept,
        changed=changed,
        skipped=skips,
        created_at=bulk.created_at,
    )
