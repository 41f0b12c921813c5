"""A conversation belongs to a customer's file; on request its contact does too, and all that they wrote goes along."""

import pytest

from comptoir.channels.port import Person
from comptoir.conversations import thread
from comptoir.conversations.customers import details, linking, profile
from comptoir.conversations.handling import merging, spamming
from comptoir.conversations.models import Conversation
from comptoir.conversations.truth import frame_since
from comptoir.customers import editing, naming
from comptoir.customers.errors import CustomerArchived
from comptoir.customers.models import Contact, Customer
from comptoir.customers.schemas import CustomerFacts
from tests.customers.cast import contact_of, file_of, link, row
from tests.house import House


def test_a_linked_conversation_shows_its_customer_in_its_row_its_timeline_and_on_every_screen(house: House) -> None:
    garage, id = file_of(house), house.receive().conversation_id
    seen = house.read(lambda tx: tx.log_position())
    link(house, id, garage)
    link(house, id, garage)
    assert row(house, id).customer_name == "Garage Morel"
    assert house.events(id).count("conversation.customer_linked") == 1
    lines = house.read(lambda tx: thread.read(tx, id), by=house.bruno).activities
    assert [(line.type, line.data["name"]) for line in lines][-1] == ("conversation.customer_linked", "Garage Morel")
    anne = house.actor(house.anne)
    frame = house.read(lambda tx: frame_since(tx, seen, anne))
    assert [each.customer_name for each in frame.put.conversations] == ["Garage Morel"]
    assert [line.type for line in frame.put.activities] == ["conversation.customer_linked"]


def test_the_contact_goes_along_only_on_request_and_then_with_all_that_they_wrote(house: House) -> None:
    garage = file_of(house)
    first, second = house.receive().conversation_id, house.receive(subject="Facture").conversation_id
    link(house, first, garage)
    assert row(house, second).customer_id is None
    link(house, first, garage, with_contact=True)
    assert row(house, second).customer_id == garage
    assert house.events(second)[-1] == "conversation.customer_linked"


def test_what_a_member_linked_elsewhere_stays_there(house: House) -> None:
    garage, insurer = file_of(house), file_of(house, "Assurances Rey")
    about_a_claim, other = house.receive().conversation_id, house.receive(subject="Facture").conversation_id
    link(house, about_a_claim, insurer)
    link(house, other, garage, with_contact=True)
    assert row(house, about_a_claim).customer_id == insurer


def test_unlinking_takes_the_conversation_off_the_file_and_leaving_takes_all(house: House) -> None:
    garage = file_of(house)
    first, second = house.receive().conversation_id, house.receive(subject="Facture").conversation_id
    link(house, first, garage, with_contact=True)
    house.write(lambda tx: linking.unlink(tx, tx.find(Conversation, first)), by=house.bruno)
    assert [row(house, id).customer_id for id in (first, second)] == [None, garage]
    contact = contact_of(house, first)
    house.write(lambda tx: linking.leave(tx, tx.find(Contact, contact.id)), by=house.bruno)
    assert [row(house, id).customer_id for id in (first, second)] == [None, None]
    third = house.receive(subject="Devis").conversation_id
    assert row(house, third).customer_id is None


def test_nothing_is_linked_to_an_archived_file(house: House) -> None:
    garage, id = file_of(house), house.receive().conversation_id
    house.write(lambda tx: editing.archive(tx, tx.find(Customer, garage)), by=house.bruno)
    with pytest.raises(CustomerArchived):
        link(house, id, garage)


def test_a_new_name_of_a_file_or_a_contact_reaches_the_rows_that_show_it(house: House) -> None:
    garage, id = file_of(house), house.receive().conversation_id
    link(house, id, garage)
    seen = house.read(lambda tx: tx.log_position())

    contact = contact_of(house, id)
    house.write(
        lambda tx: (
            editing.change(tx, tx.find(Customer, garage), CustomerFacts("Morel Automobiles")),
            naming.rename(tx, tx.find(Contact, contact.id), "Léa M."),
        ),
        by=house.bruno,
    )
    anne = house.actor(house.anne)
    frame = house.read(lambda tx: frame_since(tx, seen, anne))
    assert [(each.customer_name, each.contact_name) for each in frame.put.conversations] == [
        ("Morel Automobiles", "Léa M.")
    ]
    assert frame.about == ["customers"]


def test_beside_a_thread_stands_what_else_is_said_with_this_customer_as_far_as_one_may_see(house: House) -> None:
    garage = file_of(house)
    here = house.receive().conversation_id
    link(house, here, garage, with_contact=True)
    house.clock.forward(minutes=1)
    paul = house.receive(sender=Person("paul@garage-morel.example", "Paul"), subject="Freins").conversation_id
    link(house, paul, garage, with_contact=True)
    house.clock.forward(minutes=1)
    hidden = house.receive(house.achats, subject="Commande").conversation_id
    bruno = house.read(lambda tx: details.of(tx, tx.find(Conversation, here)), by=house.bruno)
    chloe = house.read(lambda tx: details.of(tx, tx.find(Conversation, here)), by=house.chloe)
    assert bruno.customer is not None and bruno.customer.name == "Garage Morel"
    assert bruno.contact is not None and bruno.contact.name == "Léa Morel"
    assert [each.id for each in bruno.open] == [paul]
    assert [each.id for each in chloe.open] == [hidden, paul]
    assert ([each.id for each in bruno.elsewhere], [each.id for each in chloe.elsewhere]) == ([], [hidden])


def test_what_was_merged_away_and_spam_are_no_conversations_of_the_customer(house: House) -> None:
    garage = file_of(house)
    here, gone, kept, spam = (
        house.receive(subject=subject).conversation_id for subject in ("Un", "Deux", "Trois", "Gagnez")
    )
    for id in (here, gone, kept, spam):
        link(house, id, garage)
    house.write(lambda tx: merging.merge(tx, tx.find(Conversation, gone), tx.find(Conversation, kept)), by=house.anne)
    house.write(lambda tx: spamming.mark(tx, tx.find(Conversation, spam)), by=house.anne)

    beside = house.read(lambda tx: details.of(tx, tx.find(Conversation, here)), by=house.bruno)
    page = house.read(lambda tx: profile.page(tx, garage, cursor=None), by=house.bruno)
    figures = house.read(lambda tx: profile.figures(tx, garage), by=house.bruno)

    assert [row.id for row in beside.open] == [kept]
    assert {row.id for row in page.rows} == {here, kept}
    assert (figures.conversations, figures.open, figures.received) == (2, 2, 3)
