"""Whose a mail is: a customer's that a colleague forwarded, a person's who wrote to a group or through a form; never our own."""

import pytest

from comptoir.channels.port import Person
from comptoir.conversations import attributing, thread
from comptoir.conversations.errors import NotForwarded
from comptoir.conversations.messages import messages_of
from comptoir.conversations.models import Message
from comptoir.foundation.transaction import Transaction
from tests.house import House

BRUNO = Person("bruno@pieces.example", "Bruno Costa")
MARIE = Person("marie@client.example", "Marie Durand")
SAV = Person("sav@pieces.example", "SAV")


def contact(house: House, conversation_id: int) -> str | None:
    def look(tx: Transaction) -> str | None:
        return tx.value(
            "SELECT p.address FROM conversations c LEFT JOIN contacts p ON p.id = c.contact_id WHERE c.id = :id",
            id=conversation_id,
        )

    return house.read(look)


def forwarded(house: House, **mail: object) -> int:
    landed = house.receive(
        sender=BRUNO, subject="TR: Devis 7", text="Tu réponds ?", forwarded_from=MARIE, cc=(BRUNO,), **mail
    )
    return landed.message_id


def test_a_mail_forwarded_by_a_colleague_is_the_customers(house: House) -> None:
    id = forwarded(house)

    view = house.read(lambda tx: messages_of(tx, [id])[0])
    read = house.read(lambda tx: thread.read(tx, view.conversation_id), by=house.anne)
    assert (view.sender.address, contact(house, view.conversation_id)) == (MARIE.address, MARIE.address)
    assert view.context is not None and view.context.forwarded_by is not None
    assert view.context.forwarded_by.address == BRUNO.address
    assert [person.address for person in read.reply.to] == [MARIE.address]
    assert read.reply.cc == []
    assert read.conversation.subject == "Devis 7"


def test_a_forward_of_a_known_customer_joins_what_is_open_with_them(house: House) -> None:
    first = house.receive(sender=MARIE, subject="Devis 7")

    id = forwarded(house)

    assert house.read(lambda tx: tx.find(Message, id)).conversation_id == first.conversation_id


def test_one_click_gives_it_back_to_the_colleague_and_another_to_the_author(house: House) -> None:
    id = forwarded(house)
    conversation_id = house.read(lambda tx: tx.find(Message, id)).conversation_id

    house.write(lambda tx: attributing.give_to_colleague(tx, tx.find(Message, id)), by=house.anne)

    view = house.read(lambda tx: messages_of(tx, [id])[0])
    assert (view.sender.address, contact(house, conversation_id)) == (BRUNO.address, None)
    assert view.context is not None and view.context.forwarded_by is None
    with pytest.raises(NotForwarded):
        house.write(lambda tx: attributing.give_to_colleague(tx, tx.find(Message, id)))

    house.write(lambda tx: attributing.give_to_author(tx, tx.find(Message, id)), by=house.anne)

    assert contact(house, conversation_id) == MARIE.address
    assert house.events(conversation_id) == ["message.received", "message.attributed", "message.attributed"]


@pytest.mark.parametrize(
    "mail",
    [
        {"sender": Person("spy@elsewhere.example"), "forwarded_from": MARIE},
        {"sender": BRUNO, "forwarded_from": MARIE, "is_forged": True},
        {"sender": BRUNO, "forwarded_from": SAV},
    ],
    ids=["a stranger", "a forged colleague", "our own mail"],
)
def test_who_may_not_speak_for_others_is_the_sender(house: House, mail: dict[str, object]) -> None:
    landed = house.receive(subject="TR: Devis 7", **mail)

    view = house.read(lambda tx: messages_of(tx, [landed.message_id])[0])
    assert view.sender.address == mail["sender"].address  # type: ignore[attr-defined]
    assert view.context is None


def test_our_own_addresses_are_never_a_customers(house: House) -> None:
    house.write(lambda tx: tx.execute("UPDATE channels SET aliases = '[\"contact@pieces.example\"]'"))

    for address in ("achats@pieces.example", "achats+site@pieces.example", "contact@pieces.example"):
        assert contact(house, house.receive(sender=Person(address)).conversation_id) is None


def test_a_group_hides_who_wrote_and_says_it_elsewhere(house: House) -> None:
    group = {"sender": Person("ventes@groupe.example", "Marie via Ventes"), "list_address": "ventes@groupe.example"}

    by_group = house.receive(**group, reply_to=(Person("ventes@groupe.example"),), original_sender=MARIE)
    by_reply_to = house.receive(**group, reply_to=(MARIE,))
    ours = house.receive(sender=Person("achats@pieces.example", "Marie via Achats"), original_sender=MARIE)
    a_liar = house.receive(sender=Person("spy@elsewhere.example"), original_sender=MARIE)

    assert [contact(house, one.conversation_id) for one in (by_group, by_reply_to, ours)] == [MARIE.address] * 3
    assert contact(house, a_liar.conversation_id) == "spy@elsewhere.example"
