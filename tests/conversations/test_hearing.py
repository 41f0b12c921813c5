"""What a number hears, told as stories on the house's own clock: Ana writes on WhatsApp, the team reads."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.channels.chat import (
    Alias,
    AnyHappening,
    ChatEdit,
    ChatMessage,
    ChatReaction,
    ChatRevoke,
    MediaRef,
    Notice,
    NotUnderstood,
    Party,
    PartyChanged,
    Receipted,
)
from comptoir.channels.models import Channel
from comptoir.conversations import early, hearing, receipting, resolving, thread
from comptoir.conversations.models import Conversation, Delivery, Kind, Message
from comptoir.conversations.schemas import Thread
from comptoir.foundation.transaction import Transaction
from tests.gateway import switchboard
from tests.house import House

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # the house's clock stands there
ANA = Party((Alias("phone", "34600000001"),), "Ana Prueba", "", "34600000001")
ANA_BOTH = Party((Alias("phone", "34600000001"), Alias("bsuid", "ES.1")), "Ana Prueba", "", "34600000001")
ANA_USER = Party((Alias("bsuid", "ES.1"),), "Ana Prueba", "ana")
ANA_MOVED = Party((Alias("phone", "34600000002"),), "", "", "34600000002")


@pytest.fixture
def number(house: House) -> Channel:
    return switchboard.connect(house.services)


def says(id: str, text: str = "", *, minutes: float = 0, party: Party = ANA, **said: Any) -> ChatMessage:
    at = NOON + timedelta(minutes=minutes)
    return ChatMessage(number_id="", at=at, external_id=id, party=party, text=text, **said)


def receipt(id: str, state: Any, *, our_id: str = "", code: str = "", minutes: float = 0) -> Receipted:
    at = NOON + timedelta(minutes=minutes)
    return Receipted(number_id="", at=at, external_id=id, our_id=our_id, state=state, code=code)


def hear(house: House, number: Channel, *happenings: AnyHappening) -> list[int]:
    """The messages that they became, or are about."""
    heard = [house.write(lambda tx, h=happening: _id(hearing.hear(tx, number, h))) for happening in happenings]
    return [id for id in heard if id is not None]


def _id(message: Message | None) -> int | None:
    return None if message is None else message.id


def thread_of(house: House, message_id: int) -> Thread:
    def work(tx: Transaction) -> Thread:
        return thread.read(tx, tx.find(Message, message_id).conversation_id)

    return house.read(work, by=house.anne)


def reply(house: House, conversation_id: int, text: str = "Oui", **given: Any) -> Message:
    """As the composer leaves it: queued, without the provider's id."""

    def work(tx: Transaction) -> Message:
        conversation = tx.find(Conversation, conversation_id)
        values: dict[str, Any] = {"delivery": Delivery.SENDING, "external_id": None, "at": tx.now} | given
        message = Message(
            conversation_id=conversation.id,
            channel_id=conversation.channel_id,
            kind=Kind.REPLY,
            created_at=tx.now,
            is_automatic=False,
            is_unreadable=False,
            has_html=False,
            remote_images=0,
            recipients={},
            subject="",
            text=text,
            **values,
        )
        tx.add(message)
        return message

    return house.write(work)


def test_words_open_one_conversation_and_the_window(house: House, number: Channel) -> None:
    ids = hear(house, number, says("1", "Bonjour", minutes=-2), says("2", "Allô ?", minutes=-1))
    told = thread_of(house, ids[0])
    assert [message.text for message in told.messages] == ["Bonjour", "Allô ?"]
    assert told.conversation.window_until == NOON + timedelta(hours=24, minutes=-1, seconds=-60)
    assert told.conversation.waiting_since == NOON - timedelta(minutes=2)
    assert (told.conversation.contact_name, told.conversation.contact_address) == ("Ana Prueba", "+34600000001")
    assert house.events(told.conversation.id) == ["message.received", "message.received"]


def test_what_comes_late_takes_its_place_and_does_not_open_the_window_as_if_now(house: House, number: Channel) -> None:
    ids = hear(house, number, says("new", "aujourd'hui"), says("old", "avant-hier", minutes=-60 * 48))
    told = thread_of(house, ids[0])
    assert [message.text for message in told.messages] == ["avant-hier", "aujourd'hui"]
    assert told.conversation.preview == "aujourd'hui"
    (lone,) = hear(house, number, says("lone", "il y a deux jours", minutes=-60 * 48, party=ANA_MOVED))
    assert thread_of(house, lone).conversation.window_until == NOON - timedelta(hours=24, seconds=60)


