"""Who writes, and whose customer they are: by what they write from, suggested by a firm's own domain, never by a name."""

import pytest

from comptoir.channels.port import Person
from comptoir.conversations.customers import linking
from comptoir.customers import editing, naming, phones, public_hosts, queries, recognizing
from comptoir.customers.errors import BadCountry, BadIdentity, CodeTaken, IdentityTaken, LastIdentity, PublicDomain
from comptoir.customers.identifying import PHONE, identify
from comptoir.customers.models import Contact, Customer
from comptoir.customers.schemas import CustomerFacts
from comptoir.foundation.transaction import Transaction
from tests.customers.cast import contact_of, file_of, link, row
from tests.house import House


def suggested(house: House, conversation_id: int) -> list[str]:
    contact = contact_of(house, conversation_id)
    return [file.name for file in house.read(lambda tx: queries.suggestions(tx, contact))]


def test_a_colleague_of_a_known_firm_is_suggested_and_one_click_makes_them_theirs(house: House) -> None:
    garage = file_of(house, domains=["garage-morel.example"])
    id = house.receive(sender=Person("paul@garage-morel.example", "Paul")).conversation_id
    assert suggested(house, id) == ["Garage Morel"]
    assert row(house, id).customer_id is None, "a suggestion links nothing by itself"
    paul = contact_of(house, id).id
    house.write(lambda tx: linking.belong(tx, tx.find(Contact, paul), tx.find(Customer, garage)), by=house.bruno)
    assert (row(house, id).customer_id, row(house, id).customer_name) == (garage, "Garage Morel")
    later = house.receive(sender=Person("paul@garage-morel.example", "Paul"), subject="Autre chose").conversation_id
    assert row(house, later).customer_id == garage, "what they write next is on the file from the start"


def test_a_refused_suggestion_does_not_come_back(house: House) -> None:
    file_of(house, domains=["garage-morel.example"])
    id = house.receive().conversation_id
    house.write(lambda tx: linking.refuse(tx, tx.find(Contact, contact_of(house, id).id)), by=house.bruno)
    assert suggested(house, id) == []


def test_a_public_mail_host_is_nobodys_domain(house: House) -> None:
    with pytest.raises(PublicDomain):
        file_of(house, domains=["orange.fr"])
    garage = file_of(house)
    one = house.receive(sender=Person("morel@wanadoo.fr", "Garage Morel")).conversation_id
    link(house, one, garage, with_contact=True)
    other = house.receive(sender=Person("voisin@wanadoo.fr", "Garage Morel"), subject="Bonjour").conversation_id
    assert suggested(house, other) == [], "neither a shared host nor the same display name says anything"
    assert row(house, other).customer_id is None
    public = (
        "mail.yahoo.co.uk",
        "hotmail.gr",
        "yahoo.com.ar",
        "MX.Outlook.AT",
        "marketplace.amazon.co.uk",
        "mozmail.com",
    )
    firms = (
        "garage-orange.fr",
        "orange.com",
        "live.garage.fr",
        "hotmail.example",
        "yahoo.garage.com",
        "outlook-auto.fr",
    )
    assert [host for host in public if not public_hosts.is_public(public_hosts.domain_of(f"a@{host}"))] == []
    assert [host for host in firms if public_hosts.is_public(host)] == []


def test_a_file_never_learns_the_domain_of_the_house(house: House) -> None:
    """A colleague who was put on a file by mistake does not make every colleague a customer."""
    garage = file_of(house)
    one = house.receive(sender=Person("remi@pieces.example", "Rémi")).conversation_id
    link(house, one, garage, with_contact=True)
    assert house.read(lambda tx: queries.view(tx, tx.find(Customer, garage))).domains == []


def test_a_file_learns_the_domain_of_the_people_who_are_put_on_it(house: House) -> None:
    garage = file_of(house)
    link(house, house.receive().conversation_id, garage, with_contact=True)
    assert house.read(lambda tx: queries.view(tx, tx.find(Customer, garage))).domains == ["garage-morel.example"]
    other = house.receive(sender=Person("paul@garage-morel.example", "Paul"), subject="Freins").conversation_id
    assert suggested(house, other) == ["Garage Morel"]


