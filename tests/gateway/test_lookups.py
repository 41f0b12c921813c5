"""The company's ERP, asked over real HTTP when somebody is on screen: once in a while, quickly, or not at all."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from comptoir.channels.port import Person
from comptoir.conversations.customers import details
from comptoir.conversations.models import Conversation
from comptoir.customers.directory.port import Known, Question, Silent
from comptoir.customers.lookups import connecting
from comptoir.customers.lookups.errors import BadLookupUrl, LookupGone
from comptoir.customers.lookups.schemas import LookupSettings
from comptoir.foundation.errors import NotAllowed
from comptoir.gateway import lookups
from comptoir.providers import erp
from tests.gateway.shop import PATHS, Shop
from tests.house import Clock, House, Served, furnish


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.server.shutdown()


def connect(house: House, shop: Shop, **given: Any) -> None:
    values: dict[str, Any] = {"url": shop.url, "header": "x-key", "token": "secret", "seconds": 1, "keep_minutes": 60}
    settings = LookupSettings(**(values | PATHS | given))
    sealed = house.services.secrets.seal("secret")
    house.write(lambda tx: connecting.connect(tx, settings, sealed=sealed, is_usable=True), by=house.anne)


def look(house: House, contact_id: int | None) -> Any:
    return asyncio.run(lookups.look_up(house.services, "contact", contact_id or 0))


def test_somebody_unknown_is_known_to_the_erp(house: House, shop: Shop) -> None:
    received = house.receive()
    connect(house, shop)
    contact = house.conversation(received.conversation_id).contact_id

    looked = look(house, contact)

    assert looked.is_fresh and shop.asked == [("/customers?mail=lea%40garage-morel.example", "secret")]
    assert house.read(
        lambda tx: tx.rows(
            "SELECT c.code, c.name, d.number, d.total_cents, d.issued_on FROM contacts p JOIN customers c ON c.id = p.customer_id"
            " JOIN documents d ON d.customer_id = c.id WHERE p.id = :id",
            id=contact,
        )
    ) == [("C-0412", "Garage Morel", "CMD-42", 12050, "2026-11-24")]


def find(house: House, contact_id: int | None) -> Known:
    known, questions = house.read(lambda tx: lookups.about(tx, contact_id or 0), by=house.bruno)
    return asyncio.run(lookups.find(house.services, known, questions))


def test_a_member_looks_and_says_that_it_is_them(house: House, shop: Shop) -> None:
    """The ERP has them under another address: the member's word links them, with what they wrote, and the file has the documents."""
    received = house.receive(sender=Person("lea.perso@mail.example", "Léa"))
    connect(house, shop)
    conversation = house.conversation(received.conversation_id)

    answer = find(house, conversation.contact_id)
    (found,) = house.read(lambda tx: lookups.shown(tx, answer))
    assert (found.code, found.name, found.people, found.documents, found.customer) == (
        "C-0412",
        "Garage Morel",
        ["lea@garage-morel.example"],
        1,
        None,
    )
    assert house.read(lambda tx: tx.value("SELECT count(*) FROM customers")) == 0

    house.write(lambda tx: lookups.take(tx, conversation.contact_id or 0, "c 0412", answer), by=house.bruno)

    details_now = house.read(lambda tx: details.of(tx, tx.find(Conversation, conversation.id)), by=house.bruno)
    assert details_now.customer is not None and details_now.customer.name == "Garage Morel"
    assert not details_now.can_look_up
    assert house.read(lambda tx: tx.value("SELECT customer_code FROM documents WHERE number = 'CMD-42'"))
    assert "conversation.customer_linked" in house.events(conversation.id)
    assert house.read(lambda tx: lookups.shown(tx, answer))[0].customer is not None


def test_it_is_offered_where_there_is_somebody_to_ask(house: House, shop: Shop) -> None:
    received = house.receive()

    def offered() -> bool:
        return house.read(
            lambda tx: details.of(tx, tx.find(Conversation, received.conversation_id)), by=house.bruno
        ).can_look_up

    assert not offered()
    connect(house, shop)
    assert offered()
    connect(house, shop, is_active=False)
    assert not offered()
    connect(house, shop, url=shop.url.replace("{email}", "{phone}"))
    assert not offered()


def test_what_the_erp_does_not_say_any_more_is_not_kept(house: House, shop: Shop) -> None:
    contact = house.conversation(house.receive().conversation_id).contact_id
    connect(house, shop)
    shop.answer = (404, b"", 0.0)
    answer = find(house, contact)

    with pytest.raises(LookupGone):
        house.write(lambda tx: lookups.take(tx, contact or 0, "C-0412", answer), by=house.bruno)
    assert house.read(lambda tx: tx.value("SELECT count(*) FROM customers")) == 0


