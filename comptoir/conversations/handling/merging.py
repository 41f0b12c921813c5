"""Two conversations are one: everything of the first goes into the second, and the first leads there.

What the merge did is written down, deed by deed, so that undoing it is its exact inverse, today or in a year; what somebody
changed since stays as they changed it. The row of the first one stays where it was, out of sight: its number still works, and
mails that name it find the second one (redirects.py).
"""

from typing import Any

import msgspec
from msgspec import Struct

from comptoir.channels.models import Channel
from comptoir.channels.port import ChannelKind
from comptoir.conversations import labelling, recounting, redirects, splitting
from comptoir.conversations.errors import CannotMerge, CannotUnmerge, NotMerged, ThirdPartyStaysApart
from comptoir.conversations.handling import joining
from comptoir.conversations.models import Conversation, ConversationMerge, Priority, Status
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import Holding, can_see

SLEEP = ("status", "snoozed_until", "wakes_on_reply", "resolved_at")
OTHERS = (("assignee_id",), ("team_id",), ("priority",), ("window_until",))
FIELDS = tuple(field for group in (SLEEP, *OTHERS) for field in group)


class Deeds(Struct):
    """`before` and `after`: FIELDS of the second conversation, as the database has them. `status` is the first one's;
    `newest_id`: the newest message of all when they became one."""

    status: str
    message_ids: list[int]
    newest_id: int
    before: list[Any]
    after: list[Any]
    labels: list[int]
    participants: list[int]
    readings: list[joining.JoinedReading]
    drafts: list[joining.JoinedDraft]


def merge(tx: Transaction, source: Conversation, target: Conversation) -> None:
    """Both are seen by the actor, and are as they are now (no redirects)."""
    _require_mergeable(tx, source, target)
    before = _fields(tx, target)
    held = {id: _held(one) for id, one in ((source.id, source), (target.id, target))}
    status = source.status
    readings = joining.join_readings(tx, source, target)
    ids = _carry(tx, source, target)
    labels = labelling.hand_over(tx, source.id, target.id)
    participants = joining.join_participants(tx, source, target)
    drafts = joining.join_drafts(tx, source, target)
    source.status, source.merged_into_id = Status.MERGED, target.id
    source.version += 1
    _become_both(target, source, was=Status(status))
    _recount(tx, target)
    newest_id = tx.value("SELECT max(id) FROM messages")
    deeds = Deeds(status, ids, newest_id, before, _fields(tx, target), labels, participants, readings, drafts)
    tx.add(
        ConversationMerge(
            source_id=source.id,
            target_id=target.id,
            at=tx.now,
            member_id=tx.actor.id,
            deeds=msgspec.to_builtins(deeds),
        )
    )
    _tell(tx, "conversation.merged", source, target, len(ids), held[source.id])
    _tell(tx, "conversation.merged_in", target, source, len(ids), held[target.id])


def unmerge(tx: Transaction, source: Conversation) -> None:
    """As both were before, but for what was done since: what answers the messages that go back goes with them."""
    merge = tx.session.get(ConversationMerge, source.id)
    if merge is None:
        raise NotMerged
    target = tx.session.get(Conversation, merge.target_id)
    if target is None or target.merged_into_id is not None:
        raise CannotUnmerge
    deeds = msgspec.convert(merge.deeds, Deeds)
    held = _held(target)
    there = [id for (id,) in tx.rows("SELECT id FROM messages WHERE conversation_id = :id", id=target.id)]
    ids = sorted(set(deeds.message_ids).intersection(there))
    if deeds.message_ids and not ids:
        raise CannotUnmerge
    ids += _answers_since(tx, target, ids, deeds)
    _move(tx, ids, target, source)
    labelling.take(tx, target.id, deeds.labels)
    joining.part_participants(tx, target, deeds.participants)
    joining.part_readings(tx, source, target, deeds.readings)
    joining.part_drafts(tx, source, target, deeds.drafts)
    _restore(tx, target, deeds)
    source.status, source.merged_into_id = Status(deeds.status), None
    tx.remove(merge)
    for conversation in (target, source):
        _recount(tx, conversation)
    _tell(tx, "conversation.unmerged", source, target, len(ids), held)
    _tell(tx, "conversation.unmerged", target, source, len(ids), held)


def find_merged(tx: Transaction, conversation_id: int) -> Conversation:
    """The merged conversation itself, not where it leads; for who sees where it leads."""
    conversation = tx.session.get(Conversation, conversation_id)
    if conversation is None or not can_see(tx.actor, redirects.current(tx, conversation)):
        raise NotFound
    return conversation


