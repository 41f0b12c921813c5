"""A flood of messages lands at once, and what is written is what one by one would have written."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from comptoir.channels.chat import Alias, AnyHappening, ChatReaction, Location, MediaRef, Party, PartyChanged
from comptoir.channels.models import Channel
from comptoir.conversations import hearing, landing, resolving, snoozing
from comptoir.conversations.handling import blocking
from comptoir.conversations.landing import Said
from comptoir.conversations.models import Conversation
from comptoir.conversations.search import searching
from comptoir.foundation.transaction import Transaction
from comptoir.notifications import choosing
from comptoir.notifications.schemas import Choices
from tests.conversations.test_hearing import NOON, receipt, says
from tests.gateway import switchboard
from tests.house import House


def person(n: int, name: str = "") -> Party:
    return Party((Alias("phone", f"3461000000{n}"),), name or f"Client {n}", "", f"3461000000{n}")


ANA, BOB, CLO, DAN, EVE, FAY, GIL = (person(n) for n in range(7))
ANA_AND_USER = Party((Alias("phone", "34610000000"), Alias("bsuid", "ES.9")), "Client 0", "", "34610000000")


@pytest.fixture
def numbers(house: House) -> tuple[Channel, Channel]:
    """The same people wrote to both before, and the team did the same with them."""
    found = [
        switchboard.connect(house.services, number_id=f"n{n}", address=f"+1555000{n}", account=f"a{n}") for n in "12"
    ]
    for number in found:
        before = [
            says(f"before{n}", "Bonjour", minutes=-120 + n, party=who)
            for n, who in enumerate((ANA, BOB, CLO, DAN, EVE, GIL))
        ]
        _one_by_one(house, number, before)
        _do(house, number, CLO, lambda tx, theirs: resolving.resolve(tx, theirs))
        _do(house, number, DAN, lambda tx, theirs: snoozing.snooze(tx, theirs, until=NOON + timedelta(days=1)))
        _do(house, number, EVE, blocking.block)
    house.write(lambda tx: choosing.choose(tx, Choices({"unassigned": ["app"]})), by=house.anne)
    return found[0], found[1]


def morning() -> list[AnyHappening]:
    """Plain words, and among them all that is not plain."""
    at = NOON - timedelta(minutes=20)
    photo = MediaRef(id="42", media_type="image/jpeg", name="photo.jpg")
    moved = Party((Alias("phone", "34619999999"),), "", "", "34619999999")
    return [
        says("a1", "Le disque 0 986-494.123 ?", minutes=-60, party=ANA),
        says("b1", "Bonjour à tous", minutes=-59, party=BOB),
        says("a2", "en stock ?", minutes=-58, party=ANA),
        says("c1", "encore moi", minutes=-57, party=CLO),
        says("d1", "encore moi", minutes=-56, party=DAN),
        says("e1", "achetez", minutes=-55, party=EVE),
        says("f1", "premier message", minutes=-54, party=FAY),
        says("a2", "en stock ?", minutes=-58, party=ANA),
        says("g2", "", minutes=-53, party=GIL, content=Location(43.6, 3.9, name="Garage du port")),
        says("g3", "et celui-ci", minutes=-52, party=GIL),
        says("before1", "Bonjour", minutes=-119, party=BOB),
        says("f2", "deuxième message", minutes=-51, party=FAY),
        says("g4", "demain ?", minutes=2, party=GIL, is_forwarded=True),  # a clock ahead of ours
        receipt("unknown", "read"),
        ChatReaction(number_id="", at=at, external_id="r", target_id="b1", emoji="👍", party=BOB),
        says("a3", "avec photo", minutes=-50, party=ANA, media=(photo,)),
        says("a4", "et son nom", minutes=-49, party=ANA_AND_USER),
        says("d2", "sous un autre numéro", minutes=-48, party=moved),
        PartyChanged(number_id="", at=at, external_id="p", before=DAN, after=moved),
    ]


def test_many_at_once_are_as_one_by_one(house: House, numbers: tuple[Channel, Channel]) -> None:
    one, other = numbers
    plain = house.rehearse(lambda tx: landing.land_plain(tx, [Said(other, said, None) for said in morning()]))
    assert [morning()[number].external_id for number in plain] == ["g2", "g3", "g4"]  # type: ignore[union-attr]
    _one_by_one(house, one, morning())
    _at_once(house, other, morning()[:-1])
    _at_once(house, other, morning()[-1:])  # two conversations become one: who was told of both before is told of both
    assert _written(house, one) == _written(house, other)


def test_plain_words_of_known_people_land_together(house: House, numbers: tuple[Channel, Channel]) -> None:
    plain = [says(f"p{n}", f"mot {n}", minutes=-30 + n, party=(ANA, BOB)[n % 2]) for n in range(6)]
    for number, hear in zip(numbers, (_one_by_one, _at_once), strict=True):
        hear(house, number, plain)
    assert _written(house, numbers[0]) == _written(house, numbers[1])
    said = [Said(numbers[0], one, None) for one in [*plain, *(says(f"q{n}", "mot", party=ANA) for n in range(4))]]
    landed = house.rehearse(lambda tx: landing.land_plain(tx, said))
    assert landed == {}, "ANA says again what is here: all of hers is left to one by one"
    landed = house.rehearse(lambda tx: landing.land_plain(tx, said[6:]))
    assert sorted(landed) == [0, 1, 2, 3]


def test_a_conversation_resolved_in_between_keeps_nothing_of_the_group(
    house: House, numbers: tuple[Channel, Channel], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = numbers[0]
    said = [Said(number, says(f"z{n}", "mot", minutes=-5, party=ANA), None) for n in range(3)]

    def resolved_meanwhile(tx: Transaction) -> None:
        plain = landing._plain(tx, number, said, {n: one.happening for n, one in enumerate(said)}, set())  # type: ignore[misc]
        tx.execute("UPDATE conversations SET status = 'resolved' WHERE id = :id", id=plain[0].place.id)
        landing._land(tx, number, plain)

    with pytest.raises(landing.MovedMeanwhile):
        house.write(resolved_meanwhile)
    assert house.read(lambda tx: tx.value("SELECT count(*) FROM messages WHERE external_id LIKE 'z%'")) == 0


# -- what was written, whatever the ids


def _one_by_one(house: House, number: Channel, happenings: Sequence[AnyHappening]) -> None:
    for one in happenings:
        house.write(lambda tx, one=one: hearing.hear(tx, number, one))  # type: ignore[misc]


def _at_once(house: House, number: Channel, happenings: Sequence[AnyHappening]) -> None:
    house.write(lambda tx: hearing.hear_all(tx, [Said(number, one, None) for one in happenings]))


def _do(house: House, number: Channel, who: Party, act: Callable[[Transaction, Conversation], object]) -> None:
    def work(tx: Transaction) -> None:
        id = tx.value(
            "SELECT c.id FROM conversations c JOIN identities i ON i.contact_id = c.contact_id"
            " WHERE c.channel_id = :channel AND i.value = :value",
            channel=number.id,
            value=who.aliases[0].value,
        )
        act(tx, tx.find(Conversation, id))

    house.write(work, by=house.anne)


def _written(house: House, number: Channel) -> dict[str, Any]:
    """Every row of that number, by people's names and the provider's ids."""
    others = {"id", "conversation_id", "channel_id", "contact_id", "version", "last_incoming_id", "message_id"}

    def work(tx: Transaction) -> dict[str, Any]:
        messages = tx.records("SELECT * FROM messages WHERE channel_id = :id ORDER BY external_id", id=number.id)
        names = {row["id"]: row["external_id"] for row in messages}
        conversations = tx.records(
            "SELECT p.address, c.* FROM conversations c LEFT JOIN contacts p ON p.id = c.contact_id"
            " WHERE c.channel_id = :id ORDER BY p.address, c.status, c.created_at",
            id=number.id,
        )
        places = {row["id"]: (row["address"], row["status"]) for row in conversations}
        events = tx.records("SELECT * FROM events WHERE channel_id = :id", id=number.id)
        told = tx.records(
            "SELECT n.* FROM notifications n JOIN conversations c ON c.id = n.conversation_id WHERE c.channel_id = :id",
            id=number.id,
        )
        found = [
            searching.search(tx, words).hits for words in ("0986494123", "port", "has:pj", "from:client stock", "avec")
        ]
        return {
            "conversations": [{k: v for k, v in row.items() if k not in others} for row in conversations],
            "last": [names.get(row["last_incoming_id"]) for row in conversations],
            "messages": [
                ({k: v for k, v in row.items() if k not in others | {"recipients"}}, places[row["conversation_id"]])
                for row in messages
            ],
            "events": sorted(
                (str(row["type"]), str(places.get(row["conversation_id"])), str(names.get(row["message_id"])))
                for row in events
            ),
            "found": [sorted(names[hit.message_id] for hit in hits if hit.message_id in names) for hits in found],
            "told": sorted(
                (row["member_id"], row["kind"], str(places[row["conversation_id"]]), row["count"]) for row in told
            ),
        }

    return house.read(work, by=house.anne)