def test_whoever_looks_is_told_why_there_is_no_answer(served: Served, shop: Shop) -> None:
    house = House(served.services, Clock())
    served.services.database.write_now(lambda tx: furnish(tx, house))
    with closing(served.client("anne@pieces.example")) as anne:
        made = anne.post("/api/contacts", json={"name": "Léa", "addresses": ["lea@garage-morel.example"]}).json()
        path = f"/api/contacts/{made['id']}/lookup"
        assert anne.get(path).status_code == 404
        assert anne.put("/api/lookup", json={"url": shop.url, "seconds": 1} | PATHS).status_code == 200
        for answer, code, words in (
            ((200, b"{}", 3.0), "lookup_slow", "à temps"),
            ((403, b"", 0.0), "lookup_refused", "403"),
            ((200, b"<html>", 0.0), "lookup_not_json", "lisible"),
        ):
            shop.answer = answer
            refused = anne.get(path)
            assert (refused.status_code, refused.json()["code"]) == (422, code)
            assert words in refused.json()["detail"]
            assert anne.get("/api/lookup").json()["trouble"] == code
        shop.answer = (404, b"", 0.0)
        assert anne.get(path).json() == []
        gone = anne.put(path, json={"code": "C-0412"})
        assert (gone.status_code, gone.json()["code"]) == (422, "lookup_gone")
        assert anne.get("/api/lookup").json()["trouble"] == ""


def test_the_same_is_asked_once_until_its_answer_is_old(house: House, shop: Shop) -> None:
    contact = house.conversation(house.receive().conversation_id).contact_id
    connect(house, shop)

    look(house, contact)
    look(house, contact)
    assert len(shop.asked) == 1

    house.clock.forward(hours=2)
    look(house, contact)
    assert len(shop.asked) == 2


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ((200, b"{}", 3.0), "lookup_slow"),
        ((500, b"", 0.0), "lookup_refused"),
        ((302, b"", 0.0), "lookup_refused"),
        ((200, b"<html>", 0.0), "lookup_not_json"),
        ((200, b"[" + b" " * erp.MOST_BYTES + b"]", 0.0), "lookup_too_large"),
    ],
)
def test_an_erp_in_trouble_makes_nobody_wait(house: House, shop: Shop, answer: Any, trouble: str) -> None:
    contact = house.conversation(house.receive().conversation_id).contact_id
    connect(house, shop)
    shop.answer = answer

    looked = look(house, contact)

    known = house.read(connecting.find)
    assert (looked.is_fresh, looked.trouble) == (False, trouble)
    assert known is not None and known.trouble == trouble


def test_whom_the_erp_does_not_know_stays_unknown(house: House, shop: Shop) -> None:
    contact = house.conversation(house.receive().conversation_id).contact_id
    connect(house, shop)
    shop.answer = (404, b"", 0.0)

    assert look(house, contact).is_fresh
    assert house.read(lambda tx: tx.value("SELECT count(*) FROM customers")) == 0


def test_only_an_owner_says_where_the_erp_is_and_a_token_never_changes_server(house: House, shop: Shop) -> None:
    connect(house, shop)
    other = LookupSettings(url="http://10.0.0.9/{code}")

    with pytest.raises(NotAllowed):
        house.write(lambda tx: connecting.connect(tx, other, sealed=None, is_usable=True), by=house.bruno)
    with pytest.raises(BadLookupUrl):
        house.write(lambda tx: connecting.connect(tx, other, sealed=None, is_usable=False), by=house.anne)
    moved = house.write(
        lambda tx: connecting.view(connecting.connect(tx, other, sealed=None, is_usable=True)), by=house.anne
    )
    assert not moved.has_token


@pytest.mark.parametrize(
    ("url", "is_usable"),
    [
        ("http://erp.lan:8069/api/{code}", True),
        ("https://10.0.0.5/find?mail={email}", True),
        ("https://{code}.example/", False),
        ("ftp://erp.lan/{code}", False),
        ("https://me:secret@erp.lan/{code}", False),
        ("https://erp.lan/all", False),
    ],
)
def test_an_address_names_its_server(url: str, is_usable: bool) -> None:
    assert erp.is_usable(url) is is_usable


def test_what_a_customer_writes_stays_a_value() -> None:
    assert (
        erp.filled("http://erp.lan/{email}/x", Question(email="a/../b?c@d.example"))
        == "http://erp.lan/a%2F..%2Fb%3Fc%40d.example/x"
    )
    with pytest.raises(Silent, match="lookup_refused_address"):
        asyncio.run(erp.Erp("http://169.254.169.254/{code}", erp.Reading(), seconds=1).ask(Question(code="c")))
