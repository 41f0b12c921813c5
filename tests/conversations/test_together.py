"""Several people in one conversation: nobody answers past the other, notes call by name, unread again is one's own."""

import pytest

from comptoir.conversations import lists, reading, thread, writing
from comptoir.conversations.messages import messages_of
from comptoir.conversations.schemas import Mention, NewMention
from comptoir.conversations.together import mentioning, muting, stopping
from comptoir.conversations.together.errors import CannotMention, NewerMessages
from comptoir.conversations.together.presence import STAYS, WRITES, Presence, Sign, pack, unpack
from comptoir.conversations.together.schemas import Doing, Present
from comptoir.conversations.writing import Words
from comptoir.foundation.transaction import Transaction
from comptoir.team.models import Member, Team, TeamMember
from tests.house import Clock, House


def note(house: House, conversation_id: int, text: str, *, by: Member, mentions: list[NewMention] | None = None) -> int:
    words = Words(client_id=f"note-{text}"[:60], text=text, mentions=mentions or [])
    return house.write(lambda tx: writing.note(tx, thread.find(tx, conversation_id), words).message.id, by=by)


def stop(house: House, conversation_id: int, seen_id: int | None, *, by: Member, client_id: str = "reply-1234") -> None:
    house.read(
        lambda tx: stopping.stop_if_newer(tx, thread.find(tx, conversation_id), client_id=client_id, seen_id=seen_id),
        by=by,
    )


# -- stop-send


def test_a_reply_stops_when_the_customer_or_a_colleague_wrote_meanwhile(house: House) -> None:
    lea = house.receive()
    stop(house, lea.conversation_id, lea.message_id, by=house.chloe)

    noted = note(house, lea.conversation_id, "Je m'en occupe", by=house.bruno)
    more = house.receive(text="Alors ?", in_reply_to=(), subject="Plaquettes 0 986 494 123", references=())
    with pytest.raises(NewerMessages) as stopped:
        stop(house, lea.conversation_id, lea.message_id, by=house.chloe)

    assert [m.id for m in stopped.value.facts["messages"]][:1] == [noted]  # type: ignore[attr-defined]
    stop(house, lea.conversation_id, max(noted, more.message_id), by=house.chloe)


def test_what_one_wrote_oneself_stops_nobody_and_who_shows_no_thread_is_not_asked(house: House) -> None:
    lea = house.receive()
    note(house, lea.conversation_id, "Pour mémoire", by=house.chloe)

    stop(house, lea.conversation_id, lea.message_id, by=house.chloe)
    stop(house, lea.conversation_id, None, by=house.bruno)


# -- unread again


def test_unread_again_is_for_oneself_from_a_message_on_and_counts(house: House) -> None:
    lea = house.receive()
    for member in (house.anne, house.bruno):
        house.write(lambda tx: reading.read(tx, thread.find(tx, lea.conversation_id), upto=lea.message_id), by=member)
    assert house.read(lambda tx: lists.counts(tx, status="open"), by=house.anne).unread == 0

    house.write(lambda tx: reading.unread(tx, thread.find(tx, lea.conversation_id), since=None), by=house.anne)

    assert house.read(lambda tx: lists.counts(tx, status="open"), by=house.anne).unread == 1
    assert house.read(lambda tx: lists.counts(tx, status="open"), by=house.bruno).unread == 0
    assert house.events(lea.conversation_id)[-1] == "conversation.unread"
    house.write(lambda tx: reading.unread(tx, thread.find(tx, lea.conversation_id), since=None), by=house.anne)
    assert house.events(lea.conversation_id).count("conversation.unread") == 1, "already unread: nothing happened"


# -- notes that call by name


def test_a_note_calls_members_and_teams_by_reference(house: House) -> None:
    lea = house.receive()
    team = _team(house, "Comptoir", house.bruno)

    calls = [NewMention("member", house.bruno.id), NewMention("team", team), NewMention("member", house.bruno.id)]
    id = note(house, lea.conversation_id, "@Bruno Costa @Comptoir qui peut ?", by=house.chloe, mentions=calls)

    (view,) = house.read(lambda tx: messages_of(tx, [id]))
    assert view.mentions == [Mention("member", house.bruno.id, "Bruno Costa"), Mention("team", team, "Comptoir")]
    assert house.read(lambda tx: mentioning.called_members(tx, view.mentions)) == {house.bruno.id}


def test_who_could_not_read_the_note_cannot_be_called(house: House) -> None:
    secret = house.receive(house.achats)
    outsiders = _team(house, "Atelier", house.bruno)

    offered = house.read(lambda tx: mentioning.mentionable(tx, thread.find(tx, secret.conversation_id)), by=house.chloe)
    assert {(one.name, one.has_access) for one in offered} == {
        ("Anne Petit", False),
        ("Bruno Costa", False),
        ("Atelier", False),
    }
    for call in (NewMention("member", house.bruno.id), NewMention("team", outsiders)):
        with pytest.raises(CannotMention) as refused:
            note(house, secret.conversation_id, "@Bruno", by=house.chloe, mentions=[call])
        assert "n'a pas accès" in refused.value.sentence("fr")


def _team(house: House, name: str, *members: Member) -> int:
    def work(tx: Transaction) -> int:
        team = Team(name=name, created_at=tx.now)
        tx.add(team)
        tx.add(*(TeamMember(team_id=team.id, member_id=member.id) for member in members))
        return team.id

    return house.write(work)


# -- mute


def test_mute_is_ones_own_and_twice_is_once(house: House) -> None:
    lea = house.receive()
    for _ in range(2):
        house.write(lambda tx: muting.mute(tx, thread.find(tx, lea.conversation_id)), by=house.anne)
    assert house.read(muting.mutes, by=house.anne) == [lea.conversation_id]
    assert house.read(muting.mutes, by=house.bruno) == []
    assert house.events(lea.conversation_id).count("conversation.muted") == 1
    house.write(lambda tx: muting.unmute(tx, thread.find(tx, lea.conversation_id)), by=house.anne)
    assert house.read(muting.mutes, by=house.anne) == []


# -- presence


def test_presence_says_who_looks_and_who_writes_and_forgets_by_itself() -> None:
    presence, now = Presence(), Clock()()

    def say(member_id: int, doing: Doing | None, tab: str = "tab-1") -> bool:
        return presence.hear(unpack(pack(Sign(7, member_id, tab, doing))), now)

    assert say(1, "looking") and say(2, "reply")
    assert not say(1, "looking"), "the same again changes nothing"
    assert presence.of(7).members == [Present(1, "looking"), Present(2, "reply")]
    assert say(1, "note", tab="tab-2")
    assert presence.of(7).members[0] == Present(1, "note"), "one member, whatever the tabs"

    now += WRITES
    assert presence.expire(now) == [7]
    assert presence.of(7).members == [Present(1, "looking"), Present(2, "looking")]
    assert say(2, None)
    assert presence.conversations() == {7}
    now += STAYS
    assert presence.expire(now) == [7] and presence.of(7).members == [] and presence.expire(now) == []
