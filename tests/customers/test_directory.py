"""Another program keeps the directory up to date: by codes and numbers, a thousand at a time, the same twice is once."""

from collections.abc import Iterator

import httpx
import pytest

from comptoir.customers.directory import putting, tables
from comptoir.customers.directory.port import GivenContact, GivenCustomer, Question
from tests.house import PASSWORD, House, Served

SETUP = {
    "organisation": "Pièces Express",
    "name": "Anne Petit",
    "email": "anne@pieces.example",
    "password": PASSWORD,
    "language": "fr",
    "timezone": "Europe/Paris",
}
GARAGE = {"name": "Garage Morel", "country": "FR", "contacts": [{"name": "Léa", "phones": ["06 12 34 56 78"]}]}


@pytest.fixture
def owner(served: Served) -> httpx.Client:
    client = served.client()
    assert client.post("/api/setup", json=SETUP).status_code == 201
    return client


@pytest.fixture
def erp(served: Served, owner: httpx.Client) -> Iterator[httpx.Client]:
    """A program with a token, and no cookie."""
    made = owner.post("/api/tokens", json={"name": "ERP"}).json()
    with httpx.Client(base_url=served.url, headers={"authorization": f"Bearer {made['token']}"}) as client:
        yield client


def test_a_customer_is_put_by_its_code(erp: httpx.Client, owner: httpx.Client) -> None:
    first = erp.put("/api/customers/by-code/C-0412", json=GARAGE)
    again = erp.put("/api/customers/by-code/c0412", json=GARAGE)
    changed = erp.put("/api/customers/by-code/C-0412", json={"name": "Garage Morel & fils"})

    assert [one.json()["outcome"] for one in (first, again, changed)] == ["created", "unchanged", "updated"]
    found = owner.get("/api/customers/by-code/C0412").json()
    assert (found["name"], found["country"]) == ("Garage Morel & fils", "FR")
    assert found["contacts"] == [{"name": "Léa", "phones": ["+33612345678"]}]


def test_a_thousand_at_a_time_each_with_its_own_result(erp: httpx.Client) -> None:
    batch = [{"code": f"C{n}", "name": f"Client {n}"} for n in range(999)] + [{"name": "!"}]

    first, again = erp.put("/api/customers", json=batch), erp.put("/api/customers", json=batch)

    assert [one["outcome"] for one in first.json()].count("created") == 999
    assert first.json()[-1] == {"key": "!", "outcome": "refused", "reason": "no_code"}
    assert [one["outcome"] for one in again.json()].count("unchanged") == 999
    assert erp.put("/api/customers", json=[*batch, *batch]).status_code == 413


def test_documents_are_put_by_kind_and_number(erp: httpx.Client) -> None:
    erp.put("/api/customers/by-code/C-0412", json=GARAGE)
    order = {
        "kind": "order",
        "number": "",
        "customer": "C0412",
        "issued_on": "2026-11-24",
        "total": 120.5,
        "state": "Prête",
    }

    put = erp.put("/api/documents/by-number/order/CMD-2026-0042", json=order)
    batch = erp.put(
        "/api/documents", json=[order | {"number": "cmd 2026 0042"}, order | {"number": "X1", "kind": "poem"}]
    )

    assert put.json()["outcome"] == "created"
    assert [(one["outcome"], one.get("reason")) for one in batch.json()] == [("updated", None), ("refused", "bad_kind")]
    found = erp.get("/api/documents/by-number/order/cmd20260042").json()
    assert (found["total_cents"], found["currency"], found["state"]) == (12050, "EUR", "Prête")
    assert erp.delete("/api/documents/by-number/order/CMD-2026-0042").status_code == 204
    assert erp.get("/api/documents/by-number/order/CMD-2026-0042").status_code == 404


@pytest.mark.parametrize("number", ["FA-2026/0042", "FA-2026%2F0042", "2026/11/24/7"])
def test_a_number_or_a_code_may_have_slashes(erp: httpx.Client, number: str) -> None:
    """As programs write it into an address: in percent signs, or as it is."""
    invoice = {"kind": "invoice", "number": "", "customer": "411/MOREL", "total": 12}

    assert erp.put("/api/customers/by-code/411%2FMOREL", json=GARAGE).json()["outcome"] == "created"
    assert erp.get("/api/customers/by-code/411/MOREL").json()["code"] == "411/MOREL"
    assert erp.put(f"/api/documents/by-number/invoice/{number}", json=invoice).json()["outcome"] == "created"
    found = erp.get(f"/api/documents/by-number/invoice/{number}").json()
    assert (found["number"], found["total_cents"]) == (number.replace("%2F", "/"), 1200)
    assert erp.delete(f"/api/documents/by-number/invoice/{number}").status_code == 204


