"""Write now, send later: a reply is held until the moment that its author chose, and until then it can be put off or had back.

It is the holding of *undo send*, only longer: the clock lets it go (see schedule.py), so a restart never forgets one. Whatever
would keep it from being sent is asked again at that moment: if it may not leave, its words are its author's draft again, and
they are told. Nothing half-sent, nothing lost.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from comptoir.channels import policy
from comptoir.channels.models import Channel
from comptoir.channels.policy import FileFacts
from comptoir.channels.port import ChannelKind
from comptoir.conversations import resolving, snoozing
from comptoir.conversations.answering import withdrawing
from comptoir.conversations.errors import NotScheduled, SchedulePast, ScheduleTooFar
from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.schemas import Later, SnoozeChoice
from comptoir.conversations.search import index
from comptoir.conversations.telling import tell
from comptoir.foundation.services import Services
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.mail.quotes import preview
from comptoir.team import queries as team

log = logging.getLogger(__name__)

AFTERNOON = time(14)
LEAD = timedelta(minutes=30)  # a choice less far away than that is none
FARTHEST = timedelta(days=366)

CANCELLED, ANSWERED = "cancelled", "answered"


def hold(tx: Transaction, message: Message, later: Later) -> None:
    """A reply that is just being written. It stands in the thread where it will be: at its moment."""
    message.scheduled_for = message.held_until = message.at = _moment(tx, later)
    message.cancels_on_answer = later.cancels_on_answer


def reschedule(tx: Transaction, message: Message, later: Later) -> None:
    """NotScheduled when it has left, or was taken back, meanwhile."""
    until = _moment(tx, later)
    if message.scheduled_for == until and message.cancels_on_answer == later.cancels_on_answer:
        return
    changed = tx.execute(
        "UPDATE messages SET scheduled_for = :until, held_until = :until, at = :until, cancels_on_answer = :cancels"
        " WHERE id = :id AND delivery = 'queued' AND scheduled_for IS NOT NULL",
        until=to_ms(until),
        cancels=later.cancels_on_answer,
        id=message.id,
    )
    if not changed:
        raise NotScheduled
    index.moved(tx, message.id, before=message.at, at=until)
    tell(tx, message, "message.rescheduled", until=until.isoformat())


def cancel(tx: Transaction, message: Message, *, why: str = CANCELLED) -> None:
    """By any member who sees it: they may know what its author does not. The words are its author's draft again."""
    if message.scheduled_for is None:
        raise NotScheduled
    withdrawing.give_back(tx, message)
    tell(tx, message, "message.unscheduled", why=why, member_id=message.member_id)


def customer_wrote(tx: Transaction, conversation: Conversation) -> None:
    """What was to leave only if they did not answer stays."""
    found = tx.rows(
        "SELECT id FROM messages WHERE conversation_id = :id AND scheduled_for IS NOT NULL AND cancels_on_answer",
        id=conversation.id,
    )
    for (id,) in found:
        cancel(tx, tx.find(Message, id), why=ANSWERED)


def due(tx: Transaction, *, limit: int = 200) -> list[int]:
    """Those whose moment has come, however long ago."""
    found = tx.rows(
        "SELECT id FROM messages WHERE scheduled_for IS NOT NULL AND scheduled_for <= :now ORDER BY scheduled_for LIMIT :limit",
        now=to_ms(tx.now),
        limit=limit,
    )
    return [id for (id,) in found]


def leave(tx: Transaction, message_id: int) -> bool:
    """Its moment has come: it is queued as if it had just been written, or its author's draft again. False where it was put
    off or taken back meanwhile."""
    message = tx.find(Message, message_id)
    if message.scheduled_for is None or message.scheduled_for > tx.now:
        return False
    conversation = tx.find(Conversation, message.conversation_id)
    code = _refusal(tx, message, conversation)
    if code is not None:
        cancel(tx, message, why=code)
        resolving.reopen(tx, conversation, by="clock")
        conversation.last_at = tx.now
        return True
    claimed = tx.execute(
        "UPDATE messages SET scheduled_for = NULL, held_until = NULL, at = :now"
        " WHERE id = :id AND delivery = 'queued' AND scheduled_for <= :now",
        now=to_ms(tx.now),
        id=message_id,
    )
    if not claimed:
        return False
    index.moved(tx, message_id, before=message.at, at=tx.now)
    tx.session.refresh(message)
    conversation.last_at = tx.now
    conversation.preview = preview(message.text) or message.subject
    conversation.preview_kind = message.kind
    conversation.preview_what = str(message.content["type"]) if message.content else None
    conversation.waiting_since = None
    conversation.version += 1
    tell(tx, message, "message.queued")
    return True


async def leave_due(services: Services) -> None:
    """Scheduled: all that is due, each in a commit of its own: one that cannot leave holds no other up."""
    failed: set[int] = set()
    while ids := [id for id in await services.database.read(due) if id not in failed]:
        for id in ids:
            try:
                await services.database.write(lambda tx, id=id: leave(tx, id))  # type: ignore[misc]
            except Exception:
                log.exception("scheduled message %s could not leave; it is tried again in a while", id)
                failed.add(id)


def choices(now: datetime, zone: ZoneInfo) -> Sequence[SnoozeChoice]:
    """The moments on offer: hour, afternoon (while there is one), tomorrow, monday."""
    snoozes = {choice.key: choice for choice in snoozing.choices(now, zone)}
    afternoon = snoozing.on_the_wall(datetime.combine(now.astimezone(zone).date(), AFTERNOON), zone)
    today = [SnoozeChoice("afternoon", afternoon)] if afternoon - now >= LEAD else []
    return [snoozes["hour"], *today, snoozes["tomorrow"], snoozes["monday"]]


def _moment(tx: Transaction, later: Later) -> datetime:
    """On the wall of who asks, or a moment as it is."""
    until = later.until if later.local is None else snoozing.on_the_wall(later.local, team.zone_of_actor(tx))
    if until is None or until <= tx.now:
        raise SchedulePast
    if until > tx.now + FARTHEST:
        raise ScheduleTooFar
    return until


def _refusal(tx: Transaction, message: Message, conversation: Conversation) -> str | None:
    """Why it may not leave now: a code of channels.policy, or channel_disconnected."""
    channel = tx.find(Channel, message.channel_id)
    if channel.disconnected_at is not None:
        return "channel_disconnected"
    if channel.kind != ChannelKind.WHATSAPP:
        return None
    files = tx.rows("SELECT name, media_type, size FROM attachments WHERE message_id = :id", id=message.id)
    is_template = "template" in (message.context or {})
    return policy.may_send(
        channel.provider,
        window_until=conversation.window_until,
        now=tx.now,
        is_template=is_template,
        words=message.text,
        files=[FileFacts(*file) for file in files],
    )
