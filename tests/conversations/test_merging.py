"""Two conversations become one, and two again: nothing lost, nothing shown twice, every old address still leads somewhere."""

from typing import Any

import pytest

from comptoir.conversations import labelling, lists, reading, resolving, splitting, thread, truth, writing
from comptoir.conversations.answering import drafting
from comptoir.conversations.answering.schemas import DraftContent
from comptoir.conversations.errors import CannotMerge, CannotUnmerge, NotMerged
from comptoir.conversations.handling import candidates, merging, participating, prioritizing
from comptoir.conversations.models import Conversation, Message, Priority, Status
from comptoir.conversations.search import searching
from comptoir.foundation.transaction import Transaction
from comptoir.labels import editing as labels
from comptoir.labels.models import Label
from comptoir.team.models import Member
from tests.house import House


def _merge(house: House, source: int, target: int) -> None:
    house.write(
        lambda tx: merging.merge(tx, tx.find(Conversation, source), tx.find(Conversation, target)), by=house.anne
    )


def _unmerge(house: House, source: int) -> None:
    house.write(lambda tx: merging.unmerge(tx, merging.find_merged(tx, source)), by=house.anne)


def _thread(house: House, id: int, by: Member | None = None) -> Any:
    return house.read(lambda tx: thread.read(tx, id), by=by or house.bruno)


def _ids(house: House) -> list[int]:
    page = house.read(lambda tx: lists.page(tx, tab="all", status="any", cursor=None), by=house.bruno)
    return [row.id for row in page.rows]


def _do(house: House, id: int, act: Any, *given: Any, by: Member | None = None) -> Any:
    return house.write(lambda tx: act(tx, tx.find(Conversation, id), *given), by=by or house.anne)


def _label(house: House, name: str) -> int:
    return house.write(lambda tx: labels.create(tx, name=name, colour=None).id, by=house.anne)


def _state(house: House) -> dict[str, list[tuple[Any, ...]]]:
    """All that a merge may touch, to compare."""
    queries = {
        "conversations": "SELECT id, status, assignee_id, priority, snoozed_until, last_at, preview, waiting_since,"
        " last_incoming_id, has_files, merged_into_id, resolved_at FROM conversations ORDER BY id",
        "messages": "SELECT id, conversation_id, match_reason, client_id FROM messages ORDER BY id",
        "labels": "SELECT conversation_id, label_id FROM conversation_labels ORDER BY 1, 2",
        "participants": "SELECT conversation_id, member_id FROM participants ORDER BY 1, 2",
        "readings": "SELECT conversation_id, member_id, upto FROM readings ORDER BY 1, 2",
        "drafts": "SELECT conversation_id, member_id, mode, content FROM drafts ORDER BY 1, 2, 3",
        "events": "SELECT id, conversation_id FROM events WHERE message_id IS NOT NULL ORDER BY id",
        "search": "SELECT id FROM messages ORDER BY id",
    }
    return house.read(lambda tx: {name: tx.rows(query) for name, query in queries.items()})


@pytest.fixture
def two(house: House) -> tuple[int, int]:
    """Léa wrote twice: about brake pads, which Bruno works on, and about a delivery, which is resolved."""
    source = house.receive().conversation_id
    house.clock.forward(minutes=5)
    target = house.receive(subject="Livraison de mardi").conversation_id
    _do(house, source, writing.note, writing.Words(client_id="note-1-anne", text="Vu avec le dépôt"))
    urgent, paid = _label(house, "Urgent"), _label(house, "Payé")
    for id, label in ((source, urgent), (source, paid), (target, paid)):
        house.write(
            lambda tx, id=id, label=label: labelling.label(tx, tx.find(Conversation, id), tx.find(Label, label))
        )
    _do(house, source, prioritizing.prioritize, Priority.HIGH)
    _do(house, source, participating.follow, house.bruno.id)
    _do(house, target, resolving.resolve)
    _keep(house, source, "Les plaquettes partent ce soir")
    for id, member in ((source, house.anne), (target, house.bruno)):
        house.write(lambda tx, id=id: reading.read(tx, tx.find(Conversation, id), upto=999), by=member)
    return source, target


