"""A few letters or digits find a file, and the list keeps its order from page to page."""

from typing import Any

import pytest

from comptoir.channels.port import Person
from comptoir.conversations.customers import listing
from comptoir.customers import editing, naming, search
from comptoir.customers.directory.port import GivenDocument
from comptoir.customers.documents import filing
from comptoir.customers.models import Customer
from comptoir.customers.schemas import CustomerFacts, Sort
from comptoir.foundation.transaction import Transaction
from tests.customers.cast import file_of, link
from tests.house import House


@pytest.fixture
def files(house: House) -> dict[str, int]:
    garage = file_of(house, "Garage Morel & Fils", code="C-0412", country="FR")
    ecole = file_of(house, "École de conduite Étoile", code="A 17")
    dupont = file_of(house, "Garage Dupont")
    coeur = file_of(house, "Carrosserie du Cœur de Ville")

    def people(tx: Transaction) -> None:
        naming.create(tx, name="Léa Morel", addresses=["lea@garage-morel.fr", "06 12 34 56 78"], customer_id=garage)
        naming.create(tx, name="Jean-Paul Étoile", addresses=["jp@etoile.fr"], customer_id=ecole)

    house.write(people, by=house.bruno)
    invoice = GivenDocument(kind="invoice", number="FA-2026/0042", customer="c 0412")
    house.write(lambda tx: filing.file(tx, [invoice], source="api"))
    return {"garage": garage, "ecole": ecole, "dupont": dupont, "coeur": coeur}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mor", ["garage"]),
        ("MOREL garage", ["garage"]),
        ("etoile", ["ecole"]),
        ("c0412", ["garage"]),
        ("C-0412", ["garage"]),
        ("lea@garage", ["garage"]),
        ("06 12 34", ["garage"]),
        ("0612345678", ["garage"]),
        ("+33 6 12 34 56 78", ["garage"]),
        ("jean paul", ["ecole"]),
        ("gar", ["dupont", "garage"]),
        ("morel et fils", ["garage"]),
        ("Morel & fils", ["garage"]),
        ("c 04", ["garage"]),
        ("C04 12", ["garage"]),
        ("cœur", ["coeur"]),
        ("coeur de ville", ["coeur"]),
        ("FA-2026/0042", ["garage"]),
        ("fa 2026 00", ["garage"]),
        ("zzz", []),
        ("  ", []),
        ("%", []),
    ],
)
def test_a_file_is_found_by_the_beginning_of_any_of_its_words(
    house: House, files: dict[str, int], typed: str, found: list[str]
) -> None:
    names = {id: name for name, id in files.items()}
    hits = house.read(lambda tx: search.customers(tx, typed))
    assert [names[hit.customer.id] for hit in hits] == found


def test_a_renamed_file_is_found_by_its_new_name_alone_and_an_archived_one_by_none(
    house: House, files: dict[str, int]
) -> None:
    def change(tx: Transaction) -> None:
        dupont = tx.find(Customer, files["dupont"])
        editing.change(tx, dupont, CustomerFacts("Carrosserie Lemoine"))

    house.write(change, by=house.bruno)
    assert not house.read(lambda tx: search.customers(tx, "dupont"))
    assert house.read(lambda tx: search.customers(tx, "lemoine"))
    house.write(lambda tx: editing.archive(tx, tx.find(Customer, files["dupont"])), by=house.bruno)
    assert not house.read(lambda tx: search.customers(tx, "lemoine"))


def pages(house: House, **asked: Any) -> list[str]:
    """All names of the list, read two by two, as Bruno sees it."""
    names, cursor = [], None
    while True:
        page = house.read(lambda tx, cursor=cursor: listing.page(tx, cursor=cursor, limit=2, **asked), by=house.bruno)
        names += [line.name for line in page.rows]
        cursor = page.next
        if cursor is None:
            return names


def test_the_list_goes_by_name_by_code_and_by_who_was_last_in_touch(house: House, files: dict[str, int]) -> None:
    file_of(house, "Ambulances du Lac")
    for name, channel in (("garage", house.sav), ("dupont", house.sav), ("ecole", house.achats)):
        house.clock.forward(minutes=5)
        mail = house.receive(channel, sender=Person(f"x@{name}.example", name), subject=name)
        link(house, mail.conversation_id, files[name])
    by: dict[Sort, list[str]] = {
        "name": [
            "Ambulances du Lac",
            "Carrosserie du Cœur de Ville",
            "École de conduite Étoile",
            "Garage Dupont",
            "Garage Morel & Fils",
        ],
        "code": [
            "École de conduite Étoile",
            "Garage Morel & Fils",
            "Ambulances du Lac",
            "Carrosserie du Cœur de Ville",
            "Garage Dupont",
        ],
        # what was said in a channel that Bruno does not see brings nobody up
        "activity": [
            "Garage Dupont",
            "Garage Morel & Fils",
            "Ambulances du Lac",
            "Carrosserie du Cœur de Ville",
            "École de conduite Étoile",
        ],
    }
    for sort, names in by.items():
        assert pages(house, sort=sort) == names
    assert pages(house, sort="name", line="garage") == ["Garage Dupont", "Garage Morel & Fils"]
    assert pages(house, sort="activity", line="lea") == ["Garage Morel & Fils"]
    lines = house.read(lambda tx: listing.page(tx, sort="activity"), by=house.bruno).rows
    assert [line.last_at is not None for line in lines] == [True, True, False, False, False]
    assert [line.contacts for line in lines] == [0, 1, 0, 0, 1]
