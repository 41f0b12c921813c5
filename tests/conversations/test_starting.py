"""The first words to somebody: a new mail, or a template; and never a second conversation beside the one that is there."""

from datetime import timedelta
from typing import Any

import pytest

from comptoir.channels.models import Channel, ChannelMember
from comptoir.conversations import delivering, resolving, starting
from comptoir.conversations.answering import drafting, recipients
from comptoir.conversations.errors import BadAddress, BadPhone, NoRecipient
from comptoir.conversations.facts import facts_of
from comptoir.conversations.handling import scheduling
from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.schemas import Later, NewConversation, NewReply, Recipient, TemplateChoice
from comptoir.customers import naming
from comptoir.foundation.errors import NotFound, Problem
from comptoir.foundation.transaction import Transaction
from comptoir.templates import queries as templates
from comptoir.templates import syncing
from tests.house import House
from tests.templates.test_syncing import READY

PHONE = "06 98 76 54 32"


@pytest.fixture
def number(house: House) -> Channel:
    """A number of Bruno's and Anne's, with one approved template."""

    def make(tx: Transaction) -> Channel:
        channel = Channel(
            kind="whatsapp",
            provider="meta",
            name="WhatsApp",
            address="+33612345678",
            settings={},
            secrets="",
            health="connected",
            version=0,
            created_at=tx.now,
        )
        tx.add(channel)
        tx.add(*(ChannelMember(channel_id=channel.id, member_id=one.id) for one in (house.anne, house.bruno)))
        syncing.sync(tx, channel, [READY])
        tx.execute("DELETE FROM events")
        return channel

    return house.write(make)


def start(house: House, channel: Channel, phone: str | None = PHONE, **message: Any) -> starting.Started:
    reply = NewReply(**({"client_id": "client-0001", "text": ""} | message))
    given = NewConversation(channel.id, reply, Recipient(phone, "Léa Morel") if phone else None)
    key = house.services.secrets.key("threads")
    return house.write(
        lambda tx: starting.start(tx, tx.find(Channel, channel.id), given, token_key=key), by=house.bruno
    )


def template(house: House) -> TemplateChoice:
    [view] = house.read(templates.templates, by=house.bruno)
    return TemplateChoice(view.id, {"first_name": "Léa", "order": "A-1042"}, {}, {"0": "A-1042"})


def test_the_first_words_on_whatsapp_are_a_template(house: House, number: Channel) -> None:
    started = start(house, number, template=template(house))

    assert started.is_new
    assert started.message.text == "Bonjour Léa, la commande A-1042 est prête."
    assert started.message.recipients["to"] == [["+33698765432", "Léa Morel"]]
    assert started.message.delivery == "queued"
    assert house.events(started.conversation.id) == ["conversation.assigned", "message.queued"]


def test_a_scheduled_template_that_is_had_back_is_that_template_with_its_values(house: House, number: Channel) -> None:
    later = Later(until=house.clock() + timedelta(hours=3))
    started = start(house, number, template=template(house), later=later)

    house.write(lambda tx: scheduling.cancel(tx, tx.find(Message, started.message.id)), by=house.anne)

    [draft] = house.read(
        lambda tx: drafting.drafts_of(tx, tx.find(Conversation, started.conversation.id)), by=house.bruno
    )
    assert draft.content.template == template(house)
    assert draft.content.text == "Bonjour Léa, la commande A-1042 est prête."
    again = start(house, number, client_id="client-0002", template=draft.content.template)
    assert again.message.text == started.message.text, "it can be sent as it came back"


def test_free_words_to_somebody_who_never_wrote_are_refused_and_leave_nothing(house: House, number: Channel) -> None:
    with pytest.raises(Problem) as refused:
        start(house, number, text="Bonjour !")

    assert refused.value.code == "template_required"
    assert house.read(lambda tx: tx.value("SELECT count(*) FROM conversations")) == 0
    assert house.events() == []


