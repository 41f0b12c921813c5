"""Put a conversation to sleep, until a moment or until the customer answers, and wake it again.

The moments on offer are computed here, in the member's own time zone: nine o'clock is nine on their wall, on both sides of a
change of clocks.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from comptoir.conversations import resolving
from comptoir.conversations.errors import SnoozePast, SnoozeTooFar
from comptoir.conversations.models import Conversation, Status
from comptoir.conversations.schemas import SnoozeChoice
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction

MORNING = time(9)
FARTHEST = timedelta(days=5 * 366)
MONDAY = 0


def snooze(tx: Transaction, conversation: Conversation, *, until: datetime | None, wakes_on_reply: bool = True) -> None:
    """Asleep until that moment, or with none until the customer writes. Their message wakes it early, unless told otherwise."""
    if until is not None and until <= tx.now:
        raise SnoozePast
    if until is not None and until > tx.now + FARTHEST:
        raise SnoozeTooFar
    wakes_on_reply = wakes_on_reply or until is None
    asleep = (conversation.status, conversation.snoozed_until, conversation.wakes_on_reply)
    if asleep == (Status.SNOOZED, until, wakes_on_reply):
        return
    conversation.status = Status.SNOOZED
    conversation.snoozed_until = until
    conversation.wakes_on_reply = wakes_on_reply
    conversation.resolved_at = None
    conversation.version += 1
    tx.record(
        "conversation.snoozed",
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        until=None if until is None else until.isoformat(),
        wakes_on_reply=wakes_on_reply,
    )


def due(tx: Transaction, *, limit: int = 200) -> list[int]:
    """Conversations whose moment has come, however long ago."""
    found = tx.rows(
        "SELECT id FROM conversations WHERE status = 'snoozed' AND snoozed_until <= :now ORDER BY snoozed_until LIMIT :limit",
        now=to_ms(tx.now),
        limit=limit,
    )
    return [id for (id,) in found]


def wake(tx: Transaction, conversation_id: int) -> bool:
    """Its moment has come: open, and on top of the list. False where it is awake already, or was put off meanwhile."""
    claimed = tx.execute(
        "UPDATE conversations SET snoozed_until = NULL WHERE id = :id AND status = 'snoozed' AND snoozed_until <= :now",
        id=conversation_id,
        now=to_ms(tx.now),
    )
    if not claimed:
        return False
    conversation = tx.find(Conversation, conversation_id)
    tx.session.refresh(conversation)
    conversation.last_at = tx.now
    resolving.reopen(tx, conversation, by="clock")
    return True


def choices(now: datetime, zone: ZoneInfo) -> Sequence[SnoozeChoice]:
    """The moments on offer, each with its key: hour, two_hours, four_hours, tomorrow, monday (the next one: on a Monday, in
    seven days)."""
    today = now.astimezone(zone).date()
    to_monday = (MONDAY - today.weekday()) % 7 or 7
    return [
        SnoozeChoice("hour", now + timedelta(hours=1)),
        SnoozeChoice("two_hours", now + timedelta(hours=2)),
        SnoozeChoice("four_hours", now + timedelta(hours=4)),
        SnoozeChoice("tomorrow", on_the_wall(datetime.combine(today + timedelta(days=1), MORNING), zone)),
        SnoozeChoice("monday", on_the_wall(datetime.combine(today + timedelta(days=to_monday), MORNING), zone)),
    ]


def on_the_wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """A naive moment of that time zone, as UTC. One that a change of clocks skips is the same distance after the change."""
    return moment.replace(tzinfo=zone).astimezone(UTC)
