"""Two files or two contacts become one when a member says so; they see before what moves, and may take it back."""

import pytest

from comptoir.channels.port import Person
from comptoir.conversations.customers import merging, profile
from comptoir.customers import queries, search
from comptoir.customers.errors import NotMerged, SameOne
from comptoir.customers.models import Contact, Customer
from tests.customers.cast import contact_of, file_of, link, row
from tests.house import House


def merge_files(house: House, gone: int, into: int) -> int:
    return house.write(
        lambda tx: merging.merge(tx, tx.find(Customer, gone), tx.find(Customer, into)).id, by=house.bruno
    )


def test_a_merge_of_files_moves_everything_and_its_undoing_puts_it_back(house: House) -> None:
    kept = file_of(house, "Garage Morel", tags=["VIP"])
    gone = file_of(house, "Garage Morel SARL", code="C-0412", country="BE", tags=["Export"], domains=["morel.example"])
    id = house.receive().conversation_id
    link(house, id, gone, with_contact=True)

    preview = house.read(lambda tx: merging.preview(tx, tx.find(Customer, gone), tx.find(Customer, kept)))
    assert (preview.moved.contacts, preview.moved.conversations) == (1, 1)
    assert ["code", "", "C-0412"] in preview.filled and not preview.lost

    merge = merge_files(house, gone, kept)
    assert row(house, id).customer_id == kept
    view = house.read(lambda tx: queries.view(tx, tx.find(Customer, kept)))
    assert (view.code, view.country, view.tags) == ("C-0412", "BE", ["VIP", "Export"])
    assert view.domains == ["garage-morel.example", "morel.example"]
    assert [contact.name for contact in view.contacts] == ["Léa Morel"]
    assert [each.name for each in view.merges] == ["Garage Morel SARL"]
    assert house.read(lambda tx: queries.view(tx, tx.find(Customer, gone))).merged_into_id == kept
    assert [hit.customer.id for hit in house.read(lambda tx: search.customers(tx, "morel"))] == [kept]

    house.write(lambda tx: merging.undo(tx, merge), by=house.anne)
    assert row(house, id).customer_id == gone
    was = house.read(lambda tx: queries.view(tx, tx.find(Customer, gone)))
    assert (was.code, was.domains, was.merged_into_id) == ("C-0412", ["garage-morel.example", "morel.example"], None)
    view = house.read(lambda tx: queries.view(tx, tx.find(Customer, kept)))
    assert (view.code, view.country, view.tags, view.domains, view.contacts) == (None, None, ["VIP"], [], [])
    assert [hit.customer.id for hit in house.read(lambda tx: search.customers(tx, "c0412"))] == [gone]
    with pytest.raises(NotMerged):
        house.write(lambda tx: merging.undo(tx, merge), by=house.anne)


def test_undoing_leaves_what_a_member_did_since(house: House) -> None:
    kept, gone, other = file_of(house, "A"), file_of(house, "B"), file_of(house, "C")
    moved, taken = house.receive().conversation_id, house.receive(subject="Autre").conversation_id
    for id in (moved, taken):
        link(house, id, gone)
    merge = merge_files(house, gone, kept)
    link(house, taken, other)
    new = house.receive(subject="Depuis").conversation_id
    link(house, new, kept)
    house.write(lambda tx: merging.undo(tx, merge), by=house.bruno)
    assert [row(house, id).customer_id for id in (moved, taken, new)] == [gone, other, kept]


def test_two_addresses_of_one_person_become_one_contact_and_two_again(house: House) -> None:
    at_work = house.receive().conversation_id
    at_home = house.receive(sender=Person("lea.morel@wanadoo.fr", ""), subject="De chez moi").conversation_id
    lea, other = contact_of(house, at_work), contact_of(house, at_home)
    merge = house.write(
        lambda tx: merging.merge(tx, tx.find(Contact, other.id), tx.find(Contact, lea.id)).id, by=house.bruno
    )
    view = house.read(lambda tx: queries.contact(tx, queries.find_contact(tx, other.id)))
    assert (view.id, [one.value for one in view.identities]) == (
        lea.id,
        ["lea@garage-morel.example", "lea.morel@wanadoo.fr"],
    )
    assert row(house, at_home).contact_name == "Léa Morel"
    later = house.receive(sender=Person("lea.morel@wanadoo.fr", ""), subject="Encore").conversation_id
    assert row(house, later).contact_id == lea.id
    house.write(lambda tx: merging.undo(tx, merge), by=house.bruno)
    assert row(house, at_home).contact_id == other.id
    again = house.receive(sender=Person("lea.morel@wanadoo.fr", ""), subject="Et encore").conversation_id
    assert row(house, again).contact_id == other.id


def test_nothing_is_merged_with_itself_nor_into_what_is_gone(house: House) -> None:
    one, other, third = file_of(house, "A"), file_of(house, "B"), file_of(house, "C")
    with pytest.raises(SameOne):
        merge_files(house, one, one)
    first = merge_files(house, one, other)
    merge_files(house, other, third)
    with pytest.raises(NotMerged):
        house.write(lambda tx: merging.undo(tx, first), by=house.bruno)


def test_files_alike_are_suggested_as_one(house: House) -> None:
    one = file_of(house, "Garage Morel", domains=["morel.example"])
    same_name, same_domain = (
        file_of(house, "GARAGE-MOREL"),
        file_of(house, "Morel Poids Lourds", domains=["morel.example"]),
    )
    file_of(house, "Garage Dupont")
    found = house.read(lambda tx: queries.duplicates(tx, tx.find(Customer, one)))
    assert {(each.id, each.why) for each in found} == {(same_name, "name"), (same_domain, "domain")}


def test_contacts_of_one_name_are_suggested_only_within_one_firm(house: House) -> None:
    lea = house.receive().conversation_id
    colleague = house.receive(sender=Person("l.morel@garage-morel.example", "Lea MOREL"), subject="B").conversation_id
    house.receive(sender=Person("lea@ailleurs.example", "Léa Morel"), subject="C")
    found = house.read(lambda tx: queries.duplicate_contacts(tx, contact_of(house, lea)))
    assert [(each.id, each.why) for each in found] == [(contact_of(house, colleague).id, "name")]


def test_a_merged_file_keeps_its_conversations_in_one_timeline(house: House) -> None:
    kept, gone = file_of(house, "A"), file_of(house, "B")
    link(house, house.receive().conversation_id, kept)
    link(house, house.receive(subject="Autre").conversation_id, gone)
    merge_files(house, gone, kept)
    assert len(house.read(lambda tx: profile.page(tx, kept, cursor=None), by=house.bruno).rows) == 2