def test_what_is_refused_says_why(erp: httpx.Client) -> None:
    refused = erp.put("/api/customers/by-code/C1", json={"name": "A", "country": "Atlantide"})

    assert (refused.status_code, refused.json()["code"]) == (422, "item_refused")
    assert "Atlantide" in refused.json()["detail"]


def test_a_token_opens_the_directory_and_nothing_else(served: Served, erp: httpx.Client, owner: httpx.Client) -> None:
    assert erp.get("/api/conversations").status_code == 401
    assert erp.get("/api/members").status_code == 401
    assert erp.get("/api/tokens").status_code == 401
    bad = httpx.put(f"{served.url}/api/customers", json=[], headers={"authorization": "Bearer cpt_no"})
    assert (bad.status_code, bad.json()["code"]) == (401, "bad_token")
    assert httpx.put(f"{served.url}/api/customers", json=[]).status_code == 401


def test_a_revoked_token_opens_nothing(erp: httpx.Client, owner: httpx.Client) -> None:
    assert erp.put("/api/customers", json=[]).status_code == 200
    [token] = owner.get("/api/tokens").json()
    assert token["used_at"] is not None and "token" not in token

    owner.delete(f"/api/tokens/{token['id']}")

    assert erp.put("/api/customers", json=[]).status_code == 401


def test_the_same_customer_twice_in_one_batch_is_one(house: House) -> None:
    lea, zoe = (
        GivenContact(name="Léa", emails=["lea@garage.example"]),
        GivenContact(name="Zoé", emails=["zoe@garage.example"]),
    )
    batch = [GivenCustomer(code="C1", name="Garage", contacts=[one]) for one in (lea, zoe, lea)]

    results = house.write(lambda tx: putting.put(tx, batch))

    assert [result.outcome for result in results] == ["created", "updated", "unchanged"]
    [customer] = house.read(lambda tx: tables.answer(tx, Question(email="zoe@garage.example"))).customers
    assert [contact.name for contact in customer.contacts] == ["Léa", "Zoé"]


def test_a_number_is_read_as_the_country_writes_it_that_is_known_of_the_customer(house: House) -> None:
    house.write(lambda tx: putting.put(tx, [GivenCustomer(code="C1", name="Dupré", country="BE")]))
    zoe = GivenContact(name="Zoé", phones=["0470 12 34 56", "+33 6 12 34 56 78", "12"])

    [result] = house.write(lambda tx: putting.put(tx, [GivenCustomer(code="C1", contacts=[zoe])]))

    assert (result.outcome, result.reason, result.given) == ("updated", "bad_phone", "12")
    known = house.read(lambda tx: tables.by_code(tx, "C1"))
    assert [contact.phones for contact in known.contacts] == [["+32470123456", "+33612345678"]]
    found = house.read(lambda tx: tx.value("SELECT count(*) FROM contact_words WHERE word = '470123456'"))
    assert found == 1


def test_a_number_that_was_given_back_names_whom_the_books_say(house: House) -> None:
    lea, zoe = GivenContact(name="Léa", phones=["+33612345678"]), GivenContact(name="Zoé", phones=["+33612345678"])
    house.write(lambda tx: putting.put(tx, [GivenCustomer(code="C1", name="Morel", contacts=[lea])]))
    house.write(lambda tx: tx.execute("UPDATE identities SET ended_at = 1"))

    [result] = house.write(lambda tx: putting.put(tx, [GivenCustomer(code="C2", name="Dupré", contacts=[zoe])]))

    assert (result.outcome, result.reason) == ("created", "")
    [named] = house.read(
        lambda tx: tx.rows("SELECT c.name, i.ended_at FROM identities i JOIN contacts c ON c.id = i.contact_id")
    )
    assert named == ("Zoé", None)


def test_whatever_stands_in_a_name_is_kept(house: House) -> None:
    names = ["Garage \\N", "\\.", "L'« Atelier »", 'Chez "Max"', "{1,2}", "100 % auto :nom", "NULL", "\\t\U0001f697"]
    batch = [GivenCustomer(code=f"C{n}", name=name, contacts=[GivenContact(name=name)]) for n, name in enumerate(names)]

    first, again = (house.write(lambda tx: putting.put(tx, batch)) for _ in range(2))

    assert {result.outcome for result in first} == {"created"}
    assert {result.outcome for result in again} == {"unchanged"}
    assert house.read(lambda tx: [name for (name,) in tx.rows("SELECT name FROM customers ORDER BY code")]) == names
    assert house.read(lambda tx: [name for (name,) in tx.rows("SELECT name FROM contacts ORDER BY id")]) == names
