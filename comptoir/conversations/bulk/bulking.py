"""Do one act to many conversations, a handful in each commit, and take it back.

Every conversation is found as the member may see it at that moment, and goes through the act that a single one goes through.
One that cannot be done is skipped, with the sentence of its refusal.
"""

from datetime import timedelta

import msgspec

from comptoir.conversations import snoozing, thread
from comptoir.conversations.bulk import acting
from comptoir.conversations.bulk.errors import BulkNotDone, NothingChosen
from comptoir.conversations.bulk.models import Bulk, BulkItem, Outcome, Phase
from comptoir.conversations.bulk.schemas import Act, NewBulk, PutLabel, Sleep, TakeLabel
from comptoir.conversations.errors import SnoozePast
from comptoir.conversations.filters.schemas import Filter
from comptoir.conversations.filters.walking import walk
from comptoir.conversations.models import Conversation
from comptoir.foundation.errors import NotFound, NotSignedIn, Problem
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Cause, Claims, Transaction
from comptoir.labels import queries as labels
from comptoir.team import queries as members
from comptoir.team import signing_in
from comptoir.team.models import Member

JOB = "conversations.bulk.running.run"
CHUNK = 25  # conversations in one commit: on SQLite nobody else writes meanwhile
GATHERED = 250
MOST = 10_000
KEPT = timedelta(days=7)


def begin(tx: Transaction, new: NewBulk) -> Bulk:
    """Ask for it; a job does it, and tells how far it is. What no conversation could do is refused at once."""
    if not new.ids and new.filter is None:
        raise NothingChosen
    act = _checked(tx, new.act)
    _forget(tx)
    bulk = Bulk(
        member_id=members.me(tx).id,
        act=msgspec.to_builtins(act),
        filter=None if new.filter is None else msgspec.to_builtins(new.filter),
        cursor=None,
        phase=Phase.DOING if new.filter is None else Phase.GATHERING,
        created_at=tx.now,
    )
    tx.add(bulk)
    if new.filter is None:
        _gather(tx, bulk, [id for id in dict.fromkeys(new.ids) if _is_seen(tx, id)])
    _go_on_soon(tx, bulk)
    return bulk


def undo(tx: Transaction, bulk: Bulk) -> None:
    """Also in the middle of it: what is not done yet stays so."""
    if bulk.phase in (Phase.UNDOING, Phase.UNDONE):
        return
    if bulk.phase == Phase.GATHERING:
        raise BulkNotDone
    bulk.phase = Phase.UNDOING
    _go_on_soon(tx, bulk)


def go_on(tx: Transaction, bulk_id: int) -> bool:
    """The next handful, as the member who asked; False once there is nothing left to do."""
    bulk = tx.find(Bulk, bulk_id)
    if bulk.phase in (Phase.DONE, Phase.UNDONE):
        return False
    member = tx.find(Member, bulk.member_id)
    try:
        tx.actor = signing_in.identify(tx, Claims(member.id, member.stamp))
    except NotSignedIn:  # they left the team meanwhile
        bulk.phase = Phase.DONE
        return False
    tx.cause = Cause(bulk_id=bulk.id)
    if bulk.phase == Phase.GATHERING:
        _gather_more(tx, bulk)
    else:
        _do_more(tx, bulk)
    tx.record("bulk.moved", bulk_id=bulk.id)
    return True


def _gather_more(tx: Transaction, bulk: Bulk) -> None:
    asked = msgspec.convert(bulk.filter, Filter)
    walked = walk(tx, asked, cursor=bulk.cursor, limit=GATHERED)
    _gather(tx, bulk, [id for (id,) in walked.rows])
    bulk.cursor = walked.below
    count = tx.value("SELECT count(*) FROM bulk_items WHERE bulk_id = :id", id=bulk.id)
    if walked.below is None or count >= MOST:
        bulk.phase = Phase.DOING


