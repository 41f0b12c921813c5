"""A reply is written down before it is sent, once; a note is never anything but a note."""

import pytest

from comptoir.channels.port import Person, Refusal
from comptoir.conversations import assigning, delivering, writing
from comptoir.conversations.errors import BadAddress, CannotAssign, EmptyMessage, NoRecipient, NotFailed
from comptoir.conversations.models import Conversation, Message
from comptoir.foundation.transaction import Transaction
from comptoir.mail import threads
from tests.house import House

LEA = Person("lea@garage-morel.example", "Léa Morel")


def reply(house: House, conversation_id: int, **given: object) -> writing.Written:
    words = writing.Words(**({"client_id": "client-0001", "text": "Oui, six en stock.", "to": [LEA]} | given))
    key = house.services.secrets.key("threads")
    return house.write(
        lambda tx: writing.reply(tx, tx.find(Conversation, conversation_id), words, token_key=key), by=house.bruno
    )


def message(tx: Transaction, written: writing.Written) -> Message:
    return tx.find(Message, written.message.id)


def test_a_reply_is_queued_with_its_message_id_and_its_place_in_the_thread(house: House) -> None:
    landed = house.receive(header_id="<b@x.example>", references=("<a@x.example>",))

    written = reply(house, landed.conversation_id)

    assert written.message.delivery == "queued"
    assert (
        threads.conversation_of(house.services.secrets.key("threads"), [written.message.header_id])
        == landed.conversation_id
    )
    assert written.message.chain == ["<a@x.example>", "<b@x.example>"]
    assert written.message.subject == "Re: Plaquettes 0 986 494 123"
    conversation = house.conversation(landed.conversation_id)
    assert conversation.waiting_since is None
    assert conversation.preview == "Oui, six en stock."
    assert house.events(landed.conversation_id) == ["message.received", "conversation.assigned", "message.queued"]


def test_who_answers_what_was_nobodys_takes_it(house: House) -> None:
    landed = house.receive()

    reply(house, landed.conversation_id)

    assert house.conversation(landed.conversation_id).assignee_id == house.bruno.id


def test_the_same_client_id_twice_is_the_same_message(house: House) -> None:
    landed = house.receive()
    first = reply(house, landed.conversation_id)

    second = reply(house, landed.conversation_id, text="Encore")

    assert second.message.id == first.message.id
    assert not second.is_new
    assert house.events(landed.conversation_id).count("message.queued") == 1


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"text": "  "}, EmptyMessage),
        ({"to": []}, NoRecipient),
        ({"to": [Person("lea@@garage")]}, BadAddress),
        ({"to": [Person("lea@garage.example\r\nBcc: all@x.example")]}, BadAddress),
    ],
)
def test_what_cannot_be_sent_is_refused_and_leaves_nothing(
    house: House, given: dict[str, object], problem: type[Exception]
) -> None:
    landed = house.receive()

    with pytest.raises(problem):
        reply(house, landed.conversation_id, **given)

    assert house.events(landed.conversation_id) == ["message.received"]


def test_a_note_has_nothing_that_could_be_sent(house: House) -> None:
    landed = house.receive()
    words = writing.Words(client_id="client-0002", text="Attention, client en litige.")

    written = house.write(
        lambda tx: writing.note(tx, tx.find(Conversation, landed.conversation_id), words), by=house.chloe
    )

    assert (written.message.delivery, written.message.header_id, written.message.recipients) == (None, None, {})
    assert not house.write(lambda tx: delivering.start(tx, message(tx, written)))
    assert house.events(landed.conversation_id) == ["message.received", "note.added"]
    assert house.conversation(landed.conversation_id).waiting_since is not None


def test_delivery_only_goes_forward(house: House) -> None:
    written = reply(house, house.receive().conversation_id)
    house.write(lambda tx: delivering.start(tx, message(tx, written)))
    house.write(
        lambda tx: delivering.sent(tx, message(tx, written), refused=[Refusal("x@y.example", 550, "No such user")])
    )

    house.write(lambda tx: delivering.failed(tx, message(tx, written), code="late", detail=""))

    sent = house.read(lambda tx: message(tx, written))
    assert sent.delivery == "sent"
    assert sent.refusals == [["x@y.example", "No such user"]]


def test_a_failed_reply_is_counted_then_sent_again_with_the_same_message_id(house: House) -> None:
    written = reply(house, house.receive().conversation_id)
    house.write(lambda tx: delivering.start(tx, message(tx, written)))
    house.write(
        lambda tx: delivering.failed(tx, message(tx, written), code="recipients_refused", detail="550 No such user")
    )
    assert house.conversation(written.message.conversation_id).failed_count == 1

    house.write(lambda tx: delivering.retry(tx, message(tx, written)))

    again = house.read(lambda tx: message(tx, written))
    assert (again.delivery, again.error_code, again.header_id) == ("queued", None, written.message.header_id)
    assert house.conversation(written.message.conversation_id).failed_count == 0


def test_only_a_failed_reply_can_be_discarded(house: House) -> None:
    written = reply(house, house.receive().conversation_id)
    with pytest.raises(NotFailed):
        house.write(lambda tx: delivering.discard(tx, message(tx, written)))
    house.write(lambda tx: delivering.start(tx, message(tx, written)))
    house.write(lambda tx: delivering.failed(tx, message(tx, written), code="refused", detail=""))

    house.write(lambda tx: delivering.discard(tx, message(tx, written)))

    assert house.read(lambda tx: tx.value("SELECT count(*) FROM messages WHERE id = :id", id=written.message.id)) == 0


def test_nobody_is_given_a_conversation_that_they_cannot_see(house: House) -> None:
    landed = house.receive(house.achats)

    with pytest.raises(CannotAssign):
        house.write(
            lambda tx: assigning.assign(tx, tx.find(Conversation, landed.conversation_id), member_id=house.bruno.id)
        )


def test_assigning_twice_records_once(house: House) -> None:
    landed = house.receive()

    for _ in range(2):
        house.write(
            lambda tx: assigning.assign(tx, tx.find(Conversation, landed.conversation_id), member_id=house.bruno.id)
        )

    assert house.events(landed.conversation_id) == ["message.received", "conversation.assigned"]
