"""A conversation sleeps until its moment and wakes on every screen: on time, early when the customer writes, or a week late."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from comptoir.conversations import assigning, lists, resolving, snoozing, waking
from comptoir.conversations.errors import SnoozePast, SnoozeTooFar
from comptoir.conversations.models import Conversation, Message, Status
from comptoir.conversations.snoozing import choices
from comptoir.foundation.transaction import Transaction
from tests.house import House

PARIS = ZoneInfo("Europe/Paris")


def _snooze(house: House, id: int, until: datetime | None, *, wakes_on_reply: bool = True) -> None:
    def work(tx: Transaction) -> None:
        conversation = tx.find(Conversation, id)
        snoozing.snooze(tx, conversation, until=until, wakes_on_reply=wakes_on_reply)

    house.write(work, by=house.anne)


async def _wake(house: House) -> None:
    await waking.wake_due(house.services)


async def test_snooze_wakes_at_its_moment_and_comes_on_top(house: House) -> None:
    id = house.receive().conversation_id
    _snooze(house, id, house.clock() + timedelta(hours=1))
    house.clock.forward(minutes=30)
    newer = house.receive(subject="Autre").conversation_id

    house.clock.forward(minutes=29)
    await _wake(house)
    assert house.conversation(id).status == Status.SNOOZED

    house.clock.forward(minutes=1)
    await _wake(house)
    woken = house.conversation(id)
    assert (woken.status, woken.snoozed_until) == (Status.OPEN, None)
    page = house.read(lambda tx: lists.page(tx, tab="all", status="open", cursor=None), by=house.bruno)
    assert [row.id for row in page.rows] == [id, newer]
    assert house.events(id)[-2:] == ["conversation.snoozed", "conversation.reopened"]


async def test_snooze_wakes_after_the_server_was_down_for_a_week(house: House) -> None:
    ids = [house.receive(subject=f"Devis {n}").conversation_id for n in range(3)]
    for id in ids:
        _snooze(house, id, house.clock() + timedelta(hours=1))
    house.clock.forward(days=7)
    await _wake(house)
    await _wake(house)
    assert {house.conversation(id).status for id in ids} == {Status.OPEN}
    assert house.events().count("conversation.reopened") == 3


async def test_snooze_ends_when_the_customer_writes(house: House) -> None:
    first = house.receive()
    _snooze(house, first.conversation_id, house.clock() + timedelta(days=1))
    answer = house.receive(subject="Re: Plaquettes 0 986 494 123")
    assert answer.conversation_id == first.conversation_id
    assert house.conversation(first.conversation_id).status == Status.OPEN
    house.clock.forward(days=2)
    await _wake(house)
    assert house.events(first.conversation_id).count("conversation.reopened") == 1


async def test_snooze_lasts_whatever_the_customer_writes_when_told_so(house: House) -> None:
    first = house.receive()
    id = first.conversation_id
    _snooze(house, id, house.clock() + timedelta(days=1), wakes_on_reply=False)
    house.receive(subject="Re: Plaquettes 0 986 494 123")
    asleep = house.conversation(id)
    assert asleep.status == Status.SNOOZED and asleep.last_incoming_id > first.message_id
    house.clock.forward(days=1)
    await _wake(house)
    assert house.conversation(id).status == Status.OPEN


async def test_snooze_until_the_customer_answers_has_no_moment(house: House) -> None:
    first = house.read(lambda tx: tx.find(Message, house.receive().message_id))
    id = first.conversation_id
    _snooze(house, id, None, wakes_on_reply=False)
    house.clock.forward(days=400)
    await _wake(house)
    assert house.conversation(id).status == Status.SNOOZED
    house.receive(in_reply_to=(first.header_id,), subject="Re: Plaquettes 0 986 494 123")
    assert house.conversation(id).status == Status.OPEN


def test_snooze_put_off_again_is_one_more_event_and_the_same_again_is_none(house: House) -> None:
    id = house.receive().conversation_id
    until = house.clock() + timedelta(hours=2)
    _snooze(house, id, until)
    _snooze(house, id, until)
    _snooze(house, id, until + timedelta(hours=2))
    assert house.events(id).count("conversation.snoozed") == 2


def test_snooze_refuses_the_past_and_the_far_future(house: House) -> None:
    id = house.receive().conversation_id
    with pytest.raises(SnoozePast):
        _snooze(house, id, house.clock())
    with pytest.raises(SnoozeTooFar):
        _snooze(house, id, house.clock() + timedelta(days=4000))
    assert house.conversation(id).status == Status.OPEN


def test_snooze_ends_when_it_is_resolved_reopened_or_paused(house: House) -> None:
    for act, status in ((resolving.resolve, "resolved"), (resolving.reopen, "open"), (resolving.pause, "pending")):
        id = house.receive(subject=f"Vers {status}").conversation_id
        _snooze(house, id, house.clock() + timedelta(hours=1))
        house.write(lambda tx, id=id, act=act: act(tx, tx.find(Conversation, id)), by=house.anne)
        ended = house.conversation(id)
        assert (ended.status, ended.snoozed_until) == (status, None)


def test_snooze_keeps_the_assignee(house: House) -> None:
    id = house.receive().conversation_id
    house.write(lambda tx: assigning.assign(tx, tx.find(Conversation, id), member_id=house.bruno.id), by=house.anne)
    _snooze(house, id, house.clock() + timedelta(hours=1))
    assert house.conversation(id).assignee_id == house.bruno.id


def test_pending_ends_when_the_customer_writes(house: House) -> None:
    id = house.receive().conversation_id
    house.write(lambda tx: resolving.pause(tx, tx.find(Conversation, id)), by=house.anne)
    assert house.conversation(id).status == Status.PENDING
    house.receive(subject="Re: Plaquettes 0 986 494 123")
    assert house.conversation(id).status == Status.OPEN


# -- the moments on offer, on the member's wall


def _local(now: str, zone: ZoneInfo = PARIS) -> dict[str, str]:
    moment = datetime.fromisoformat(now).replace(tzinfo=zone).astimezone(UTC)
    return {c.key: c.until.astimezone(zone).isoformat() for c in choices(moment, zone)}


def test_snooze_choices_on_a_tuesday() -> None:
    assert _local("2026-11-24T14:30") == {
        "hour": "2026-11-24T15:30:00+01:00",
        "two_hours": "2026-11-24T16:30:00+01:00",
        "four_hours": "2026-11-24T18:30:00+01:00",
        "tomorrow": "2026-11-25T09:00:00+01:00",
        "monday": "2026-11-30T09:00:00+01:00",
    }


def test_snooze_next_monday_on_a_monday_is_in_seven_days() -> None:
    assert _local("2026-11-23T07:00")["monday"] == "2026-11-30T09:00:00+01:00"


def test_snooze_is_nine_on_the_wall_across_a_change_of_clocks() -> None:
    # The clocks of Paris go back on Sunday 25 October 2026, forward on Sunday 28 March 2027.
    assert _local("2026-10-24T18:00")["tomorrow"] == "2026-10-25T09:00:00+01:00"
    assert _local("2026-10-24T18:00")["monday"] == "2026-10-26T09:00:00+01:00"
    assert _local("2027-03-27T18:00")["tomorrow"] == "2027-03-28T09:00:00+02:00"
    assert _local("2026-10-25T01:30")["hour"] == "2026-10-25T02:30:00+02:00"


def test_snooze_tomorrow_is_the_members_tomorrow() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)  # already the 25th in Paris, still the 24th in Montréal
    paris = {c.key: c.until for c in choices(late, PARIS)}
    montreal = {c.key: c.until for c in choices(late, ZoneInfo("America/Montreal"))}
    assert paris["tomorrow"] == datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
    assert montreal["tomorrow"] == datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
