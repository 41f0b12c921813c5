"""The lines between the messages of a thread: what was done, and by whom, read from the log of events."""

from collections.abc import Sequence
from typing import Any

import msgspec

from comptoir.conversations import redirects
from comptoir.conversations.models import Conversation
from comptoir.conversations.schemas import Activity, MessageView
from comptoir.foundation.tables import from_ms, to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import can_see

TIMELINE = (
    "conversation.assigned",
    "conversation.team_assigned",
    "conversation.resolved",
    "conversation.reopened",
    "conversation.snoozed",
    "conversation.paused",
    "conversation.labelled",
    "conversation.moved_in",
    "conversation.moved_out",
    "conversation.linked",
    "conversation.unlabelled",
    "conversation.forwarded",
    "conversation.begun",
    "message.scheduled",
    "message.rescheduled",
    "message.unscheduled",
    "conversation.merged_in",
    "conversation.unmerged",
    "conversation.prioritized",
    "conversation.spammed",
    "conversation.unspammed",
    "sender.blocked",
    "conversation.followed",
    "conversation.unfollowed",
    "conversation.customer_linked",
    "conversation.customer_unlinked",
)


def activities_of(tx: Transaction, event_ids: Sequence[int]) -> list[Activity]:
    if not event_ids:
        return []
    return _activity_rows(tx, f"id IN ({', '.join(str(int(i)) for i in event_ids)})")


def between(
    tx: Transaction,
    conversation_id: int,
    messages: list[MessageView],
    *,
    is_newest: bool,
    is_oldest: bool,
) -> list[Activity]:
    """The lines that belong between these messages: up to the last one, or to now on the newest page."""
    since = 0 if is_oldest or not messages else to_ms(messages[0].at)
    until = 2**62 if is_newest or not messages else to_ms(messages[-1].at)
    here = ", ".join(map(str, [int(conversation_id), *redirects.sources_of(tx, conversation_id)]))
    lines = _activity_rows(
        tx,
        f"conversation_id IN ({here}) AND type IN ({', '.join(repr(type) for type in TIMELINE)})"
        " AND at >= :since AND at <= :until",
        since=since,
        until=until,
    )
    others = apart(tx, lines)
    return [
        line if line.id not in others or can_see(tx.actor, others[line.id]) else without_subject(line) for line in lines
    ]


def apart(tx: Transaction, lines: Sequence[Activity]) -> dict[int, Conversation]:
    """By line, the other conversation whose subject it says, where the two are not one (any more): not everybody sees both."""
    found = {}
    for line in lines:
        if "subject" not in line.data:
            continue
        other = tx.session.get(Conversation, line.data["other_id"])
        here = tx.session.get(Conversation, line.conversation_id)
        if other is None or here is None:
            continue
        now = redirects.current(tx, other)
        if now != redirects.current(tx, here):
            found[line.id] = now
    return found


def without_subject(line: Activity) -> Activity:
    return msgspec.structs.replace(line, data={**line.data, "subject": ""})


def _activity_rows(tx: Transaction, where: str, **given: Any) -> list[Activity]:
    found = tx.rows(
        "SELECT id, conversation_id, type, at, CASE WHEN actor_kind = 'member' THEN actor_id END, data"
        f" FROM events WHERE {where} ORDER BY id DESC LIMIT 200",
        **given,
    )
    lines = [
        Activity(id, conversation, type, from_ms(at), actor, msgspec.json.decode(data))
        for id, conversation, type, at, actor, data in reversed(found)
    ]
    for line in lines:
        if line.type == "conversation.merged_in":
            line.data["can_undo"] = redirects.is_merged(tx, int(line.data["other_id"] or 0), line.at)
    return lines
