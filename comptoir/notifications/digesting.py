"""What a member has not looked at, gathered into one mail: every hour for what waited half an hour, or once a day at eight.

What goes into a digest is marked so in the same commit as the job that sends it: nothing is told twice, whoever runs late.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from comptoir.conversations.together.audience import acting_as
from comptoir.foundation.tables import from_ms, to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.notifications import choosing, queries
from comptoir.notifications.schemas import Digest
from comptoir.team import queries as team

WAITED = timedelta(minutes=30)
HOUR = timedelta(hours=1)
MORNING = 8  # o'clock, where the member lives


def due(tx: Transaction) -> list[int]:
    """Members who have something unread that no digest has told of."""
    found = tx.rows(
        "SELECT DISTINCT n.member_id FROM notifications n JOIN members m ON m.id = n.member_id"
        " WHERE n.read_at IS NULL AND n.mailed_at IS NULL AND n.at <= :before AND m.is_active ORDER BY n.member_id",
        before=to_ms(tx.now - WAITED),
    )
    return [id for (id,) in found]


def gather(tx: Transaction, member_id: int) -> list[int]:
    """The notifications of this member's next digest, marked as told; none while it is not its time."""
    choices = choosing.choices_of(tx, member_id)
    with acting_as(tx, member_id) as is_here:
        until = _until(choices.digest, tx.now, _last(tx, member_id), team.zone_of_actor(tx)) if is_here else None
        if until is None:
            return []
        ids = [one.id for one in queries.waiting(tx, choosing.kinds_by(choices, "email"), before=to_ms(until))]
    if ids:
        these = ", ".join(map(str, ids))
        tx.execute(f"UPDATE notifications SET mailed_at = :now WHERE id IN ({these})", now=to_ms(tx.now))
        tx.execute(
            "INSERT INTO notification_choices (member_id, choices, digested_at) VALUES (:id, '{}', :now)"
            " ON CONFLICT (member_id) DO UPDATE SET digested_at = excluded.digested_at",
            id=member_id,
            now=to_ms(tx.now),
        )
    return ids


def _last(tx: Transaction, member_id: int) -> datetime | None:
    ms = tx.value("SELECT digested_at FROM notification_choices WHERE member_id = :id", id=member_id)
    return None if ms is None else from_ms(ms)


def _until(digest: Digest, now: datetime, last: datetime | None, zone: ZoneInfo) -> datetime | None:
    """Up to when the next digest tells; None while it is not its time. A morning that was missed is made up for."""
    if digest == "hourly":
        return now - WAITED if last is None or now - last >= HOUR else None
    if digest == "daily":
        here = now.astimezone(zone)
        morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        if morning > here:
            morning = (here - timedelta(days=1)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
        return morning if last is None or last < morning else None
    return None