def test_a_customer_who_writes_again_wakes_the_resolved_conversation(house: House, number: Channel) -> None:
    (id,) = hear(house, number, says("1", "Bonjour", minutes=-2))
    conversation_id = thread_of(house, id).conversation.id
    house.write(lambda tx: resolving.resolve(tx, tx.find(Conversation, conversation_id)))
    hear(house, number, says("2", "Encore une question", minutes=-1))
    assert house.conversation(conversation_id).is_open
    assert house.events(conversation_id)[-2:] == ["conversation.reopened", "message.received"]


def test_our_words_from_the_phone_answer_and_start_nothing(house: House, number: Channel) -> None:
    (id,) = hear(house, number, says("1", "Bonjour", minutes=-2))
    hear(house, number, says("e", "Bonjour Ana", minutes=-1, is_echo=True, state="delivered"))
    told = thread_of(house, id)
    ours = told.messages[-1]
    assert (ours.kind, ours.via, ours.delivery, ours.member_id) == ("reply", "phone_app", "delivered", None)
    assert told.conversation.waiting_since is None
    assert told.conversation.window_until == NOON + timedelta(hours=24, minutes=-2, seconds=-60)
    assert house.events(told.conversation.id)[-1] == "message.echoed"


def test_the_past_is_silent(house: House, number: Channel) -> None:
    told = [says("h1", "vieux", minutes=-9000, is_history=True)]
    told.append(says("h2", "réponse", minutes=-8999, is_history=True, is_echo=True, state="read"))
    (id, _) = hear(house, number, *told)
    row = thread_of(house, id).conversation
    assert (row.status, row.waiting_since, row.last_incoming_id, row.window_until) == ("resolved", None, 0, None)
    assert house.events(row.id) == ["message.imported", "message.imported"]


def test_a_receipt_only_goes_forward(house: House, number: Channel) -> None:
    (id,) = hear(house, number, says("1", "Bonjour"))
    ours = reply(house, thread_of(house, id).conversation.id)
    our_id = receipting.our_id(ours.id)
    hear(house, number, receipt("out", "read", our_id=our_id), receipt("out", "delivered"), receipt("out", "failed"))
    shown = thread_of(house, ours.id).messages[-1]
    assert (shown.delivery, shown.error_code) == ("read", None)
    hear(house, number, receipt("out", "played"), receipt("out", "played"))
    assert [one.state for one in thread_of(house, ours.id).messages[-1].receipts] == ["played"]


def test_a_receipt_that_comes_before_we_know_the_id_waits(house: House, number: Channel) -> None:
    (id,) = hear(house, number, says("1", "Bonjour"))
    ours = reply(house, thread_of(house, id).conversation.id)
    assert hear(house, number, receipt("out", "delivered")) == []

    def sent(tx: Transaction) -> None:
        message = tx.find(Message, ours.id)
        message.external_id, message.delivery = "out", Delivery.SENT
        receipting.catch_up(tx, message)

    house.write(sent)
    assert thread_of(house, ours.id).messages[-1].delivery == "delivered"


def test_a_failure_after_sent_is_counted_until_it_turns_out_delivered(house: House, number: Channel) -> None:
    (id,) = hear(house, number, says("1", "Bonjour"))
    ours = reply(house, thread_of(house, id).conversation.id, external_id="out", delivery=Delivery.SENT)
    hear(house, number, receipt("out", "failed", code="131047"))
    told = thread_of(house, ours.id)
    assert (told.messages[-1].delivery, told.messages[-1].error_code) == ("failed", "131047")
    assert told.conversation.has_failed
    hear(house, number, receipt("out", "delivered"))
    assert not thread_of(house, ours.id).conversation.has_failed


def test_a_user_id_and_a_phone_that_one_payload_says_together_are_one_person(house: House, number: Channel) -> None:
    ids = hear(house, number, says("1", "un"), says("2", "deux", party=ANA_BOTH), says("3", "trois", party=ANA_USER))
    assert len({thread_of(house, id).conversation.id for id in ids}) == 1