def _keep(house: House, id: int, text: str) -> None:
    content = DraftContent(text=text)
    house.write(lambda tx: drafting.keep(tx, tx.find(Conversation, id), "reply", content, known=0), by=house.bruno)


def test_merge_brings_all_of_it_and_undo_is_the_exact_inverse(house: House, two: tuple[int, int]) -> None:
    source, target = two
    before = _state(house)
    _merge(house, source, target)

    seen = _thread(house, target)
    assert len(seen.messages) == 3 and seen.conversation.status == "open"
    assert [pill.name for pill in seen.conversation.labels] == ["Payé", "Urgent"]
    assert seen.conversation.priority == "high"
    assert {"conversation.prioritized", "conversation.merged_in"} <= {line.type for line in seen.activities}
    assert seen.activities[-1].data["can_undo"] is True
    assert _ids(house) == [target]
    assert house.bruno.id in house.read(lambda tx: participating.participants(tx, target))
    drafts = house.read(lambda tx: drafting.drafts_of(tx, tx.find(Conversation, target)), by=house.bruno)
    assert [draft.content.text for draft in drafts] == ["Les plaquettes partent ce soir"]

    _unmerge(house, source)
    assert _state(house) == before
    assert _thread(house, target).activities[-1].type == "conversation.unmerged"
    assert sorted(_ids(house)) == sorted(two)
    with pytest.raises(NotMerged):
        _unmerge(house, source)


def test_the_old_number_leads_to_where_it_is_now_however_often_it_was_merged(
    house: House, two: tuple[int, int]
) -> None:
    source, target = two
    last = house.receive(subject="Facture").conversation_id
    _merge(house, source, target)
    _merge(house, target, last)

    for id in (source, target):
        assert _thread(house, id).conversation.id == last
        assert house.read(lambda tx, id=id: thread.find(tx, id), by=house.bruno).id == last
    with pytest.raises(CannotUnmerge):
        _unmerge(house, source)
    _unmerge(house, target)
    _unmerge(house, source)
    assert sorted(_ids(house)) == sorted([source, target, last])


def test_what_answers_it_lands_where_it_is_now(house: House, two: tuple[int, int]) -> None:
    source, target = two
    first = _thread(house, source).messages[0].id
    header = house.read(lambda tx: tx.find(Message, first)).header_id
    reply = _reply(house, source, "reponse-1-anne")
    _merge(house, source, target)

    by_header = house.receive(in_reply_to=(header,), subject="Re: Plaquettes 0 986 494 123")
    by_token = house.receive(in_reply_to=("<rewritten@x.example>",), references=(reply.header_id,))
    by_subject = house.receive(subject="Re: Livraison de mardi")
    assert {by_header.conversation_id, by_token.conversation_id, by_subject.conversation_id} == {target}
    hits = house.read(lambda tx: searching.search(tx, "0986494123"), by=house.bruno).hits
    assert {hit.conversation.id for hit in hits} == {target}


def test_undone_after_an_answer_each_gets_what_is_its_own(house: House, two: tuple[int, int]) -> None:
    source, target = two
    header = house.read(lambda tx: tx.find(Message, _first(tx, source))).header_id
    other = house.read(lambda tx: tx.find(Message, _first(tx, target))).header_id
    _merge(house, source, target)
    mine = house.receive(in_reply_to=(header,), subject="Re: Plaquettes 0 986 494 123").message_id
    theirs = house.receive(in_reply_to=(other,), subject="Re: Livraison de mardi").message_id
    _do(house, target, prioritizing.prioritize, Priority.URGENT)
    _unmerge(house, source)

    assert mine in [message.id for message in _thread(house, source).messages]
    assert theirs in [message.id for message in _thread(house, target).messages]
    assert house.conversation(target).priority == "urgent", "what somebody changed since stays"


