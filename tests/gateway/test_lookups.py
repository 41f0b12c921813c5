"""The company's ERP, asked over real HTTP when somebody is on screen: once in a while, quickly, or not at all."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from comptoir.customers.directory.port import Question, Silent
from comptoir.customers.lookups import connecting
from comptoir.customers.lookups.errors import BadLookupUrl
from comptoir.customers.lookups.schemas import LookupSettings
from comptoir.foundation.errors import NotAllowed
from comptoir.gateway import lookups
from comptoir.providers import erp
from tests.house import House

MOREL = {
    "data": {
        "ref": "C-0412",
        "label": "Garage Morel",
        "mail": "lea@garage-morel.example",
        "orders": [{"no": "CMD-42", "on": "2026-11-24T08:00:00", "sum": 120.5, "is": "Prête"}],
    }
}
PATHS = {
    "customers": "data",
    "customer": {"code": "ref", "name": "label", "email": "mail"},
    "documents": "orders",
    "document": {"kind": "=order", "number": "no", "issued_on": "on", "total": "sum", "state": "is"},
}


class Shop:
    """A small ERP: what it was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.answer: tuple[int, bytes, float] = (200, json.dumps(MOREL).encode(), 0.0)
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shop.asked.append((self.path, self.headers.get("x-key", "")))
                status, body, wait = shop.answer
                time.sleep(wait)
                self.send_response(status)
                self.send_header("location", "http://127.0.0.1/elsewhere")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/customers?mail={{email}}"


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.server.shutdown()


def connect(house: House, shop: Shop, **given: Any) -> None:
    settings = LookupSettings(
        url=shop.url, header="x-key", token="secret", seconds=1, keep_minutes=60, **(PATHS | given)
    )
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