def test_a_phone_that_another_user_id_has_now_is_somebody_else(house: House, number: Channel) -> None:
    other = Party((Alias("phone", "34600000001"), Alias("bsuid", "ES.2")), "Luis")
    ids = hear(house, number, says("1", "un", party=ANA_BOTH), says("2", "deux", party=other))
    assert len({thread_of(house, id).conversation.contact_id for id in ids}) == 2


def test_the_same_username_is_not_the_same_person(house: House, number: Channel) -> None:
    twins = [Party((Alias("bsuid", f"AE.{n}"),), "Client", "shared-handle") for n in (1, 2)]
    ids = hear(house, number, *(says(f"{n}", "moi", party=twin) for n, twin in enumerate(twins)))
    assert len({thread_of(house, id).conversation.contact_id for id in ids}) == 2
    assert thread_of(house, ids[0]).conversation.contact_address == "@shared-handle"


def test_a_new_number_goes_on_in_the_same_conversation_and_says_so(house: House, number: Channel) -> None:
    change = PartyChanged(number_id="", at=NOON, external_id="c", before=ANA, after=ANA_MOVED, text="Ana a changé")
    ids = hear(house, number, says("1", "un", minutes=-1), change, says("2", "deux", minutes=1, party=ANA_MOVED))
    told = thread_of(house, ids[-1])
    assert [message.text for message in told.messages] == ["un", "", "deux"]
    assert told.messages[1].content == Notice("number_changed", "Ana a changé")
    assert house.events(told.conversation.id).count("message.received") == 2


def test_words_under_a_new_number_join_the_conversation_when_the_change_is_told(house: House, number: Channel) -> None:
    ids = hear(house, number, says("1", "un", minutes=-2), says("2", "deux", minutes=-1, party=ANA_MOVED))
    lone = thread_of(house, ids[1]).conversation.id
    hear(house, number, PartyChanged(number_id="", at=NOON, external_id="c", before=ANA, after=ANA_MOVED))
    assert [message.text for message in thread_of(house, ids[0]).messages] == ["un", "deux", ""]
    assert "conversation.removed" in house.events(lone)


def test_an_answer_to_what_we_never_had_says_so(house: House, number: Channel) -> None:
    (id,) = hear(house, number, says("1", "oui", quoted_id="unknown"))
    quoted = thread_of(house, id).messages[0].quoted
    assert quoted is not None and quoted.id is None


def test_what_waits_for_a_message_that_never_comes_is_dropped_after_a_month(house: House, number: Channel) -> None:
    hear(house, number, receipt("never", "read"))
    waiting = "SELECT count(*) FROM early_signs"
    for days, left in ((29, 1), (2, 0)):
        house.clock.forward(days=days)
        asyncio.run(early.expire(house.services))
        assert house.read(lambda tx: tx.value(waiting)) == left


def test_a_group_is_a_conversation_of_its_own(house: House, number: Channel) -> None:
    ids = hear(house, number, says("1", "à vous"), says("2", "à tous", group_id="g@g.us"))
    assert len({thread_of(house, id).conversation.id for id in ids}) == 2


def test_a_missed_call_waits_for_an_answer_and_a_stop_does_not(house: House, number: Channel) -> None:
    (id,) = hear(house, number, says("call", content=Notice("missed_call"), minutes=-5))
    row = thread_of(house, id).conversation
    assert (row.preview_what, row.waiting_since) == ("missed_call", NOON - timedelta(minutes=5))
    (id,) = hear(house, number, says("stop", content=Notice("marketing_stopped"), party=ANA_MOVED))
    assert thread_of(house, id).conversation.status == "resolved"


def test_what_could_not_be_read_is_a_bubble_until_it_can(house: House, number: Channel) -> None:
    dark = NotUnderstood(number_id="", at=NOON, external_id="1", reason="KeyError: x", raw="{}", party=ANA)
    (id,) = hear(house, number, dark)
    assert thread_of(house, id).messages[0].is_unreadable
    assert hear(house, number, dark, says("1", "Bonjour"), says("1", "Bonjour")) == [id, id, id]
    shown = thread_of(house, id).messages[0]
    assert (shown.text, shown.is_unreadable) == ("Bonjour", False)
    assert house.events().count("message.understood") == 1


