"""Who works in a mailbox, and what happens to their conversations when they no longer do."""

import asyncio

import pytest

from comptoir.channels import joining, queries
from comptoir.channels.errors import CannotJoin, LastMember
from comptoir.channels.models import Channel
from comptoir.conversations import assigning, releasing
from comptoir.conversations.models import Conversation
from comptoir.foundation.errors import NotAllowed
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.transaction import Event, Transaction
from comptoir.team.models import Member
from tests.house import House


def add(house: House, channel: Channel, member: Member, *, by: Member) -> None:
    house.write(lambda tx: joining.add_member(tx, tx.find(Channel, channel.id), member.id), by=by)


def remove(house: House, channel: Channel, member: Member, *, by: Member) -> None:
    house.write(lambda tx: joining.remove_member(tx, tx.find(Channel, channel.id), member.id), by=by)


def members(house: House, channel: Channel) -> list[int]:
    return house.read(lambda tx: queries.view(tx, tx.find(Channel, channel.id))).member_ids


def test_a_member_joins_a_mailbox_once(house: House) -> None:
    add(house, house.achats, house.bruno, by=house.anne)
    add(house, house.achats, house.bruno, by=house.anne)
    assert members(house, house.achats) == [house.bruno.id, house.chloe.id]
    assert house.events() == ["channel.member_added"]


def test_only_managers_decide_who_works_where(house: House) -> None:
    with pytest.raises(NotAllowed):
        add(house, house.achats, house.bruno, by=house.bruno)
    with pytest.raises(NotAllowed):
        remove(house, house.sav, house.chloe, by=house.bruno)


def test_somebody_who_left_the_team_does_not_come_back_this_way(house: House) -> None:
    house.write(lambda tx: tx.execute("UPDATE members SET is_active = false WHERE id = :id", id=house.bruno.id))
    with pytest.raises(CannotJoin):
        add(house, house.achats, house.bruno, by=house.anne)


def test_the_last_member_stays(house: House) -> None:
    with pytest.raises(LastMember):
        remove(house, house.achats, house.chloe, by=house.anne)
    assert members(house, house.achats) == [house.chloe.id]


def test_removing_somebody_who_is_not_there_is_no_news(house: House) -> None:
    remove(house, house.achats, house.bruno, by=house.anne)
    assert house.events() == []


def test_what_a_leaving_member_had_there_goes_back_to_everybody_one_event_each(house: House) -> None:
    here, elsewhere = house.receive(), house.receive(house.achats)

    def assign(tx: Transaction) -> None:
        for id in (here.conversation_id, elsewhere.conversation_id):
            assigning.assign(tx, tx.find(Conversation, id), member_id=house.chloe.id)

    house.write(assign)
    remove(house, house.sav, house.chloe, by=house.anne)
    event = house.read(lambda tx: tx.value("SELECT max(id) FROM events WHERE type = 'channel.member_removed'"))
    assert house.read(lambda tx: tx.find(Event, event)).data == {"member_id": house.chloe.id}

    asyncio.run(releasing.release(house.services, Job(1, "conversations.releasing.release", {"event_id": event}, 1)))

    assert house.conversation(here.conversation_id).assignee_id is None
    assert house.conversation(elsewhere.conversation_id).assignee_id == house.chloe.id
    assert house.events(here.conversation_id)[-1] == "conversation.assigned"
