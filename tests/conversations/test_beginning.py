"""Whom to write to: found while it is typed, with the conversation that is there already."""

import pytest

from comptoir.channels.models import Channel
from comptoir.conversations.beginning import people
from comptoir.conversations.beginning.schemas import People
from comptoir.customers.directory import putting
from comptoir.customers.directory.port import GivenContact, GivenCustomer, GivenDocument
from comptoir.customers.documents import filing
from comptoir.foundation.transaction import Transaction
from tests.house import House


@pytest.fixture
def directory(house: House) -> House:
    """Two garages: Léa Morel's in Lyon, Zoé Dupré's in Belgium."""
    lea = GivenContact(name="Léa Morel", emails=["lea@garage-morel.example"], phones=["06 12 34 56 78"])
    zoe = GivenContact(name="Zoé Dupré", emails=["zoe@dupre.example"], phones=["0470 12 34 56"])
    order = GivenDocument(kind="order", number="CMD-2026-0042", customer="C-0413")

    def fill(tx: Transaction) -> None:
        putting.put(
            tx,
            [
                GivenCustomer(code="C-0412", name="Garage Lyonnais", country="FR", contacts=[lea]),
                GivenCustomer(code="C-0413", name="Carrosserie Dupré", country="BE", contacts=[zoe]),
            ],
        )
        filing.file(tx, [order], source="api")

    house.write(fill)
    return house


def find(house: House, line: str, *, kind: str = "email", customer_id: int | None = None) -> People:
    def work(tx: Transaction) -> People:
        channel = tx.find(Channel, house.sav.id)
        if kind == "whatsapp":
            channel.kind, channel.address = "whatsapp", "+33612345600"
        return people.find(tx, channel, line, customer_id=customer_id)

    return house.rehearse(work, by=house.bruno)


@pytest.mark.parametrize(
    "line", ["lea", "MOREL l", "lyonn", "c0412", "C-0412", "lea@gar", "garage-morel", "06 12 34 56", "+33 6 12 34"]
)
def test_a_person_is_found_by_name_customer_code_address_or_number(directory: House, line: str) -> None:
    [found] = find(directory, line).people

    assert (found.name, found.address) == ("Léa Morel", "lea@garage-morel.example")
    assert (found.customer, found.code) == ("Garage Lyonnais", "C-0412")


def test_by_the_number_of_a_document(directory: House) -> None:
    assert [one.name for one in find(directory, "cmd 2026 00").people] == ["Zoé Dupré"]


def test_a_number_channel_reaches_numbers(directory: House) -> None:
    [found] = find(directory, "zoé", kind="whatsapp").people

    assert (found.address, found.shown) == ("+32470123456", "+32 470 12 34 56")


def test_what_is_typed_may_be_an_address_of_nobody(directory: House) -> None:
    found = find(directory, "Nouveau@Client.example")

    assert found.people == []
    assert found.typed is not None and (found.typed.address, found.typed.contact_id) == ("nouveau@client.example", None)
    assert find(directory, "nouveau@").typed is None


def test_a_number_is_read_as_in_the_customers_country(directory: House) -> None:
    belgian = directory.read(lambda tx: tx.value("SELECT id FROM customers WHERE code = 'C-0413'"))

    typed = find(directory, "0471 98 76 54", kind="whatsapp", customer_id=belgian).typed

    assert typed is not None and typed.address == "+32471987654"


def test_an_open_conversation_is_said(directory: House) -> None:
    received = directory.receive(subject="Plaquettes")

    [found] = find(directory, "morel").people

    assert (found.conversation_id, found.subject) == (received.conversation_id, "Plaquettes")


def test_nothing_typed_offers_the_customers_own_people(directory: House) -> None:
    lyonnais = directory.read(lambda tx: tx.value("SELECT id FROM customers WHERE code = 'C-0412'"))

    assert [one.name for one in find(directory, "", customer_id=lyonnais).people] == ["Léa Morel"]
    assert find(directory, "").people == []