def test_the_same_person_is_the_same_conversation_however_the_number_is_written(house: House, number: Channel) -> None:
    first = start(house, number, template=template(house))

    again = start(house, number, "+33 (0)6 98 76 54 32", client_id="client-0002", template=template(house))

    assert (again.conversation.id, again.is_new) == (first.conversation.id, False)


def test_a_resolved_conversation_goes_on(house: House, number: Channel) -> None:
    first = start(house, number, template=template(house))
    house.write(lambda tx: resolving.resolve(tx, tx.find(Conversation, first.conversation.id)), by=house.bruno)

    again = start(house, number, client_id="client-0002", template=template(house))

    assert again.conversation.id == first.conversation.id
    assert house.conversation(first.conversation.id).status == "open"


def test_the_same_client_id_twice_is_the_same_message(house: House, number: Channel) -> None:
    first = start(house, number, template=template(house))

    again = start(house, number, template=template(house))

    assert (again.message.id, again.is_new) == (first.message.id, False)
    assert house.events(first.conversation.id).count("message.queued") == 1


@pytest.mark.parametrize(
    ("to", "problem"),
    [
        ("06 98 76 54", BadPhone),
        ("lea@garage.example", BadPhone),
        ("+33 6 12 34 56 78", BadAddress),  # ourselves
        (None, NoRecipient),
    ],
)
def test_what_is_no_number_is_refused_with_a_sentence(
    house: House, number: Channel, to: str | None, problem: type[Problem]
) -> None:
    with pytest.raises(problem):
        start(house, number, to, template=template(house))

    assert house.events() == []


def test_a_new_mail_is_a_conversation_of_its_own(house: House) -> None:
    landed = house.receive()

    started = start(
        house,
        house.sav,
        None,
        text="Bonjour, votre avoir est prêt.",
        subject="Votre avoir",
        to=[Recipient("lea@garage-morel.example", "Léa Morel")],
    )

    assert started.is_new
    assert started.conversation.id != landed.conversation_id
    assert started.conversation.contact_id == house.conversation(landed.conversation_id).contact_id
    assert (started.message.subject, started.conversation.subject) == ("Votre avoir", "Votre avoir")


def test_a_mail_that_nobody_has_answered_goes_on_to_where_it_was_sent(house: House) -> None:
    """Not to what stands beside the name: that may be a telephone number, or another address of theirs."""
    known = ["06 98 76 54 32", "lea@garage-morel.example", "lea@perso.example"]
    contact = house.write(
        lambda tx: naming.create(tx, name="Léa Morel", addresses=known, customer_id=None), by=house.bruno
    )
    started = start(house, house.sav, None, text="Bonjour", subject="Avoir", to=[Recipient("lea@perso.example")])

    def going(tx: Transaction) -> list[str]:
        return [person.address for person in recipients.reply_all(tx, started.conversation.id).to]

    assert started.conversation.contact_id == contact.id
    assert house.read(going, by=house.bruno) == ["lea@perso.example"]
    house.write(
        lambda tx: delivering.failed(tx, tx.find(Message, started.message.id), code="recipients_refused", detail="")
    )
    assert house.read(going, by=house.bruno) == ["lea@garage-morel.example"], "that one is refused: the first they have"

    facts = house.read(lambda tx: facts_of(tx, tx.find(Conversation, started.conversation.id)), by=house.bruno)
    assert (facts["contact.phone"], facts["contact.email"]) == ("+33698765432", "lea@garage-morel.example")
    found = house.read(lambda tx: recipients.suggest(tx, "lea"), by=house.bruno)
    assert [person.address for person in found] == ["lea@garage-morel.example", "lea@perso.example"]


def test_nobody_writes_through_a_channel_that_they_do_not_work_in(house: House) -> None:
    with pytest.raises(NotFound):
        house.read(lambda tx: starting.find_channel(tx, house.achats.id), by=house.anne)
