"""Priority, participants, spam and blocked senders: kept, silent, and taken back."""

import pytest

from comptoir.channels.port import Person
from comptoir.conversations import lists, resolving, thread, writing
from comptoir.conversations.errors import CannotFollow, NobodyToBlock
from comptoir.conversations.handling import blocking, participating, prioritizing, spamming
from comptoir.conversations.models import Conversation, Message, Priority, Status
from comptoir.conversations.schemas import ConversationRow
from comptoir.conversations.search import searching
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.team.models import Member
from tests.house import House


def _rows(house: House, status: str = "open", by: Member | None = None) -> list[ConversationRow]:
    return house.read(lambda tx: lists.page(tx, tab="all", status=status, cursor=None), by=by or house.bruno).rows


def _do(house: House, act, id: int, **given) -> None:  # type: ignore[no-untyped-def]
    house.write(lambda tx: act(tx, tx.find(Conversation, id), **given), by=house.anne)


def test_priority_is_on_the_row_and_in_the_timeline_once(house: House) -> None:
    id = house.receive().conversation_id
    _do(house, prioritizing.prioritize, id, priority=Priority.URGENT)
    _do(house, prioritizing.prioritize, id, priority=Priority.URGENT)

    assert _rows(house)[0].priority == "urgent"
    assert house.events(id).count("conversation.prioritized") == 1
    seen = house.read(lambda tx: thread.read(tx, id), by=house.bruno)
    assert seen.activities[-1].data == {"priority": "urgent", "before": "none"}


def test_spam_is_out_of_lists_and_counts_and_stays_so_whatever_comes(house: House) -> None:
    first = house.receive()
    id = first.conversation_id
    _do(house, spamming.mark, id)
    header = house.read(lambda tx: tx.find(Message, first.message_id)).header_id
    more = house.receive(in_reply_to=(header,), text="Et encore une offre unique")

    assert more.conversation_id == id
    assert _rows(house) == [] and _rows(house, "any") == []
    assert house.read(lambda tx: lists.counts(tx, status="open"), by=house.bruno).unread == 0
    assert [row.preview for row in _rows(house, "spam")] == ["Et encore une offre unique"]
    assert house.events(id) == ["message.received", "conversation.spammed", "message.noted"]


def test_spam_is_found_by_who_looks_for_it_and_by_nobody_else(house: House) -> None:
    id = house.receive(subject="Offre unique").conversation_id
    house.receive(subject="Offre de prix")
    _do(house, spamming.mark, id)

    def found(query: str) -> list[str]:
        hits = house.read(lambda tx: searching.search(tx, query), by=house.bruno).hits
        return [hit.conversation.subject for hit in hits]

    assert found("offre") == ["Offre de prix"]
    assert found("offre is:spam") == found("est:indésirable offre") == found("is:spam") == ["Offre unique"]
    assert found("is:urgent offre") == []


def test_spam_taken_out_is_open_and_its_customer_has_waited_all_along(house: House) -> None:
    id = house.receive().conversation_id
    waiting = house.conversation(id).waiting_since
    _do(house, spamming.mark, id)
    _do(house, spamming.unmark, id)
    again = house.conversation(id)
    assert (again.status, again.waiting_since) == (Status.OPEN, waiting)
    _do(house, spamming.mark, id)
    _do(house, resolving.reopen, id)
    assert house.conversation(id).status == Status.OPEN


def test_a_blocked_sender_is_kept_among_the_spam_and_calls_nobody_until_unblocked(house: House) -> None:
    old = house.receive().conversation_id
    _do(house, blocking.block, old)
    new = house.receive(subject="Offre du mois").conversation_id

    assert [row.id for row in _rows(house, "spam")] == [new, old]
    assert "message.received" not in house.events(new)
    [sender] = house.read(blocking.blocked_senders, by=house.bruno)
    assert (sender.address, sender.member_id) == ("lea@garage-morel.example", house.anne.id)

    house.write(lambda tx: blocking.unblock(tx, sender.id), by=house.anne)
    assert house.read(blocking.blocked_senders, by=house.bruno) == []
    third = house.receive(subject="Plaquettes, cette fois").conversation_id
    assert [row.id for row in _rows(house)] == [third]
    assert len(_rows(house, "spam")) == 2


def test_a_blocked_sender_in_a_thread_of_others_is_read_there_and_moves_nothing(house: House) -> None:
    spam = house.receive(sender=Person("promo@offres.example", "Promo"), subject="Promo")
    first = house.receive(cc=(Person("promo@offres.example", "Promo"),))
    header = house.read(lambda tx: tx.find(Message, first.message_id)).header_id
    _do(house, resolving.resolve, first.conversation_id)
    _do(house, blocking.block, spam.conversation_id)
    answer = house.receive(sender=Person("promo@offres.example", "Promo"), in_reply_to=(header,), text="Moi aussi !")

    assert answer.conversation_id == first.conversation_id
    there = house.conversation(first.conversation_id)
    assert there.status == Status.RESOLVED and there.last_incoming_id == first.message_id
    assert len(house.read(lambda tx: thread.read(tx, there.id), by=house.bruno).messages) == 2


def test_nobody_sees_who_is_blocked_in_a_channel_of_others(house: House) -> None:
    id = house.receive(house.achats).conversation_id
    house.write(lambda tx: blocking.block(tx, tx.find(Conversation, id)), by=house.chloe)
    [sender] = house.read(blocking.blocked_senders, by=house.chloe)
    assert house.read(blocking.blocked_senders, by=house.bruno) == []
    with pytest.raises(NotFound):
        house.write(lambda tx: blocking.unblock(tx, sender.id), by=house.bruno)


def test_there_is_nobody_to_block_where_nobody_wrote(house: House) -> None:
    def begin(tx: Transaction) -> int:
        conversation = tx.find(Conversation, house_id)
        tx.execute("UPDATE messages SET kind = 'note' WHERE conversation_id = :id", id=conversation.id)
        return conversation.id

    house_id = house.receive().conversation_id
    house.write(begin)
    with pytest.raises(NobodyToBlock):
        _do(house, blocking.block, house_id)


def test_who_writes_or_is_added_follows_and_may_stop(house: House) -> None:
    id = house.receive().conversation_id
    note = writing.Words(client_id="note-de-bruno", text="Je regarde")
    house.write(lambda tx: writing.note(tx, tx.find(Conversation, id), note), by=house.bruno)
    _do(house, participating.follow, id, member_id=house.chloe.id)
    _do(house, participating.follow, id, member_id=house.chloe.id)

    assert house.read(lambda tx: participating.participants(tx, id)) == [house.bruno.id, house.chloe.id]
    assert house.events(id).count("conversation.followed") == 1
    _do(house, participating.unfollow, id, member_id=house.bruno.id)
    assert house.read(lambda tx: participating.participants(tx, id)) == [house.chloe.id]


def test_nobody_follows_what_they_cannot_see(house: House) -> None:
    id = house.receive(house.achats).conversation_id
    with pytest.raises(CannotFollow):
        house.write(lambda tx: participating.follow(tx, tx.find(Conversation, id), house.bruno.id), by=house.chloe)