def test_a_number_on_a_file_is_recognised_when_it_writes_on_whatsapp(house: House) -> None:
    garage = file_of(house, country="FR")

    def known(tx: Transaction) -> int:
        return naming.create(tx, name="Léa Morel", addresses=["06 12 34 56 78"], customer_id=garage).id

    lea = house.write(known, by=house.bruno)
    named = [("bsuid", "FR.abc"), (PHONE, "33612345678")]
    assert house.write(lambda tx: identify(tx, named, scope="meta:1", at=tx.now, given="33612345678")) == lea
    assert house.read(lambda tx: recognizing.customer_of(tx, lea)) == garage
    again = [("bsuid", "FR.abc")]
    assert house.write(lambda tx: identify(tx, again, scope="meta:1", at=tx.now)) == lea, (
        "the user id was learned with it"
    )


@pytest.mark.parametrize(
    ("typed", "country", "digits"),
    [
        ("06 12 34 56 78", "FR", "33612345678"),
        ("0470/12.34.56", "BE", "32470123456"),
        ("+41 79 123 45 67", "FR", "41791234567"),
        ("0041 79 123 45 67", None, "41791234567"),
        ("+33 (0)6 12 34 56 78", "BE", "33612345678"),
        ("06 12 34 56 7", "FR", None),
        ("+33 06 12 34 56 7", "FR", None),
        ("07 08 12 34 56", "CI", "2250708123456"),
        ("06 1234 5678", "IT", "390612345678"),
        ("atelier", "FR", None),
    ],
)
def test_a_number_is_read_as_the_customers_country_writes_it(
    typed: str, country: str | None, digits: str | None
) -> None:
    assert phones.typed_in(typed, country=country) == digits
    assert phones.parsed(typed, country or phones.HOME) == digits, "in a file too"


def test_an_address_is_one_persons_and_the_last_one_stays(house: House) -> None:
    id = house.receive().conversation_id
    lea = contact_of(house, id)

    def add(tx: Transaction, contact_id: int, typed: str) -> None:
        naming.add(tx, tx.find(Contact, contact_id), typed)

    house.write(lambda tx: add(tx, lea.id, "Atelier@Garage-Morel.example"), by=house.bruno)
    house.write(lambda tx: add(tx, lea.id, "atelier@garage-morel.example"), by=house.bruno)
    shown = house.read(lambda tx: queries.contact(tx, lea)).identities
    assert [one.shown for one in shown] == ["lea@garage-morel.example", "atelier@garage-morel.example"]
    paul = house.write(lambda tx: naming.create(tx, name="Paul", addresses=["+33 1 23 45 67 89"], customer_id=None).id)
    with pytest.raises(IdentityTaken) as taken:
        house.write(lambda tx: add(tx, paul, "atelier@garage-morel.example"), by=house.bruno)
    assert "Léa Morel" in taken.value.sentence("fr")
    with pytest.raises(BadIdentity):
        house.write(lambda tx: add(tx, paul, "12"), by=house.bruno)
    for one in shown[1:]:
        house.write(lambda tx, one=one: naming.remove(tx, tx.find(Contact, lea.id), one.id), by=house.bruno)
    with pytest.raises(LastIdentity):
        house.write(lambda tx: naming.remove(tx, tx.find(Contact, lea.id), shown[0].id), by=house.bruno)


def test_a_code_is_one_files_however_it_is_written(house: House) -> None:
    file_of(house, code="C-0412")
    with pytest.raises(CodeTaken):
        file_of(house, "Autre", code="c 0412")
    with pytest.raises(BadCountry):
        file_of(house, "Autre", country="ZZ")


def test_saying_the_same_again_records_nothing(house: House) -> None:
    facts = CustomerFacts(
        "Garage Morel", code="C-0412", tags=["VIP"], fields={"Remise": "10 %"}, domains=["morel.example"]
    )
    garage = house.write(lambda tx: editing.create(tx, facts).id, by=house.bruno)
    before = house.events()
    house.write(lambda tx: editing.change(tx, tx.find(Customer, garage), facts), by=house.bruno)
    assert house.events() == before
