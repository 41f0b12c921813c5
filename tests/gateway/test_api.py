"""Connecting a mailbox through the front door, with a real server behind it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.house import PASSWORD, Served
from tests.rig.mail_server import Account

OWNER = "anne@pieces.example"


@pytest.fixture
def anne(served: Served) -> Iterator[httpx.Client]:
    """The owner's browser, on the first day."""
    client = served.client()
    setup = {"name": "Anne Petit", "email": OWNER, "password": PASSWORD, "language": "fr"}
    assert client.post("/api/setup", json=setup).status_code == 201
    yield client
    client.close()


def form(account: Account, **changes: Any) -> dict[str, Any]:
    settings = account.settings | changes
    return {"address": account.address, "settings": settings, "password": account.password}


def test_guess_knows_common_hosts(anne: httpx.Client) -> None:
    answer = anne.get("/api/channels/guess", params={"address": "atelier@gmail.com"}).json()
    assert (answer["settings"]["imap_host"], answer["is_known"]) == ("imap.gmail.com", True)
    assert anne.get("/api/channels/guess", params={"address": "nonsense"}).status_code == 400


def test_testing_a_connection_says_what_is_wrong_and_changes_nothing(anne: httpx.Client, mailbox: Account) -> None:
    assert anne.post("/api/channels/test", json=form(mailbox)).json()["ok"] is True
    wrong = anne.post("/api/channels/test", json=form(mailbox) | {"password": "faux"})
    assert wrong.status_code == 200
    assert (wrong.json()["ok"], wrong.json()["side"], wrong.json()["code"]) == (False, "imap", "sign_in_failed")
    closed = anne.post("/api/channels/test", json=form(mailbox, smtp_port=1)).json()
    assert (closed["side"], closed["code"]) == ("smtp", "refused")
    assert anne.get("/api/channels").json() == []


def test_connecting_tests_first_and_says_in_a_sentence_what_is_wrong(anne: httpx.Client, mailbox: Account) -> None:
    refused = anne.post("/api/channels", json=form(mailbox) | {"password": "faux"})
    assert refused.status_code == 422
    problem = refused.json()
    assert (problem["code"], problem["facts"]["code"], problem["facts"]["side"]) == (
        "connection_failed",
        "sign_in_failed",
        "imap",
    )
    assert problem["detail"] == "Le serveur de réception (IMAP) refuse l'identifiant ou le mot de passe."
    assert anne.get("/api/channels").json() == []

    connected = anne.post("/api/channels", json=form(mailbox) | {"name": "Garage"})
    assert connected.status_code == 201
    assert (connected.json()["name"], connected.json()["health"]) == ("Garage", "connecting")
    assert mailbox.password not in connected.text
    again = anne.post("/api/channels", json=form(mailbox))
    assert (again.status_code, again.json()["code"]) == (409, "channel_address_taken")


def test_a_new_password_is_tried_before_it_is_kept(anne: httpx.Client, mailbox: Account) -> None:
    id = anne.post("/api/channels", json=form(mailbox)).json()["id"]
    refused = anne.patch(f"/api/channels/{id}", json={"password": "faux"})
    assert (refused.status_code, refused.json()["code"]) == (422, "connection_failed")
    renamed = anne.patch(f"/api/channels/{id}", json={"name": "Garage Morel"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "Garage Morel")
    assert anne.patch(f"/api/channels/{id}", json={"password": mailbox.password}).status_code == 200
    assert anne.patch("/api/channels/9999", json={"name": "x"}).status_code == 404


def test_disconnecting_hides_it_and_connecting_again_brings_it_back(anne: httpx.Client, mailbox: Account) -> None:
    id = anne.post("/api/channels", json=form(mailbox)).json()["id"]
    assert anne.delete(f"/api/channels/{id}").status_code == 204
    assert anne.get("/api/channels").json() == []
    assert anne.delete(f"/api/channels/{id}").status_code == 404
    assert anne.post("/api/channels", json=form(mailbox)).json()["id"] == id


def test_members_may_not_manage_mailboxes(served: Served, anne: httpx.Client, mailbox: Account) -> None:
    id = anne.post("/api/channels", json=form(mailbox)).json()["id"]
    invited = anne.post("/api/members", json={"email": "bruno@pieces.example", "channel_ids": [id]}).json()
    token = invited["link"].rpartition("/")[2]
    bruno = served.client()
    welcome = {"name": "Bruno Costa", "password": PASSWORD, "language": "en"}
    assert bruno.post(f"/api/invitations/{token}", json=welcome).status_code == 201
    bruno.headers["x-csrftoken"] = bruno.cookies["csrftoken"]
    [seen] = bruno.get("/api/channels").json()
    assert (seen["id"], seen["settings"]) == (id, None)
    for answer in (
        bruno.get("/api/channels/guess", params={"address": "a@gmail.com"}),
        bruno.post("/api/channels/test", json=form(mailbox)),
        bruno.post("/api/channels", json=form(mailbox)),
        bruno.patch(f"/api/channels/{id}", json={"name": "x"}),
        bruno.delete(f"/api/channels/{id}"),
        bruno.put(f"/api/channels/{id}/members/1"),
        bruno.delete(f"/api/channels/{id}/members/1"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    bruno.close()


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"address": "no-at-sign", "settings": {}, "password": "x"},
        {"address": "a@b", "settings": {"imap_port": 0}, "password": "x"},
        {"address": "a@b", "settings": None, "password": "x", "surprise": 1},
    ],
)
def test_input_outside_the_schema_is_refused_with_a_sentence(anne: httpx.Client, broken: dict[str, Any]) -> None:
    for path in ("/api/channels", "/api/channels/test"):
        answer = anne.post(path, json=broken)
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
        assert answer.json()["detail"]