def _gather(tx: Transaction, bulk: Bulk, ids: list[int]) -> None:
    """A conversation that came on top meanwhile is met twice, and gathered once."""
    for id in ids:
        tx.execute(
            "INSERT INTO bulk_items (bulk_id, conversation_id, outcome) VALUES (:bulk, :id, 'waiting')"
            " ON CONFLICT DO NOTHING",
            bulk=bulk.id,
            id=id,
        )


def _do_more(tx: Transaction, bulk: Bulk) -> None:
    act: Act = msgspec.convert(bulk.act, Act)
    is_undoing = bulk.phase == Phase.UNDOING
    items = tx.rows(
        "SELECT conversation_id FROM bulk_items WHERE bulk_id = :bulk AND outcome = :outcome"
        f" ORDER BY conversation_id LIMIT {CHUNK}",
        bulk=bulk.id,
        outcome=Outcome.DONE if is_undoing else Outcome.WAITING,
    )
    for (id,) in items:
        item = tx.session.get_one(BulkItem, (bulk.id, id))
        try:
            conversation = thread.find(tx, id)
            _undo_one(tx, item, conversation, act) if is_undoing else _do_one(tx, item, conversation, act)
        except Problem as problem:
            item.outcome, item.reason = Outcome.SKIPPED, problem.sentence(tx.actor.language)
    if len(items) < CHUNK:
        _end(tx, bulk, Phase.UNDONE if is_undoing else Phase.DONE)


def _end(tx: Transaction, bulk: Bulk, phase: Phase) -> None:
    """Unless it was told to go back at this very moment."""
    tx.execute("UPDATE bulks SET phase = :to WHERE id = :id AND phase = :now", to=phase, id=bulk.id, now=bulk.phase)


def _do_one(tx: Transaction, item: BulkItem, conversation: Conversation, act: Act) -> None:
    before, events = acting.state_of(tx, conversation, act), len(tx.events)
    acting.perform(tx, conversation, act)
    has_changed = len(tx.events) > events
    item.outcome = Outcome.DONE if has_changed else Outcome.UNCHANGED
    item.before = {"before": before, "after": acting.state_of(tx, conversation, act)} if has_changed else None


def _undo_one(tx: Transaction, item: BulkItem, conversation: Conversation, act: Act) -> None:
    """What somebody else, or the customer, has changed since is theirs."""
    assert item.before is not None
    is_elsewhere = conversation.id != item.conversation_id  # merged since: the other one was never touched
    if is_elsewhere or acting.state_of(tx, conversation, act) != item.before["after"]:
        item.outcome = Outcome.KEPT
        return
    acting.put_back(tx, conversation, act, item.before["before"])
    item.outcome = Outcome.UNDONE


def _checked(tx: Transaction, act: Act) -> Act:
    """With a moment of the member's own wall made one of everybody's."""
    if isinstance(act, PutLabel | TakeLabel):
        labels.find(tx, act.label_id)
    if not isinstance(act, Sleep):
        return act
    snooze = act.snooze
    if snooze.local is not None:
        until = snoozing.on_the_wall(snooze.local, members.zone_of_actor(tx))
        snooze = msgspec.structs.replace(snooze, until=until, local=None)
    if snooze.until is not None and snooze.until <= tx.now:
        raise SnoozePast
    return Sleep(snooze)


def _is_seen(tx: Transaction, id: int) -> bool:
    try:
        thread.find(tx, id)
    except NotFound:
        return False
    return True


def _go_on_soon(tx: Transaction, bulk: Bulk) -> None:
    tx.record("bulk.moved", bulk_id=bulk.id)
    tx.enqueue(JOB, {"bulk_id": bulk.id}, lane=f"bulk:{bulk.id}")


def _forget(tx: Transaction) -> None:
    """The member's bulk acts of more than a week ago: nobody takes those back."""
    old = "SELECT id FROM bulks WHERE member_id = :me AND created_at < :before"
    given = {"me": tx.actor.id, "before": to_ms(tx.now - KEPT)}
    tx.execute(f"DELETE FROM bulk_items WHERE bulk_id IN ({old})", **given)
    tx.execute("DELETE FROM bulks WHERE member_id = :me AND created_at < :before", **given)
