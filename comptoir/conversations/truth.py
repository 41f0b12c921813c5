"""What is now true of everything that some events touched, and the part of it that one member may see: a `Frame`.

Read as it is now, not as it was when each event was recorded: the same frame twice does no harm, and who was away gets one.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from comptoir.conversations import timeline
from comptoir.conversations.customers import renamed
from comptoir.conversations.messages import messages_of
from comptoir.conversations.rows import rows_of
from comptoir.conversations.schemas import Activity, ConversationRow, DraftMark, Drop, Frame, MessageView, Put, Reading
from comptoir.conversations.timeline import TIMELINE, activities_of, without_subject
from comptoir.foundation.transaction import Actor, Transaction
from comptoir.team.access import Held, Holding, can_see

MOST_EVENTS = 500  # a browser further behind than this fetches its screen again

# What changes who sees what: for everybody, or for the member that the event names.
FOR_EVERYBODY = (
    "channel.connected",
    "channel.disconnected",
    "channel.removed",
    "label.changed",  # it is on rows that no event of these conversations names
    "label.merged",
    "team.archived",
    "team.restored",
)
FOR_ONE = (
    "channel.member_added",
    "channel.member_removed",
    "member.scoped",
    "team.member_added",
    "team.member_removed",
)

# What changes who sees one conversation: `was_assignee_id` and `was_team_id` say who had it before.
HANDED = (
    "conversation.assigned",
    "conversation.team_assigned",
    "conversation.removed",
    "conversation.merged",
    "conversation.merged_in",
    "conversation.unmerged",
)

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

ABOUT = {
    "bulk": "bulks",
    "view": "views",
    "member": "members",
    "team": "teams",
    "channel": "channels",
    "customer": "customers",
    "contact": "customers",
    "document": "documents",
    "import": "imports",
    "label": "labels",
    "privacy": "privacy",
    "template": "templates",
    "sender": "senders",
    "conversation.customer_linked": "customers",
    "conversation.customer_unlinked": "customers",
}


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
    """What is now true of everything that some events touched; `held`: who has each conversation now, `before`: who had it
    before each event; `apart`: another conversation that an activity says the subject of (timeline.apart); `gone`: messages that
    are no more, or elsewhere, by the conversation that they left. And, by member, how far they have read, where they have
    drafts, what else of theirs changed: that is for their own screens alone."""

    seq: int
    changes: Sequence[Change]
    rows: list[ConversationRow]
    messages: list[MessageView]
    activities: list[Activity]
    apart: dict[int, int]
    gone: list[tuple[int, int]]
    held: dict[int, Held]
    before: dict[int, set[Holding]]
    readings: dict[int, list[Reading]]
    drafts: dict[int, list[DraftMark]]
    about: list[str]
    about_own: dict[int, list[str]]


def frame_since(tx: Transaction, after: int | None, actor: Actor) -> Frame:
    """All that changed since `after`, in one frame, for this member; empty where nothing did."""
    position = tx.log_position()
    if after is None or after == position:
        return Frame(position, Put(), Drop())
    if after > position or position - after > MOST_EVENTS:
        return Frame(position, Put(), Drop(), reset=True)
    truth = truth_after(tx, after)
    assert truth is not None
    if any(changes_what_is_seen(change, actor.id) for change in truth.changes):
        return Frame(position, Put(), Drop(), reset=True)
    return frame_for(truth, actor) or Frame(truth.seq, Put(), Drop())


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
    conversation_ids |= renamed.conversations(tx, ((c.type, c.data) for c in changes))
    message_ids = {c.message_id for c in changes if c.message_id}
    messages = messages_of(tx, list(message_ids))
    activities = activities_of(tx, [c.id for c in changes if c.type in TIMELINE])
    rows = rows_of(tx, list(conversation_ids))
    gone = _gone(changes, messages)
    before = _before(changes)
    readings = _readings(tx, changes, before)
    others = {m.conversation_id for m in messages} | {a.conversation_id for a in activities} | {id for id, _ in gone}
    others |= {one.conversation_id for own in readings.values() for one in own}
    apart = {line: other.id for line, other in timeline.apart(tx, activities).items()}
    others |= set(apart.values())
    return Truth(
        seq=changes[-1].id,
        changes=changes,
        rows=rows,
        messages=messages,
        activities=activities,
        apart=apart,
        gone=gone,
        held={row.id: row for row in rows} | held_now(tx, others - conversation_ids),
        before=before,
        readings=readings,
        drafts=_drafts(tx, changes),
        about=sorted({name for c in changes if (name := ABOUT.get(c.type) or ABOUT.get(c.type.partition(".")[0]))}),
        about_own=_about_own(changes),
    )


def frame_for(truth: Truth, actor: Actor) -> Frame | None:
    """The part of it that this member may see, and what they no longer see; None where that is nothing."""
    seen = {id for id, held in truth.held.items() if can_see(actor, held)}
    lost = [id for id, was in truth.before.items() if id not in seen and any(can_see(actor, held) for held in was)]
    put = Put(
        conversations=[row for row in truth.rows if row.id in seen],
        messages=[message for message in truth.messages if message.conversation_id in seen],
        activities=[
            activity if truth.apart.get(activity.id, activity.conversation_id) in seen else without_subject(activity)
            for activity in truth.activities
            if activity.conversation_id in seen
        ],
        readings=[one for one in truth.readings.get(actor.id or 0, ()) if one.conversation_id in seen],
        drafts=truth.drafts.get(actor.id or 0, []),
    )
    shown = {message.id for message in put.messages}
    drop = Drop(conversations=lost, messages=[id for left, id in truth.gone if left in seen and id not in shown])
    about = [*truth.about, *truth.about_own.get(actor.id or 0, ())]
    if put == Put() and drop == Drop() and not about:
        return None
    return Frame(truth.seq, put, drop, about=about)


def held_now(tx: Transaction, ids: Iterable[int]) -> dict[int, Held]:
    """Who has each of these, and where it is: what decides who sees it."""
    wanted = ", ".join(str(int(id)) for id in ids)
    if not wanted:
        return {}
    found = tx.rows(f"SELECT id, channel_id, assignee_id, team_id FROM conversations WHERE id IN ({wanted})")
    return {id: Holding(*facts) for id, *facts in found}


def changes_what_is_seen(change: Change, member_id: int | None) -> bool:
    """A mailbox came or went, or this member joined or left one, or a team, or sees more or less than before: then frames do
    not say all that is new to them."""
    return change.type in FOR_EVERYBODY or (change.type in FOR_ONE and change.data["member_id"] == member_id)


def _gone(changes: Sequence[Change], messages: Sequence[MessageView]) -> list[tuple[int, int]]:
    """(the conversation that it left, the message) of those discarded, or moved."""
    here = {message.id for message in messages}
    discarded = {(c.conversation_id or 0, c.message_id) for c in changes if c.message_id and c.message_id not in here}
    moved = {(c.data.get("from_id", 0), c.message_id) for c in changes if c.type == "message.moved" and c.message_id}
    return sorted(discarded | moved)


def _before(changes: Sequence[Change]) -> dict[int, set[Holding]]:
    before: dict[int, set[Holding]] = {}
    for c in changes:
        if c.type in HANDED and c.conversation_id:
            was = Holding(c.channel_id or 0, c.data.get("was_assignee_id"), c.data.get("was_team_id"))
            before.setdefault(c.conversation_id, set()).add(was)
    return before


def _readings(tx: Transaction, changes: Sequence[Change], handed: Collection[int]) -> dict[int, list[Reading]]:
    """Of those who read; and, where a conversation changed hands, of those who may only now see it again."""
    read = {(c.actor_id, c.conversation_id) for c in changes if c.type in READ and c.actor_id}
    if handed:
        read |= {
            (member_id, conversation_id)
            for member_id, conversation_id in tx.rows(
                "SELECT r.member_id, r.conversation_id FROM readings r JOIN members m ON m.id = r.member_id"
                f" WHERE m.scope <> 'all' AND r.conversation_id IN ({', '.join(map(str, handed))})"
            )
        }
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
