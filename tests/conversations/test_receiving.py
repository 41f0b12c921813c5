"""A mail from outside lands: once, at the right place, and the team gets its conversation back."""

from comptoir.channels.port import Person
from comptoir.conversations import assigning, resolving, writing
from comptoir.conversations.models import Conversation, Message
from comptoir.foundation.transaction import Transaction
from tests.house import House


def resolve(tx: Transaction, id: int) -> None:
    resolving.resolve(tx, tx.find(Conversation, id))


def answer(house: House, conversation_id: int, client_id: str = "client-0001") -> Message:
    words = writing.Words(client_id=client_id, text="Oui, six en stock.", to=[Person("lea@garage-morel.example")])
    key = house.services.secrets.key("threads")
    return house.write(
        lambda tx: writing.reply(tx, tx.find(Conversation, conversation_id), words, token_key=key), by=house.bruno
    ).message


def test_a_first_mail_opens_a_conversation_of_its_contact(house: House) -> None:
    landed = house.receive()

    conversation = house.conversation(landed.conversation_id)
    assert conversation.is_open
    assert conversation.assignee_id is None
    assert conversation.preview == "Bonjour, avez-vous les plaquettes en stock ?"
    assert conversation.last_incoming_id == landed.message_id
    assert conversation.waiting_since == house.clock.now
    assert house.events(landed.conversation_id) == ["message.received"]


def test_the_same_mail_twice_is_one_message(house: House) -> None:
    first = house.receive(external_id="same")
    second = house.receive(external_id="same")

    assert second.message_id == first.message_id
    assert not second.is_new
    assert house.events() == ["message.received"]


def test_the_same_mail_in_two_mailboxes_is_in_both(house: House) -> None:
    first = house.receive(external_id="same", header_id="<same@x.example>")
    second = house.receive(house.achats, external_id="same", header_id="<same@x.example>")

    assert second.is_new
    assert second.conversation_id != first.conversation_id


def test_an_answer_to_our_mail_comes_back_to_its_conversation(house: House) -> None:
    landed = house.receive()
    reply = answer(house, landed.conversation_id)

    again = house.receive(
        subject="Tout autre chose", in_reply_to=(reply.header_id,), sender=Person("paul@elsewhere.example", "Paul")
    )

    assert again.conversation_id == landed.conversation_id


def test_a_second_mail_that_answers_the_customers_own_comes_to_the_same_place(house: House) -> None:
    landed = house.receive(header_id="<first@garage-morel.example>")

    again = house.receive(subject="Re: Plaquettes 0 986 494 123", in_reply_to=("<first@garage-morel.example>",))

    assert again.conversation_id == landed.conversation_id


def test_an_outsider_who_quotes_a_message_id_does_not_get_in(house: House) -> None:
    landed = house.receive(header_id="<first@garage-morel.example>")

    stranger = house.receive(
        in_reply_to=("<first@garage-morel.example>",), sender=Person("spy@elsewhere.example", "Spy")
    )

    assert stranger.conversation_id != landed.conversation_id


def test_an_old_mail_reused_to_write_about_something_else_opens_a_new_conversation(house: House) -> None:
    landed = house.receive(header_id="<first@garage-morel.example>")

    other = house.receive(subject="Facture FA-1190", references=("<first@garage-morel.example>",))

    assert other.conversation_id != landed.conversation_id


def test_the_same_subject_from_the_same_person_only_lately(house: House) -> None:
    landed = house.receive(subject="Devis DV-20431")
    house.clock.forward(days=6)
    lately = house.receive(subject="RE : Devis DV-20431")
    house.clock.forward(days=8)
    late = house.receive(subject="RE : Devis DV-20431")

    assert lately.conversation_id == landed.conversation_id
    assert late.conversation_id != landed.conversation_id


def test_a_mail_without_any_reference_is_never_matched_on_nothing(house: House) -> None:
    first = house.receive(header_id="", subject="")
    second = house.receive(header_id="", subject="")

    assert first.conversation_id != second.conversation_id


def test_a_customers_message_reopens_what_was_resolved(house: House) -> None:
    landed = house.receive(header_id="<first@garage-morel.example>")
    house.write(lambda tx: resolve(tx, landed.conversation_id))

    house.receive(in_reply_to=("<first@garage-morel.example>",))

    assert house.conversation(landed.conversation_id).is_open
    assert house.events(landed.conversation_id)[-2:] == ["conversation.reopened", "message.received"]


def test_a_contact_form_is_answered_to_its_reply_to(house: House) -> None:
    landed = house.receive(sender=Person("form@site.example", "Site"), reply_to=(Person("max@garage.example", "Max"),))

    contact = house.read(
        lambda tx: tx.row(
            "SELECT address, name FROM contacts WHERE id = :id", id=house_contact(tx, landed.conversation_id)
        )
    )
    assert contact == ("max@garage.example", "Max")


def house_contact(tx: Transaction, conversation_id: int) -> int | None:
    return tx.find(Conversation, conversation_id).contact_id


def test_a_mail_from_our_own_address_is_nobodys_contact(house: House) -> None:
    landed = house.receive(sender=Person("achats@pieces.example", "Achats"))

    assert house.conversation(landed.conversation_id).contact_id is None


def test_our_own_reply_that_comes_back_by_a_list_is_not_a_second_message(house: House) -> None:
    landed = house.receive()
    reply = answer(house, landed.conversation_id)

    back = house.receive(header_id=reply.header_id, sender=Person("sav@pieces.example"))

    assert not back.is_new
    assert back.message_id == reply.id


def test_nobody_is_matched_by_display_name(house: House) -> None:
    first = house.receive(sender=Person("lea@garage-morel.example", "Léa Morel"))
    second = house.receive(sender=Person("lea.morel@free.example", "Léa Morel"))

    contacts = {house.conversation(each.conversation_id).contact_id for each in (first, second)}
    assert len(contacts) == 2


def test_an_assigned_conversation_stays_with_its_member(house: House) -> None:
    landed = house.receive(header_id="<first@garage-morel.example>")
    house.write(
        lambda tx: assigning.assign(tx, tx.find(Conversation, landed.conversation_id), member_id=house.chloe.id)
    )

    house.receive(in_reply_to=("<first@garage-morel.example>",))

    assert house.conversation(landed.conversation_id).assignee_id == house.chloe.id
