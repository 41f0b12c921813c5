"""The right place: which conversation a mail joins, and what a member may do when it joined another."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.channels.port import Person
from comptoir.conversations import assigning, splitting, truth, writing
from comptoir.conversations.errors import CannotMove, WholeConversation
from comptoir.conversations.models import Conversation, Message
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.mail import threads
from tests.house import House

LEA = Person("lea@garage-morel.example", "Léa Morel")
PAUL = Person("paul@garage-morel.example", "Paul")
SPY = Person("spy@elsewhere.example", "Spy")
SAV = Person("sav@pieces.example", "SAV")


def answer(house: House, conversation_id: int, *to: str) -> Message:
    words = writing.Words(
        client_id=f"client-{next(_numbers):08}", text="Oui.", to=[Person(address) for address in to or (LEA.address,)]
    )
    key = house.services.secrets.key("threads")
    return house.write(
        lambda tx: writing.reply(tx, tx.find(Conversation, conversation_id), words, token_key=key), by=house.bruno
    ).message


_numbers = itertools.count(1)


def reason(house: House, message_id: int) -> str | None:
    return house.read(lambda tx: tx.find(Message, message_id)).match_reason


def lines(house: House, conversation_id: int) -> list[str]:
    return [type for type in house.events(conversation_id) if type.startswith("conversation.")]


def split(house: House, message_id: int) -> int:
    return house.write(lambda tx: splitting.split(tx, tx.find(Message, message_id)), by=house.bruno).id


def move(house: House, message_id: int, conversation_id: int) -> None:
    house.write(
        lambda tx: splitting.move(tx, tx.find(Message, message_id), tx.find(Conversation, conversation_id)),
        by=house.bruno,
    )


def place_of(house: House, message_id: int) -> int:
    return house.read(lambda tx: tx.find(Message, message_id)).conversation_id


def test_an_outsider_opens_a_conversation_that_says_where_they_came_from(house: House) -> None:
    first = house.receive(header_id="<first@x.example>")

    stranger = house.receive(in_reply_to=("<first@x.example>",), sender=SPY)

    apart = house.conversation(stranger.conversation_id)
    assert apart.id != first.conversation_id
    assert apart.origin_id == first.conversation_id
    assert lines(house, apart.id) == lines(house, first.conversation_id) == ["conversation.linked"]


def test_an_old_mail_reused_for_another_subject_is_apart_and_linked(house: House) -> None:
    first = house.receive(header_id="<first@x.example>")

    other = house.receive(subject="Facture FA-1190", references=("<first@x.example>",))

    assert house.conversation(other.conversation_id).origin_id == first.conversation_id
    assert reason(house, other.message_id) == "new"


def test_in_reply_to_alone_is_trusted_whatever_the_subject(house: House) -> None:
    first = house.receive(header_id="<first@x.example>")

    again = house.receive(subject="Autre chose", in_reply_to=("<unknown@x.example>", "<first@x.example>"))

    assert again.conversation_id == first.conversation_id
    assert reason(house, again.message_id) == "in_reply_to"


def test_a_colleague_of_ours_may_answer_in_any_conversation(house: House) -> None:
    first = house.receive(header_id="<first@x.example>")

    mail = house.receive(in_reply_to=("<first@x.example>",), sender=Person("bruno@pieces.example", "Bruno"))
    forged = house.receive(
        in_reply_to=("<first@x.example>",), sender=Person("bruno@pieces.example", "Bruno"), is_forged=True
    )

    assert mail.conversation_id == first.conversation_id
    # Bruno has written there by now: only the forged mail's own words decide.
    assert forged.conversation_id == first.conversation_id


def test_the_nearest_mail_that_we_know_decides(house: House) -> None:
    old = house.receive(header_id="<old@x.example>", subject="Plaquettes")
    house.receive(header_id="<new@x.example>", subject="Disques")

    again = house.receive(
        subject="Re: Plaquettes", references=("<new@x.example>", "<gone@x.example>", "<old@x.example>")
    )

    assert again.conversation_id == old.conversation_id
    assert reason(house, again.message_id) == "references"


def test_a_token_in_the_address_brings_the_mail_home(house: House) -> None:
    first = house.receive()
    key = house.services.secrets.key("threads")
    address = threads.plus_address(key, first.conversation_id, "sav@pieces.example")

    again = house.receive(subject="Sans rapport", to=(Person(address.upper().lower()),), sender=SPY)
    forged = house.receive(subject="Sans rapport", to=(Person(address.replace("+c.", "+c.1")),), sender=SPY)

    assert again.conversation_id == first.conversation_id
    assert reason(house, again.message_id) == "token"
    assert forged.conversation_id != first.conversation_id


def test_a_reply_that_a_server_renamed_is_known_by_both_names(house: House) -> None:
    first = house.receive()
    ours = answer(house, first.conversation_id)

    copy = house.receive(header_id="<renamed@outlook.example>", own_id=ours.header_id, sender=SAV)
    again = house.receive(subject="Tout autre", in_reply_to=("<renamed@outlook.example>",))

    assert (copy.is_new, copy.message_id) == (False, ours.id)
    assert again.conversation_id == first.conversation_id


def test_an_answer_that_comes_before_its_mail_waits_for_it(house: House) -> None:
    child = house.receive(
        subject="Re: Devis 7",
        in_reply_to=("<parent@x.example>",),
        sender=PAUL,
        to=(LEA, SAV),
        header_id="<child@x.example>",
    )

    parent = house.receive(subject="Devis 7", header_id="<parent@x.example>", to=(PAUL, SAV))

    assert parent.conversation_id == child.conversation_id
    assert reason(house, parent.message_id) == "awaited"


def test_the_mail_between_two_conversations_makes_them_one(house: House) -> None:
    first = house.receive(subject="Devis 7", header_id="<1@x.example>", to=(PAUL, SAV))
    third = house.receive(
        subject="Re: Devis 7", header_id="<3@x.example>", in_reply_to=("<2@x.example>",), sender=PAUL, to=(LEA, SAV)
    )
    assert third.conversation_id != first.conversation_id

    second = house.receive(
        subject="Re: Devis 7", header_id="<2@x.example>", in_reply_to=("<1@x.example>",), to=(PAUL, SAV)
    )

    assert second.conversation_id == place_of(house, third.message_id) == first.conversation_id
    with pytest.raises(NotFound):
        house.conversation(third.conversation_id)


def test_a_conversation_somebody_works_in_is_linked_and_not_swallowed(house: House) -> None:
    first = house.receive(subject="Devis 7", header_id="<1@x.example>", to=(PAUL, SAV))
    third = house.receive(subject="Re: Devis 7", in_reply_to=("<2@x.example>",), sender=PAUL, to=(LEA, SAV))
    house.write(lambda tx: assigning.assign(tx, tx.find(Conversation, third.conversation_id), member_id=house.bruno.id))

    house.receive(subject="Re: Devis 7", header_id="<2@x.example>", in_reply_to=("<1@x.example>",), to=(PAUL, SAV))

    assert place_of(house, third.message_id) == third.conversation_id
    assert house.conversation(third.conversation_id).origin_id == first.conversation_id


# -- a member knows better


def thread_of_four(house: House) -> list[int]:
    """Léa asks; we answer; she answers with another matter; we answer that. The ids of the messages."""
    first = house.receive(header_id="<1@x.example>", subject="Plaquettes")
    ours = answer(house, first.conversation_id)
    third = house.receive(
        header_id="<3@x.example>", subject="Re: Plaquettes", in_reply_to=(ours.header_id,), text="Et ma facture ?"
    )
    house.clock.forward(minutes=5)
    fourth = answer(house, first.conversation_id)
    return [first.message_id, ours.id, third.message_id, fourth.id]


def test_a_mail_is_split_with_what_answers_it(house: House) -> None:
    first, second, third, fourth = thread_of_four(house)
    before = place_of(house, first)

    fresh = split(house, third)

    assert [place_of(house, id) for id in (first, second, third, fourth)] == [before, before, fresh, fresh]
    old, new = house.conversation(before), house.conversation(fresh)
    assert (new.subject, new.origin_id, new.last_incoming_id) == ("Plaquettes", before, third)
    assert new.assignee_id == house.bruno.id
    assert old.last_incoming_id == first and old.preview == "Oui."
    assert lines(house, before)[-1] == "conversation.moved_out"
    assert lines(house, fresh) == ["conversation.moved_in"]
    assert reason(house, third) == "moved"


def test_later_answers_follow_the_message_they_answer(house: House) -> None:
    first, second, third, fourth = thread_of_four(house)
    fresh = split(house, third)
    ours = house.read(lambda tx: tx.find(Message, fourth))
    older = house.read(lambda tx: tx.find(Message, second))

    to_moved = house.receive(in_reply_to=(ours.header_id or "",), references=(older.header_id or "",))
    to_kept = house.receive(in_reply_to=(older.header_id or "",))

    assert to_moved.conversation_id == fresh
    assert to_kept.conversation_id == place_of(house, first)


def test_moving_back_undoes_it_and_the_empty_conversation_is_gone_for_every_browser(house: House) -> None:
    _, _, third, fourth = thread_of_four(house)
    before = place_of(house, third)
    seen = house.conversation(before).last_incoming_id
    fresh = split(house, third)
    position = house.read(lambda tx: tx.log_position())

    move(house, third, before)

    assert place_of(house, third) == place_of(house, fourth) == before
    assert house.conversation(before).last_incoming_id == seen
    frame = house.read(lambda tx: truth.frame_since(tx, position, tx.actor), by=house.bruno)
    assert frame.drop.conversations == [fresh]
    assert {message.id for message in frame.put.messages} == {third, fourth}


def test_the_first_mail_with_everything_behind_it_is_not_split(house: House) -> None:
    first, *_ = thread_of_four(house)

    with pytest.raises(WholeConversation):
        split(house, first)


def test_a_mail_stays_in_its_mailbox(house: House) -> None:
    mine = house.receive()
    theirs = house.receive(house.achats)

    with pytest.raises(CannotMove):
        move(house, mine.message_id, theirs.conversation_id)


def test_ids_that_point_at_each_other_do_not_turn_in_circles(house: House) -> None:
    one = house.receive(header_id="<a@x.example>", in_reply_to=("<b@x.example>", "<a@x.example>"), subject="Boucle")
    two = house.receive(header_id="<b@x.example>", in_reply_to=("<a@x.example>",), references=("<b@x.example>",))
    house.receive(subject="Re: Boucle")

    fresh = split(house, two.message_id)

    assert place_of(house, one.message_id) == place_of(house, two.message_id) == fresh


# -- any order


@st.composite
def mailings(draw: st.DrawFn) -> tuple[list[dict[str, object]], list[int]]:
    """One thread as programs write it: a tree; each mail names its parent, or its whole chain, or some of it. And an order
    of arrival in which some come twice."""
    count = draw(st.integers(2, 6))
    mails: list[dict[str, object]] = []
    chains: list[tuple[str, ...]] = []
    for number in range(count):
        parent = None if not number else draw(st.integers(0, number - 1))
        chain = () if parent is None else (*chains[parent], f"<{parent}@x.example>")
        chains.append(chain)
        has_chain, has_parent = draw(st.sampled_from([(True, True), (False, True), (True, False)]))
        sender, other = draw(st.sampled_from([(LEA, PAUL), (PAUL, LEA)]))
        mails.append(
            {
                "external_id": f"print-{number}",
                "header_id": f"<{number}@x.example>",
                "subject": "Devis commun"
                if parent is None
                else draw(st.sampled_from(["Re: Devis commun", "RE : Devis commun"])),
                "sender": sender,
                "to": (SAV, other),
                "in_reply_to": chain[-1:] if has_parent else (),
                "references": chain if has_chain else (),
                "at": datetime(2026, 11, 24, 8, tzinfo=UTC) + timedelta(minutes=number),
            }
        )
    order = draw(st.permutations([*range(count), *draw(st.lists(st.integers(0, count - 1), max_size=3))]))
    return mails, list(order)


@given(mailings())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_threads_in_any_order_and_doubled_end_in_one_conversation(
    house: House, mailing: tuple[list[dict[str, object]], list[int]]
) -> None:
    mails, order = mailing

    try:
        for index in order:
            house.receive(**mails[index])
        found = house.read(lambda tx: tx.rows("SELECT count(*) FROM messages GROUP BY conversation_id"))
    finally:
        house.write(_empty)
    assert found == [(len(mails),)]


def _empty(tx: Transaction) -> None:
    for table in ("message_search", "awaited_mails", "messages", "conversations", "events", "identities"):
        tx.execute(f"DELETE FROM {table}")
    for table in ("contact_words", "contacts"):
        tx.execute(f"DELETE FROM {table}")