def _require_mergeable(tx: Transaction, source: Conversation, target: Conversation) -> None:
    """Of one mailbox, because who sees one must see the other; through a number, of one person, to whom answers go."""
    if source.id == target.id or source.channel_id != target.channel_id:
        raise CannotMerge
    is_mail = tx.find(Channel, source.channel_id).kind == ChannelKind.EMAIL
    if not is_mail and (source.contact_id, source.group_id) != (target.contact_id, target.group_id):
        raise CannotMerge
    if _is_side_of(tx, source, target) or _is_side_of(tx, target, source):
        raise ThirdPartyStaysApart


def _is_side_of(tx: Transaction, one: Conversation, other: Conversation) -> bool:
    """Begun by a forward of the other's mails to a third party."""
    if one.origin_id != other.id:
        return False
    begun = "SELECT 1 FROM events WHERE conversation_id = :id AND type = 'conversation.begun' LIMIT 1"
    return tx.value(begun, id=one.id) is not None


def _carry(tx: Transaction, source: Conversation, target: Conversation) -> list[int]:
    ids = [id for (id,) in tx.rows("SELECT id FROM messages WHERE conversation_id = :id ORDER BY id", id=source.id)]
    tx.execute(  # a browser may have given the same one in both; the target's own is the one it may send again
        "UPDATE messages SET client_id = NULL WHERE conversation_id = :source AND client_id IN"
        " (SELECT client_id FROM messages WHERE conversation_id = :target)",
        source=source.id,
        target=target.id,
    )
    _move(tx, ids, source, target)
    return ids


def _move(tx: Transaction, ids: list[int], here: Conversation, there: Conversation) -> None:
    """These messages, with their place in the log and what members were told of them."""
    if not ids:
        return
    these = ", ".join(str(int(id)) for id in ids)
    for statement in (
        f"UPDATE messages SET conversation_id = :there WHERE id IN ({these})",
        f"UPDATE events SET conversation_id = :there WHERE conversation_id = :here AND message_id IN ({these})",
        f"UPDATE notifications SET conversation_id = :there WHERE conversation_id = :here AND message_id IN ({these})",
    ):
        tx.execute(statement, here=here.id, there=there.id)
    tx.flush()
    tx.session.expire_all()


def _become_both(target: Conversation, source: Conversation, *, was: Status) -> None:
    """Open where either is, nobody's only where both are, as urgent as the more urgent one."""
    if was == Status.OPEN and not target.is_open:
        target.status, target.snoozed_until, target.resolved_at = Status.OPEN, None, None
    if target.assignee_id is None and target.team_id is None:
        target.assignee_id, target.team_id = source.assignee_id, source.team_id
    order = list(Priority)
    target.priority = max(Priority(target.priority), Priority(source.priority), key=order.index)
    if source.window_until is not None:
        target.window_until = max(target.window_until or source.window_until, source.window_until)


def _fields(tx: Transaction, conversation: Conversation) -> list[Any]:
    return list(tx.row(f"SELECT {', '.join(FIELDS)} FROM conversations WHERE id = :id", id=conversation.id) or ())


def _restore(tx: Transaction, target: Conversation, deeds: Deeds) -> None:
    """What nobody has changed since."""
    now = dict(zip(FIELDS, _fields(tx, target), strict=True))
    before, after = (dict(zip(FIELDS, values, strict=True)) for values in (deeds.before, deeds.after))
    for group in (SLEEP, *OTHERS):
        if all(now[field] == after[field] for field in group):
            tx.execute(
                f"UPDATE conversations SET {', '.join(f'{field} = :{field}' for field in group)} WHERE id = :id",
                id=target.id,
                **{field: before[field] for field in group},
            )
    tx.session.refresh(target)


def _answers_since(tx: Transaction, target: Conversation, ids: list[int], deeds: Deeds) -> list[int]:
    """Mails that came after the merge, to what goes back."""
    if not ids or tx.find(Channel, target.channel_id).kind != ChannelKind.EMAIL:
        return []
    answers = splitting.answers_to(tx, target.id, ids)
    return [id for id in answers if id > deeds.newest_id and id not in ids]


def _recount(tx: Transaction, conversation: Conversation) -> None:
    if tx.value("SELECT 1 FROM messages WHERE conversation_id = :id LIMIT 1", id=conversation.id) is not None:
        recounting.recount(tx, conversation)
    else:
        conversation.version += 1


def _held(conversation: Conversation) -> Holding:
    return Holding(conversation.channel_id, conversation.assignee_id, conversation.team_id)


def _tell(
    tx: Transaction, type: str, conversation: Conversation, other: Conversation, count: int, held: Holding
) -> None:
    """`held`: who had it before, for the screens of those who see only theirs."""
    tx.record(
        type,
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        other_id=other.id,
        count=count,
        subject=other.subject[:200],
        was_assignee_id=held.assignee_id,
        was_team_id=held.team_id,
    )
