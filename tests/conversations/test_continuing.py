"""A customer comes back after it was resolved: the same conversation, or a new one that knows the old one, as the channel says."""

from datetime import timedelta

import pytest

from comptoir.channels import reopening
from comptoir.channels.models import Channel
from comptoir.conversations import resolving, thread
from comptoir.conversations.models import Conversation, Message, Status
from comptoir.foundation.errors import NotAllowed
from tests.conversations.test_hearing import hear, number, says  # noqa: F401
from tests.house import House


def _policy(house: House, channel: Channel, days: int | None) -> None:
    house.write(lambda tx: reopening.reopen_within(tx, tx.find(Channel, channel.id), days), by=house.anne)


def _again(house: House, header: str, **mail: object) -> int:
    sav = house.read(lambda tx: tx.find(Channel, house.sav.id))
    return house.receive(sav, in_reply_to=(header,), subject="Re: Plaquettes 0 986 494 123", **mail).conversation_id


@pytest.fixture
def resolved(house: House) -> tuple[int, str]:
    first = house.receive()
    house.write(lambda tx: resolving.resolve(tx, tx.find(Conversation, first.conversation_id)), by=house.bruno)
    return first.conversation_id, str(house.read(lambda tx: tx.find(Message, first.message_id)).header_id)


def test_by_default_it_is_opened_again_however_late(house: House, resolved: tuple[int, str]) -> None:
    house.clock.forward(days=300)
    assert _again(house, resolved[1]) == resolved[0]
    assert house.conversation(resolved[0]).status == Status.OPEN


def test_within_the_days_of_the_channel_it_is_opened_again(house: House, resolved: tuple[int, str]) -> None:
    _policy(house, house.sav, 7)
    house.clock.forward(days=6)
    assert _again(house, resolved[1]) == resolved[0]


def test_after_them_a_new_one_begins_and_each_names_the_other(house: House, resolved: tuple[int, str]) -> None:
    old, header = resolved
    _policy(house, house.sav, 7)
    house.clock.forward(days=7)
    new = _again(house, header)

    assert new != old and house.conversation(old).status == Status.RESOLVED
    for id, other in ((new, old), (old, new)):
        lines = house.read(lambda tx, id=id: thread.read(tx, id), by=house.bruno).activities
        assert (lines[-1].type, lines[-1].data["other_id"], lines[-1].data["why"]) == (
            "conversation.linked",
            other,
            "long_resolved",
        )
    assert _again(house, header) == new, "what comes next for the old one follows"
    house.write(lambda tx: resolving.resolve(tx, tx.find(Conversation, new)), by=house.bruno)
    house.clock.forward(days=2)
    assert _again(house, header) == new
    house.write(lambda tx: resolving.resolve(tx, tx.find(Conversation, new)), by=house.bruno)
    house.clock.forward(days=8)
    assert _again(house, header) not in (old, new)


def test_never_means_a_new_one_each_time_but_an_answer_machine_begins_none(
    house: House, resolved: tuple[int, str]
) -> None:
    _policy(house, house.sav, 0)
    assert _again(house, resolved[1], is_automatic=True) == resolved[0]
    house.write(lambda tx: resolving.resolve(tx, tx.find(Conversation, resolved[0])), by=house.bruno)
    assert _again(house, resolved[1]) != resolved[0]


def test_on_whatsapp_too(house: House, number: Channel) -> None:  # noqa: F811
    house.write(lambda tx: setattr(tx.find(Channel, number.id), "reopens_within", 7))
    number = house.read(lambda tx: tx.find(Channel, number.id))
    [first] = hear(house, number, says("wamid.1", "Bonjour"))
    old = house.read(lambda tx: tx.find(Message, first)).conversation_id
    house.write(lambda tx: resolving.resolve(tx, tx.find(Conversation, old)), by=house.anne)
    house.clock.forward(days=8)
    [second] = hear(house, number, says("wamid.2", "Re-bonjour", minutes=8 * 24 * 60))
    new = house.read(lambda tx: tx.find(Message, second)).conversation_id
    assert new != old and house.conversation(new).origin_id == old
    until = house.conversation(new).window_until
    assert until is not None and until > house.clock() + timedelta(hours=23)


def test_only_managers_change_it(house: House) -> None:
    with pytest.raises(NotAllowed):
        house.write(lambda tx: reopening.reopen_within(tx, tx.find(Channel, house.sav.id), 3), by=house.bruno)