def test_a_merge_whose_messages_went_elsewhere_cannot_be_undone_and_says_so(house: House, two: tuple[int, int]) -> None:
    source = house.receive(subject="Doublon").conversation_id
    message = house.read(lambda tx: _first(tx, source))
    _merge(house, source, two[1])
    house.write(lambda tx: splitting.split(tx, tx.find(Message, message)), by=house.anne)
    with pytest.raises(CannotUnmerge):
        _unmerge(house, source)
    assert _thread(house, source).conversation.id == two[1]


def test_two_drafts_of_one_member_are_one_and_two_again(house: House, two: tuple[int, int]) -> None:
    source, target = two
    _keep(house, target, "Mardi, c’est noté")
    before = _state(house)["drafts"]
    _merge(house, source, target)
    [draft] = house.read(lambda tx: drafting.drafts_of(tx, tx.find(Conversation, target)), by=house.bruno)
    assert draft.content.text == "Les plaquettes partent ce soir\n\nMardi, c’est noté"
    _unmerge(house, source)
    assert _state(house)["drafts"] == before


def test_what_is_unread_in_either_is_unread_in_both(house: House, two: tuple[int, int]) -> None:
    source, target = two
    _merge(house, source, target)
    row = house.conversation(target)
    readings = house.read(
        lambda tx: dict(tx.rows("SELECT member_id, upto FROM readings WHERE conversation_id = :id", id=target))
    )
    assert readings[house.bruno.id] < row.last_incoming_id, "he had read one of them only"


def test_browsers_are_told_to_drop_the_one_and_to_show_it_again(house: House, two: tuple[int, int]) -> None:
    source, target = two
    start = house.read(lambda tx: tx.log_position())
    _merge(house, source, target)
    frame = _frame(house, start)
    assert frame.drop.conversations == [source] and [row.id for row in frame.put.conversations] == [target]
    _unmerge(house, source)
    frame = _frame(house, start)
    assert frame.drop.conversations == [] and {row.id for row in frame.put.conversations} == set(two)


def test_only_conversations_of_one_mailbox_are_merged(house: House, two: tuple[int, int]) -> None:
    elsewhere = house.receive(house.achats).conversation_id
    for source, target in ((two[0], elsewhere), (two[0], two[0])):
        with pytest.raises(CannotMerge):
            _merge(house, source, target)


def test_the_contacts_others_are_offered_and_more_are_found(house: House, two: tuple[int, int]) -> None:
    source, target = two
    house.receive(house.achats, subject="Livraison de mardi")

    def offered(query: str) -> list[int]:
        found = house.read(lambda tx: candidates.candidates(tx, tx.find(Conversation, source), query), by=house.chloe)
        return [row.id for row in found]

    assert offered("") == [target] and offered("livraison") == [target] and offered("0986494123") == []


def _first(tx: Transaction, id: int) -> int:
    return int(tx.value("SELECT min(id) FROM messages WHERE conversation_id = :id", id=id))


def _frame(house: House, since: int) -> truth.Frame:
    actor = house.actor(house.bruno)
    return house.read(lambda tx: truth.frame_since(tx, since, actor))


def _reply(house: House, id: int, client_id: str) -> Message:
    words = writing.Words(client_id=client_id, text="Oui", to=[writing.Person("lea@garage-morel.example", "Léa")])
    key = house.services.secrets.key("threads")
    return house.write(
        lambda tx: writing.reply(tx, tx.find(Conversation, id), words, token_key=key).message, by=house.anne
    )


def test_status_of_the_merged_one_is_kept_for_the_undo(house: House, two: tuple[int, int]) -> None:
    source, target = two
    _do(house, source, resolving.resolve)
    _merge(house, source, target)
    assert house.conversation(target).status == Status.RESOLVED
    _unmerge(house, source)
    assert house.conversation(source).status == Status.RESOLVED
