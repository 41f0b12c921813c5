"""What is now true of everything that some events touched, and the part of it that one member may see: a `Frame`.

Read as it is now, not as it was when each event was recorded: the same frame twice does no harm, and who was away gets one.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from comptoir.conversations.rows import rows_of
from comptoir.conversations.schemas import Activity, ConversationRow, DraftMark, Drop, Frame, MessageView, Put, Reading
from comptoir.conversations.thread import TIMELINE, activities_of, messages_of
from comptoir.foundation.transaction import Transaction

MOST_EVENTS = 500  # a browser further behind than this fetches its screen again

# What changes who sees what: for everybody, or for the member that the event names.
FOR_EVERYBODY = (
    "channel.connected",
    "channel.disconnected",
    "channel.removed",
    "label.changed",  # it is on rows that no event of these conversations names
    "label.merged",
)
FOR_ONE = ("channel.member_added", "channel.member_removed")

# What nobody sees but who did it.
FOR_ONESELF = (
    "conversation.read",
    "conversation.unread",
    "conversation.muted",
    "conversation.unmuted",
    "draft.kept",
    "draft.dropped",
)

READ = ("conversation.read", "conversation.unread")
MUTED = ("conversation.muted", "conversation.unmuted")

ABOUT = {"member": "members", "channel": "channels", "label": "labels", "template": "templates", "sender": "senders"}


class Change(NamedTuple):
    """One event of the log, as far as browsers care."""

    id: int
    type: str
    actor_id: int | None
    conversation_id: int | None
    message_id: int | None
    channel_id: int | None
    data: dict[str, Any]


class Truth(NamedTuple):
    """What is now true of everything that some events touched, each with the channel it belongs to; and, by member, what is
    for their own screens alone: how far they have read, where they have drafts, what else of theirs changed."""

    seq: int
    changes: Sequence[Change]
    rows: list[ConversationRow]
    messages: list[tuple[int, MessageView]]
    activities: list[tuple[int, Activity]]
    gone: list[tuple[int, int]]
    removed: list[tuple[int, int]]
    readings: dict[int, list[Reading]]
    drafts: dict[int, list[DraftMark]]
    about: list[str]
    about_own: dict[int, list[str]]


def frame_since(tx: Transaction, after: int | None, channels: frozenset[int], member_id: int) -> Frame:
    """All that changed since `after`, in one frame, for this member; empty where nothing did."""
    position = tx.log_position()
    if after is None or after == position:
        return Frame(position, Put(), Drop())
    if after > position or position - after > MOST_EVENTS:
        return Frame(position, Put(), Drop(), reset=True)
    truth = truth_after(tx, after)
    assert truth is not None
    if any(changes_what_is_seen(change, member_id) for change in truth.changes):
        return Frame(position, Put(), Drop(), reset=True)
    return frame_for(truth, channels, member_id) or Frame(truth.seq, Put(), Drop())


def truth_after(tx: Transaction, position: int) -> Truth | None:
    """Everything that the events after `position` touched, as it is now; None where there are none."""
    found = tx.rows(
        "SELECT id, type, actor_id, conversation_id, message_id, channel_id, data FROM events WHERE id > :after"
        f" ORDER BY id LIMIT {MOST_EVENTS}",
        after=position,
    )
    changes = [Change._make((*facts, msgspec.json.decode(data))) for *facts, data in found]
    if not changes:
        return None
    conversation_ids = {c.conversation_id for c in changes if c.conversation_id and c.type not in FOR_ONESELF}
    message_ids = {c.message_id: c.channel_id or 0 for c in changes if c.message_id}
    lines = {c.id: c.channel_id or 0 for c in changes if c.type in TIMELINE}
    messages = messages_of(tx, list(message_ids))
    gone = set(message_ids) - {message.id for message in messages}
    return Truth(
        seq=changes[-1].id,
        changes=changes,
        rows=rows_of(tx, list(conversation_ids)),
        messages=[(message_ids[message.id], message) for message in messages],
        activities=[(lines[activity.id], activity) for activity in activities_of(tx, list(lines))],
        gone=[(message_ids[id], id) for id in gone],
        removed=[(c.channel_id or 0, c.conversation_id or 0) for c in changes if c.type == "conversation.removed"],
        readings=_readings(tx, changes),
        drafts=_drafts(tx, changes),
        about=sorted({name for c in changes if (name := ABOUT.get(c.type.partition(".")[0]))}),
        about_own=_about_own(changes),
    )


def frame_for(truth: Truth, channels: frozenset[int], member_id: int) -> Frame | None:
    """The part of it that this member, who sees these channels, may see; None where that is nothing."""
    put = Put(
        conversations=[row for row in truth.rows if row.channel_id in channels],
        messages=[message for channel, message in truth.messages if channel in channels],
        activities=[activity for channel, activity in truth.activities if channel in channels],
        readings=truth.readings.get(member_id, []),
        drafts=truth.drafts.get(member_id, []),
    )
    drop = Drop(
        conversations=[id for channel, id in truth.removed if channel in channels],
        messages=[id for channel, id in truth.gone if channel in channels],
    )
    about = [*truth.about, *truth.about_own.get(member_id, ())]
    if put == Put() and drop == Drop() and not about:
        return None
    return Frame(truth.seq, put, drop, about=about)


def changes_what_is_seen(change: Change, member_id: int) -> bool:
    """A mailbox came or went, or this member joined or left one: then frames do not say all that is new to them."""
    return change.type in FOR_EVERYBODY or (change.type in FOR_ONE and change.data["member_id"] == member_id)


def _readings(tx: Transaction, changes: Sequence[Change]) -> dict[int, list[Reading]]:
    read = {(c.actor_id, c.conversation_id) for c in changes if c.type in READ and c.actor_id}
    readings: dict[int, list[Reading]] = {}
    for member_id, conversation_id in read:
        upto = tx.value(
            "SELECT upto FROM readings WHERE conversation_id = :conversation AND member_id = :member",
            conversation=conversation_id,
            member=member_id,
        )
        readings.setdefault(int(member_id or 0), []).append(Reading(int(conversation_id or 0), upto or 0))
    return readings


def _drafts(tx: Transaction, changes: Sequence[Change]) -> dict[int, list[DraftMark]]:
    touched = {(c.actor_id, c.conversation_id) for c in changes if c.type.startswith("draft.") and c.actor_id}
    marks: dict[int, list[DraftMark]] = {}
    for member_id, conversation_id in touched:
        modes = tx.rows(
            "SELECT mode FROM drafts WHERE conversation_id = :conversation AND member_id = :member",
            conversation=conversation_id,
            member=member_id,
        )
        marks.setdefault(int(member_id or 0), []).append(DraftMark(int(conversation_id or 0), [m for (m,) in modes]))
    return marks


def _about_own(changes: Sequence[Change]) -> dict[int, list[str]]:
    """What each of some members has to ask again, for themselves alone."""
    told: dict[int, set[str]] = {}
    for change in changes:
        if change.type.startswith("notification."):
            for member_id in change.data.get("member_ids", ()):
                told.setdefault(member_id, set()).add("notifications")
        elif change.type in MUTED and change.actor_id:
            told.setdefault(change.actor_id, set()).add("mutes")
    return {member_id: sorted(names) for member_id, names in told.items()}
