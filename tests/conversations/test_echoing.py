"""What we sent from elsewhere is in the thread as ours, and stops the waiting; it is never unread and starts nothing."""

from datetime import timedelta
from typing import Any

from comptoir.channels.port import Person
from comptoir.conversations import echoing, resolving, writing
from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.receiving import Received
from comptoir.foundation.transaction import Transaction
from tests.house import House, incoming_mail

US = Person("sav@pieces.example", "SAV")
LEA = Person("lea@garage-morel.example", "Léa Morel")
FIRST = "<first@garage-morel.example>"


def echo(house: House, **mail: Any) -> Received:
    """A mail from `sav` to Léa, found in the Sent folder, answering her first one unless said otherwise."""
    said = {
        "sender": US,
        "to": (LEA,),
        "subject": "Re: Plaquettes 0 986 494 123",
        "text": "Oui, six en stock.",
        "in_reply_to": (FIRST,),
    }
    found = incoming_mail(house.clock(), **(said | mail))
    key = house.services.secrets.key("threads")
    return house.write(lambda tx: echoing.echo(tx, house.sav, found, token_key=key))


def message(house: House, id: int) -> Message:
    return house.read(lambda tx: tx.find(Message, id))


def test_an_answer_from_outlook_joins_its_thread_as_ours_and_nobody_waits(house: House) -> None:
    landed = house.receive(header_id=FIRST)
    house.clock.forward(minutes=5)

    echoed = echo(house)

    ours, conversation = message(house, echoed.message_id), house.conversation(landed.conversation_id)
    assert (ours.kind, ours.delivery, ours.via, ours.member_id) == ("reply", "sent", "mail_client", None)
    assert ours.conversation_id == landed.conversation_id
    assert conversation.waiting_since is None
    assert (conversation.preview, conversation.preview_kind) == ("Oui, six en stock.", "reply")
    assert conversation.last_incoming_id == landed.message_id
    assert house.events(landed.conversation_id) == ["message.received", "message.echoed"]


def test_the_member_is_the_one_whose_address_wrote_it_or_handed_it_in(house: House) -> None:
    house.receive(header_id=FIRST)

    from_own = echo(house, sender=Person("bruno@pieces.example", "Bruno"))
    on_behalf = echo(house, submitter=Person("chloe@pieces.example"))

    assert message(house, from_own.message_id).member_id == house.bruno.id
    assert message(house, on_behalf.message_id).member_id == house.chloe.id


def test_what_the_customer_wrote_after_it_still_waits(house: House) -> None:
    landed = house.receive(header_id=FIRST)
    answered_at = house.clock.now + timedelta(minutes=5)
    house.clock.forward(minutes=10)
    house.receive(subject="Re: Plaquettes 0 986 494 123", in_reply_to=(FIRST,), text="Alors ?")

    echo(house, at=answered_at)

    conversation = house.conversation(landed.conversation_id)
    assert conversation.waiting_since == house.clock.now
    assert conversation.preview == "Alors ?"


def test_an_older_mail_of_ours_answers_nothing(house: House) -> None:
    landed = house.receive(header_id=FIRST)

    echo(house, at=house.clock.now - timedelta(days=1))

    assert house.conversation(landed.conversation_id).waiting_since == house.clock.now


def test_a_copy_to_ourselves_that_came_before_the_sent_one_turns_out_to_be_ours(house: House) -> None:
    landed = house.receive(header_id=FIRST)
    copy = {
        "sender": US,
        "to": (LEA,),
        "cc": (US,),
        "subject": "Re: Plaquettes 0 986 494 123",
        "text": "Oui, six en stock.",
        "in_reply_to": (FIRST,),
        "external_id": "the-same-mail",
    }
    came_back = house.receive(**copy)
    assert message(house, came_back.message_id).kind == "incoming"

    echoed = echo(house, **copy)

    assert (echoed.message_id, echoed.is_new) == (came_back.message_id, False)
    ours, conversation = message(house, echoed.message_id), house.conversation(landed.conversation_id)
    assert (ours.kind, ours.via, ours.delivery) == ("reply", "mail_client", "sent")
    assert (conversation.waiting_since, conversation.last_incoming_id) == (None, landed.message_id)
    assert house.events(landed.conversation_id)[-1] == "message.echoed"


def test_a_first_mail_of_ours_with_a_copy_to_ourselves_waits_for_nobody(house: House) -> None:
    copy = {"sender": US, "to": (LEA,), "cc": (US,), "subject": "Bienvenue", "in_reply_to": (), "external_id": "both"}
    came_back = house.receive(**copy)
    echo(house, **copy)
    conversation = house.conversation(came_back.conversation_id)
    assert (conversation.is_resolved, conversation.waiting_since) == (True, None)
    assert conversation.contact_id is not None


def test_it_does_not_bring_a_resolved_conversation_back(house: House) -> None:
    landed = house.receive(header_id=FIRST)
    house.write(lambda tx: resolving.resolve(tx, tx.find(Conversation, landed.conversation_id)))

    echo(house)

    assert house.conversation(landed.conversation_id).is_resolved


def test_a_mail_to_somebody_new_is_resolved_and_read_until_they_answer(house: House) -> None:
    echoed = echo(house, subject="Votre devis", in_reply_to=(), header_id="<devis@pieces.example>")

    conversation = house.conversation(echoed.conversation_id)
    assert conversation.is_resolved
    assert (conversation.subject, conversation.last_incoming_id) == ("Votre devis", 0)
    house.clock.forward(days=1)
    answer = house.receive(subject="RE: Votre devis", in_reply_to=("<devis@pieces.example>",))
    assert answer.conversation_id == echoed.conversation_id
    assert house.conversation(echoed.conversation_id).is_open
    assert house.conversation(echoed.conversation_id).contact_id is not None


def test_our_own_copy_is_the_reply_we_know_and_a_mail_twice_is_one(house: House) -> None:
    landed = house.receive(header_id=FIRST)
    key = house.services.secrets.key("threads")
    words = writing.Words(client_id="client-0001", text="Oui, six en stock.", to=[LEA])

    def answer(tx: Transaction) -> Message:
        return writing.reply(tx, tx.find(Conversation, landed.conversation_id), words, token_key=key).message

    reply = house.write(answer, by=house.bruno)

    copy = echo(house, header_id=reply.header_id)
    first = echo(house, external_id="same")
    again = echo(house, external_id="same")

    assert (copy.message_id, copy.is_new) == (reply.id, False)
    assert (again.message_id, again.is_new) == (first.message_id, False)
    assert house.read(lambda tx: tx.value("SELECT count(*) FROM messages")) == 3
