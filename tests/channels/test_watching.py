"""A mailbox says how it is: once when something changes, and not at every breath."""

from comptoir.channels import watching
from comptoir.channels.models import Channel
from tests.house import House


def connected(house: House) -> None:
    house.write(lambda tx: watching.connected(tx, tx.find(Channel, house.sav.id)))


def in_trouble(house: House, code: str = "refused", detail: str = "Connection refused") -> None:
    house.write(
        lambda tx: watching.in_trouble(tx, tx.find(Channel, house.sav.id), code=code, detail=detail, side="imap")
    )


def sav(house: House) -> Channel:
    return house.read(lambda tx: tx.find(Channel, house.sav.id))


def test_the_same_trouble_again_is_no_news_and_another_one_is(house: House) -> None:
    in_trouble(house)
    in_trouble(house)
    in_trouble(house, "sign_in_failed", "[AUTHENTICATIONFAILED]")
    channel = sav(house)
    assert (channel.health, channel.trouble_code, channel.trouble_detail, channel.trouble_side) == (
        "failing",
        "sign_in_failed",
        "[AUTHENTICATIONFAILED]",
        "imap",
    )
    assert house.events() == ["channel.failing", "channel.failing"]


def test_a_mailbox_that_answers_again_is_well_and_says_so_once(house: House) -> None:
    in_trouble(house)
    connected(house)
    connected(house)
    channel = sav(house)
    assert (channel.health, channel.trouble_code, channel.trouble_detail) == ("connected", None, None)
    assert house.events() == ["channel.failing", "channel.connected_again"]


def test_being_in_step_is_noted_once_a_minute_without_an_event(house: House) -> None:
    connected(house)
    first = sav(house).checked_at
    house.clock.forward(seconds=30)
    connected(house)
    assert sav(house).checked_at == first
    house.clock.forward(seconds=31)
    connected(house)
    assert sav(house).checked_at == house.clock()
    assert house.events() == []


def test_a_disconnected_mailbox_has_no_trouble_any_more(house: House) -> None:
    house.write(lambda tx: tx.execute("UPDATE channels SET disconnected_at = 1 WHERE id = :id", id=house.sav.id))
    in_trouble(house)
    assert house.events() == []