def test_a_file_is_shown_at_once_and_said_to_be_on_its_way(house: House, number: Channel) -> None:
    hostile = MediaRef(id="42", media_type="application/pdf", name="../../etc/passwd‮fdp.exe")
    (id,) = hear(house, number, says("1", "ver", media=(hostile,)))
    (file,) = thread_of(house, id).messages[0].attachments
    assert (file.fetching, file.preview_url) == ("waiting", None)
    assert "/" not in file.name and "‮" not in file.name
    assert "message.has_remote_files" in house.events()


# -- any order, any number of times


def everything(our_id: str) -> list[AnyHappening]:
    """A morning with Ana: who she is comes in pieces, and everything that can be said about a message is said."""

    def about(kind: type, id: str, target: str, minutes: float, **said: Any) -> Any:
        at = NOON + timedelta(minutes=minutes)
        return kind(number_id="", at=at, external_id=id, target_id=target, party=ANA, **said)

    return [
        says("1", "Bonjour", minutes=-60),
        says("2", "une plaquete ?", minutes=-59, party=ANA_BOTH),
        says("3", "laquelle déjà", minutes=-50, quoted_id="2"),
        says("e", "Je regarde", minutes=-55, is_echo=True, state="sent"),
        about(ChatEdit, "x1", "2", -58, text="une plaquette ?"),
        about(ChatEdit, "x2", "2", -57, text="une plaquette 0 986 494 123 ?"),
        about(ChatRevoke, "v1", "3", -49),
        about(ChatReaction, "r1", "e", -54, emoji="👍"),
        about(ChatReaction, "r2", "e", -53, emoji=""),
        about(ChatReaction, "r3", "out", -40, emoji="❤️"),
        receipt("out", "sent", our_id=our_id),
        receipt("out", "failed", our_id=our_id, code="131026"),
        receipt("out", "delivered", our_id=our_id),
        receipt("out", "read", our_id=our_id),
        receipt("e", "delivered"),
        PartyChanged(number_id="", at=NOON - timedelta(minutes=30), external_id="c", before=ANA, after=ANA_MOVED),
        says("4", "nouveau numéro", minutes=-20, party=ANA_MOVED),
    ]


def truth(house: House, number: Channel) -> list[Any]:
    """All that a member sees of that number, whatever the row ids and the moments of receipt."""

    def work(tx: Transaction) -> list[Any]:
        ids = tx.rows("SELECT id FROM conversations WHERE channel_id = :id ORDER BY id", id=number.id)
        threads = [thread.read(tx, id) for (id,) in ids]
        early = tx.value("SELECT count(*) FROM early_signs WHERE channel_id = :id", id=number.id)
        return [early, *(_seen(told) for told in threads)]

    return house.read(work)


def _seen(told: Thread) -> tuple[Any, ...]:
    row = told.conversation
    messages = [
        [
            *(m.at, m.kind, m.via, m.text, m.earlier, m.edited_at, m.revoked_at, m.delivery, m.error_code, m.reactions),
            *(m.quoted.excerpt if m.quoted else None, m.content),
        ]
        for m in told.messages
    ]
    who = (row.contact_name, row.contact_address, row.status)
    return (
        *who,
        row.preview,
        row.preview_what,
        row.last_at,
        row.waiting_since,
        row.window_until,
        row.has_failed,
        messages,
    )


@pytest.fixture
def in_order(house: House) -> list[Any]:
    return play(house, list(range(17)), 0)


def play(house: House, places: list[int], run: int) -> list[Any]:
    """A fresh number hears these of everything, in this order, after a first word that we answered."""
    number = switchboard.connect(house.services, number_id=f"n{run}", address=f"+1555{run:07}", account=f"a{run}")
    (id,) = hear(house, number, says("0", "Allô", minutes=-90))
    ours = reply(house, thread_of(house, id).conversation.id, at=NOON - timedelta(minutes=80))
    happenings = everything(receipting.our_id(ours.id))
    hear(house, number, *(happenings[place] for place in places))
    return truth(house, number)


ORDERS = st.permutations(list(range(17))).flatmap(
    lambda order: st.lists(st.sampled_from(order), max_size=8).map(lambda again: [*order, *again])
)


def test_any_order_and_any_repetition_ends_in_the_same_conversation(house: House, in_order: list[Any]) -> None:
    runs = iter(range(1, 10_000))

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(ORDERS)
    def holds(places: list[int]) -> None:
        assert play(house, places, next(runs)) == in_order

    holds()
    assert len(in_order) == 2 and in_order[0] == 0
