"""Customers beside conversations, in the browser: who is on no file is asked for in the ERP, and numbers in a mail can be written to."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import slips
from tests.browser.test_journey_email import look, sign_in
from tests.gateway.shop import PATHS, Shop
from tests.house import Served

UNKNOWN = "Keller"


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.server.shutdown()


def test_who_is_on_no_file_is_found_in_the_erp(counter: Served, browser: Browser, shop: Shop) -> None:
    desk = sign_in(browser, counter, "anne", "/conversations?tab=all")
    beside = _beside(desk)
    expect(beside.get_by_text("Aucun dossier lié.")).to_be_visible()
    expect(beside.get_by_role("button", name="Chercher dans l’ERP")).to_have_count(0)

    owner = counter.client("anne@pieces-express.example")
    assert owner.put("/api/lookup", json={"url": shop.url, "seconds": 1} | PATHS).status_code == 200
    owner.close()
    desk.reload()
    look_up = beside.get_by_role("button", name="Chercher dans l’ERP")

    shop.answer = (200, b"{}", 3.0)
    look_up.click()
    expect(beside.get_by_role("alert")).to_contain_text("L’ERP n’a pas répondu à temps.")
    look(desk, "customer-erp-slow")
    shop.answer = (401, b"", 0.0)
    look_up.click()
    expect(beside.get_by_role("alert")).to_contain_text("L’ERP a refusé la question (réponse 401).")
    shop.answer = (404, b"", 0.0)
    look_up.click()
    expect(beside.get_by_text(re.compile("L’ERP ne connaît pas .*Keller"))).to_be_visible()
    expect(beside.get_by_role("alert")).to_have_count(0)

    shop.answer = shop.knows
    look_up.click()
    found = beside.get_by_role("list", name="Dans l’ERP")
    for said in ("Garage Morel", "C-0412", "lea@garage-morel.example", "1 document"):
        expect(found.get_by_text(said).first).to_be_visible()
    assert slips(desk) == []
    look(desk, "customer-erp-found")
    found.get_by_role("button", name="C’est bien ce client").click()
    expect(beside.get_by_role("link", name="Garage Morel")).to_be_visible()
    expect(beside.get_by_text("CMD-42")).to_be_visible()
    expect(desk.get_by_role("feed").get_by_text(re.compile("Garage Morel")).first).to_be_visible()


def _beside(desk: Page) -> Locator:
    desk.get_by_role("listitem").filter(has_text=UNKNOWN).first.click()
    return desk.get_by_role("complementary", name="Détails")
