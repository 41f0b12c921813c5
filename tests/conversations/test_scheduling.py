"""A reply written now leaves at its moment, once; until then it is put off, had back, or stays because the customer answered."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from comptoir.channels.models import Channel
from comptoir.channels.port import Person
from comptoir.conversations import resolving, texting, thread, writing
from comptoir.conversations.answering import drafting, withdrawing
from comptoir.conversations.errors import NotScheduled, SchedulePast, TooLate
from comptoir.conversations.handling import scheduling
from comptoir.conversations.models import Conversation, Message, Status
from comptoir.conversations.schemas import Later, NewReply
from comptoir.conversations.search import searching
from comptoir.foundation.transaction import Transaction
from tests.conversations.test_hearing import hear, number, says  # noqa: F401
from tests.house import House

LEA = Person("lea@garage-morel.example", "Léa Morel")
PARIS = ZoneInfo("Europe/Paris")


def _write(house: House, id: int, later: Later, text: str = "Votre commande part demain") -> Message:
    words = writing.Words(client_id=f"programme-{text[:20]}", text=text, to=[LEA], later=later)
    key = house.services.secrets.key("threads")
    return house.write(
        lambda tx: writing.reply(tx, tx.find(Conversation, id), words, token_key=key).message, by=house.bruno
    )


def _in(house: House, **by: float) -> Later:
    return Later(until=house.clock() + timedelta(**by))


def _drafts(house: House, id: int) -> list[str]:
    drafts = house.read(lambda tx: drafting.drafts_of(tx, tx.find(Conversation, id)), by=house.bruno)
    return [draft.content.text for draft in drafts]


async def test_a_scheduled_reply_waits_and_leaves_at_its_moment_even_late(house: House) -> None:
    id = house.receive().conversation_id
    before = house.conversation(id)
    message = _write(house, id, _in(house, hours=20))

    kept = house.conversation(id)
    assert (kept.waiting_since, kept.preview, kept.last_at) == (before.waiting_since, before.preview, before.last_at)
    seen = house.read(lambda tx: thread.read(tx, id), by=house.anne).messages[-1]
    assert (seen.id, seen.delivery, seen.scheduled_for) == (message.id, "queued", message.scheduled_for)
    await scheduling.leave_due(house.services)
    assert "message.queued" not in house.events(id)

    house.clock.forward(days=3)
    await scheduling.leave_due(house.services)
    await scheduling.leave_due(house.services)
    left = house.read(lambda tx: tx.find(Message, message.id))
    assert (left.scheduled_for, left.held_until, left.at) == (None, None, house.clock())
    gone = house.conversation(id)
    assert gone.waiting_since is None and gone.preview == "Votre commande part demain" and gone.last_at == house.clock()
    assert house.events(id).count("message.queued") == 1


def test_nine_o_clock_is_nine_on_the_members_wall_on_both_sides_of_a_change_of_clocks(house: House) -> None:
    id = house.receive().conversation_id
    house.clock.now = datetime(2027, 3, 27, 9, 0, tzinfo=UTC)
    message = _write(house, id, Later(local=datetime.fromisoformat("2027-03-29T09:00")))
    assert message.scheduled_for == datetime(2027, 3, 29, 7, 0, tzinfo=UTC)
    monday = {choice.key: choice.until for choice in scheduling.choices(house.clock(), PARIS)}["monday"]
    assert monday == message.scheduled_for


def test_this_afternoon_is_offered_while_there_is_one() -> None:
    morning = scheduling.choices(datetime(2026, 11, 24, 8, 0, tzinfo=UTC), PARIS)
    evening = scheduling.choices(datetime(2026, 11, 24, 17, 0, tzinfo=UTC), PARIS)
    assert [choice.key for choice in morning] == ["hour", "afternoon", "tomorrow", "monday"]
    assert [choice.key for choice in evening] == ["hour", "tomorrow", "monday"]
    assert morning[1].until == datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


async def test_cancelled_it_is_a_draft_again_and_never_leaves(house: House) -> None:
    id = house.receive().conversation_id
    message = _write(house, id, _in(house, hours=1))
    draft = house.write(lambda tx: withdrawing.withdraw(tx, tx.find(Message, message.id)), by=house.bruno)

    assert draft.content.text == "Votre commande part demain"
    house.clock.forward(days=1)
    await scheduling.leave_due(house.services)
    assert "message.queued" not in house.events(id)
    assert house.events(id)[-1] == "message.unscheduled"


def test_a_colleague_may_stop_it_and_the_words_are_its_authors(house: House) -> None:
    id = house.receive().conversation_id
    message = _write(house, id, _in(house, hours=1))
    house.write(lambda tx: scheduling.cancel(tx, tx.find(Message, message.id)), by=house.anne)
    assert _drafts(house, id) == ["Votre commande part demain"]
    assert house.read(lambda tx: drafting.drafts_of(tx, tx.find(Conversation, id)), by=house.anne) == []


async def test_put_off_it_leaves_at_the_new_moment_and_not_once_it_has_left(house: House) -> None:
    id = house.receive().conversation_id
    message = _write(house, id, _in(house, hours=1))
    later = _in(house, hours=5)
    house.write(lambda tx: scheduling.reschedule(tx, tx.find(Message, message.id), later), by=house.bruno)
    house.clock.forward(hours=2)
    await scheduling.leave_due(house.services)
    assert house.events(id)[-1] == "message.rescheduled"
    house.clock.forward(hours=4)
    await scheduling.leave_due(house.services)
    with pytest.raises(NotScheduled):
        house.write(lambda tx: scheduling.cancel(tx, tx.find(Message, message.id)), by=house.bruno)
    assert later.until is not None
    house.write(lambda tx: tx.execute("UPDATE messages SET delivery = 'sending' WHERE id = :id", id=message.id))
    with pytest.raises(TooLate):
        house.write(lambda tx: withdrawing.withdraw(tx, tx.find(Message, message.id)), by=house.bruno)


async def test_it_is_found_under_the_day_at_which_it_will_leave(house: House) -> None:
    id = house.receive().conversation_id
    message = _write(house, id, _in(house, days=1))

    def is_found(tx: Transaction, day: int) -> bool:
        asked = f"commande after:2026-11-{day} before:2026-11-{day + 1}"
        return message.id in [hit.message_id for hit in searching.search(tx, asked).hits]

    def days_of_it() -> list[int]:
        return house.read(lambda tx: [day for day in range(24, 29) if is_found(tx, day)], by=house.bruno)

    assert days_of_it() == [25]
    later = _in(house, days=3)
    house.write(lambda tx: scheduling.reschedule(tx, tx.find(Message, message.id), later), by=house.bruno)
    assert days_of_it() == [27]
    house.clock.forward(days=4)
    await scheduling.leave_due(house.services)
    assert days_of_it() == [28], "it left a day late: the server was down"


async def test_an_answer_stops_it_only_where_that_was_asked(house: House) -> None:
    id = house.receive().conversation_id
    kept = _write(house, id, _in(house, hours=4), text="Je vous rappelle")
    _write(
        house, id, Later(until=house.clock() + timedelta(hours=4), cancels_on_answer=True), text="Toujours intéressée ?"
    )
    house.clock.forward(hours=1)
    house.receive(subject="Re: Plaquettes 0 986 494 123", is_automatic=True)
    assert _drafts(house, id) == [], "an automatic answer is none"
    house.receive(subject="Re: Plaquettes 0 986 494 123")
    assert _drafts(house, id) == ["Toujours intéressée ?"]
    house.clock.forward(hours=4)
    await scheduling.leave_due(house.services)
    replies = house.read(lambda tx: tx.rows("SELECT id FROM messages WHERE kind = 'reply' AND scheduled_for IS NULL"))
    assert replies == [(kept.id,)]


async def test_a_mailbox_gone_meanwhile_sends_nothing_and_gives_the_words_back(house: House) -> None:
    id = house.receive().conversation_id
    _write(house, id, _in(house, hours=1))
    house.write(lambda tx: resolving.resolve(tx, tx.find(Conversation, id)), by=house.bruno)
    house.write(lambda tx: tx.execute("UPDATE channels SET disconnected_at = 1 WHERE id = :id", id=house.sav.id))
    house.clock.forward(hours=1)
    await scheduling.leave_due(house.services)
    assert house.conversation(id).status == Status.OPEN
    why = house.read(lambda tx: tx.value("SELECT data FROM events WHERE type = 'message.unscheduled'"))
    assert "channel_disconnected" in why
    house.write(lambda tx: tx.execute("UPDATE channels SET disconnected_at = NULL WHERE id = :id", id=house.sav.id))
    assert _drafts(house, id) == ["Votre commande part demain"]


def test_nothing_is_scheduled_in_the_past(house: House) -> None:
    id = house.receive().conversation_id
    for later in (Later(until=house.clock()), Later()):
        with pytest.raises(SchedulePast):
            _write(house, id, later)

    def none(tx: Transaction) -> int:
        return int(tx.value("SELECT count(*) FROM messages WHERE kind = 'reply'"))

    assert house.read(none) == 0


async def test_on_whatsapp_what_the_window_no_longer_takes_is_a_draft_and_its_author_is_told(
    house: House,
    number: Channel,  # noqa: F811
) -> None:
    [first] = hear(house, number, says("wamid.1", "Bonjour"))
    id = house.read(lambda tx: tx.find(Message, first)).conversation_id
    for hours, text in ((20, "Dans la fenêtre"), (30, "Trop tard")):
        given = NewReply(client_id=f"client-{hours}", text=text, later=_in(house, hours=hours))
        house.write(lambda tx, given=given: texting.reply(tx, tx.find(Conversation, id), given), by=house.anne)
    house.clock.forward(hours=31)
    await scheduling.leave_due(house.services)

    whys = house.read(lambda tx: tx.rows("SELECT data FROM events WHERE type = 'message.unscheduled'"))
    assert len(whys) == 2 and all("window_closed" in why for (why,) in whys), "the clock was late: neither may leave"
    drafts = house.read(lambda tx: drafting.drafts_of(tx, tx.find(Conversation, id)), by=house.anne)
    assert drafts[0].content.text == "Trop tard\n\nDans la fenêtre"
    kinds = house.read(lambda tx: tx.rows("SELECT member_id, kind FROM notifications"))
    assert (house.anne.id, "failed") in kinds
