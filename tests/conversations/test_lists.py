"""The list shows each member what is theirs to see, whole, in order, without a row twice or missing."""

from collections.abc import Iterator

import pytest

from comptoir.channels.models import Channel
from comptoir.conversations import assigning, lists, reading, resolving, thread
from comptoir.conversations.models import Conversation
from comptoir.conversations.schemas import ConversationRow
from comptoir.conversations.search import searching
from comptoir.foundation.errors import NotFound
from comptoir.team.models import Member
from tests.house import House


def walk(
    house: House, member: Member, tab: str = "all", status: str = "open", limit: int = 3
) -> Iterator[ConversationRow]:
    cursor: str | None = None
    while True:
        page = house.read(
            lambda tx, cursor=cursor: lists.page(tx, tab=tab, status=status, cursor=cursor, limit=limit), by=member
        )
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


@pytest.fixture
def ten(house: House) -> list[int]:
    """Ten conversations, a minute apart, every third in `achats`; the last one of each pair at the same moment."""
    ids = []
    for number in range(10):
        ids.append(
            house.receive(house.achats if number % 3 == 0 else house.sav, subject=f"Sujet {number}").conversation_id
        )
        if number % 2:
            house.clock.forward(minutes=1)
    return ids


def test_every_page_goes_on_where_the_one_before_ended(house: House, ten: list[int]) -> None:
    assert [row.id for row in walk(house, house.chloe)] == sorted(ten, reverse=True)


def test_members_see_their_channels_and_no_other(house: House, ten: list[int]) -> None:
    hidden = {id for number, id in enumerate(ten) if number % 3 == 0}

    assert {row.id for row in walk(house, house.bruno)} == set(ten) - hidden
    assert {row.id for row in walk(house, house.anne, status="any")} == set(ten) - hidden, (
        "an owner sees what they are a member of"
    )
    for id in hidden:
        with pytest.raises(NotFound):
            house.read(lambda tx, id=id: thread.read(tx, id), by=house.bruno)
        with pytest.raises(NotFound):
            house.read(lambda tx, id=id: thread.find(tx, id), by=house.bruno)


def test_tabs_and_statuses(house: House, ten: list[int]) -> None:
    house.write(lambda tx: assigning.assign(tx, tx.find(Conversation, ten[1]), member_id=house.chloe.id))
    house.write(lambda tx: assigning.assign(tx, tx.find(Conversation, ten[2]), member_id=house.bruno.id))
    house.write(lambda tx: resolving.resolve(tx, tx.find(Conversation, ten[3])))

    assert [row.id for row in walk(house, house.chloe, "mine")] == [ten[1]]
    assert {row.id for row in walk(house, house.chloe, "unassigned")} == set(ten) - {ten[1], ten[2], ten[3]}
    assert [row.id for row in walk(house, house.chloe, status="resolved")] == [ten[3]]
    assert {row.id for row in walk(house, house.chloe, status="any")} == set(ten)
    counts = house.read(lambda tx: lists.counts(tx, status="open"), by=house.chloe)
    assert (counts.mine, counts.unassigned, counts.all, counts.unread) == (1, 7, 9, 8)


def test_reading_goes_forward_and_is_ones_own(house: House) -> None:
    landed = house.receive()
    for upto in (landed.message_id, 0, 999_999):
        house.write(
            lambda tx, upto=upto: reading.read(tx, tx.find(Conversation, landed.conversation_id), upto=upto),
            by=house.bruno,
        )

    assert house.read(lambda tx: lists.counts(tx, status="open"), by=house.bruno).unread == 0
    assert house.read(lambda tx: lists.counts(tx, status="open"), by=house.chloe).unread == 1
    page = house.read(lambda tx: lists.page(tx, tab="all", status="open", cursor=None), by=house.bruno)
    assert [(r.conversation_id, r.upto) for r in page.readings] == [(landed.conversation_id, landed.message_id)]
    assert house.events(landed.conversation_id) == ["message.received", "conversation.read"]


def test_a_bad_cursor_is_told(house: House) -> None:
    with pytest.raises(lists.BadCursor):
        house.read(lambda tx: lists.page(tx, tab="all", status="open", cursor="1.2.3"), by=house.bruno)


@pytest.mark.parametrize(
    "query",
    ["plaquettes", "PLAQUÉTTES", "plaq", "0986494123", "0 986-494.123", "morel plaquettes", "lea@garage-morel.example"],
)
def test_search_finds_words_beginnings_accents_part_numbers_and_people(house: House, query: str) -> None:
    landed = house.receive()
    house.receive(subject="Autre", text="Rien à voir", sender=incoming_other())

    hits = house.read(lambda tx: searching.search(tx, query), by=house.bruno).hits

    assert [hit.message_id for hit in hits] == [landed.message_id]


def incoming_other() -> object:
    from comptoir.channels.port import Person

    return Person("max@ailleurs.example", "Max")


def test_search_stays_inside_what_a_member_sees(house: House) -> None:
    landed = house.receive(house.achats)

    assert house.read(lambda tx: searching.search(tx, "plaquettes"), by=house.bruno).hits == []
    assert [
        hit.message_id for hit in house.read(lambda tx: searching.search(tx, "plaquettes"), by=house.chloe).hits
    ] == [landed.message_id]


def test_search_pages_newest_first_and_marks_what_it_found(house: House) -> None:
    ids = [house.receive(text=f"Référence n° {n}, en stock ?").message_id for n in range(30)]

    first = house.read(lambda tx: searching.search(tx, "stock reference"), by=house.bruno)
    second = house.read(lambda tx: searching.search(tx, "stock reference", cursor=int(first.next or 0)), by=house.bruno)

    assert [hit.message_id for hit in first.hits + second.hits] == ids[::-1]
    assert "\x01Référence\x02" in first.hits[0].excerpt
    assert second.next is None


@pytest.mark.parametrize("query", ["", "   ", "'", '"', "a:b AND (", "* NEAR", "x' & !y", "\x00", "é" * 200])
def test_no_query_is_an_error(house: House, query: str) -> None:
    house.receive()

    house.read(lambda tx: searching.search(tx, query), by=house.bruno)


def test_a_disconnected_mailbox_is_hidden_with_all_that_is_in_it(house: House) -> None:
    landed = house.receive()
    house.write(lambda tx: setattr(tx.find(Channel, house.sav.id), "disconnected_at", tx.now))

    assert [row.id for row in walk(house, house.bruno)] == []
    with pytest.raises(NotFound):
        house.read(lambda tx: thread.read(tx, landed.conversation_id), by=house.bruno)
