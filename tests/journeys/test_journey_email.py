"""A mail arrives in a real mailbox, the team sees it at once, the answer goes out; and all that can go wrong on the way."""

import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest

from comptoir.foundation.transaction import SYSTEM
from tests.house import PASSWORD, Served, serve, settings_of
from tests.journeys.following import Follower
from tests.rig.mail_server import Account, MailServer

OWNER = {"name": "Anne Petit", "email": "anne@pieces.example", "password": PASSWORD, "language": "fr"}
LEA = "lea@garage-morel.example"


def set_up(served: Served) -> httpx.Client:
    client = served.client()
    assert client.post("/api/setup", json=OWNER).status_code == 201
    return client


def connection(account: Account, **given: Any) -> dict[str, Any]:
    return {
        "address": account.address,
        "name": "SAV",
        "settings": account.settings,
        "password": account.password,
    } | given


def connect(client: httpx.Client, account: Account) -> int:
    answer = client.post("/api/channels", json=connection(account))
    assert answer.status_code == 201, answer.text
    channel_id = answer.json()["id"]
    end = time.monotonic() + 15
    while client.get("/api/channels").json()[0]["health"] != "connected":
        assert time.monotonic() < end
        time.sleep(0.05)
    return int(channel_id)


def mail(to: str, subject: str = "Colis ouvert", text: str = "Il manque deux joints.", **headers: str) -> bytes:
    written = EmailMessage(policy.SMTP)
    written["From"], written["To"], written["Subject"] = (
        f"Léa Morel <{LEA}>",
        f"SAV <{to}>, stock@garage-morel.example",
        subject,
    )
    headers.setdefault("Message_ID", f"<{time.monotonic_ns()}@garage-morel.example>")
    for name, value in headers.items():
        written[name.replace("_", "-")] = value
    written.set_content(text)
    written.add_alternative(f"<p>{text}</p>", subtype="html")
    written.add_attachment(b"%PDF-1.4 bon de livraison", maintype="application", subtype="pdf", filename="BL 8831.pdf")
    return bytes(written)


def header_of(served: Served, message_id: int) -> str:
    """The Message-ID that we wrote down for a reply."""
    found = served.services.database.read_now(
        lambda tx: tx.value("SELECT header_id FROM messages WHERE id = :id", id=message_id), actor=SYSTEM
    )
    return str(found)


def rows(client: httpx.Client, **asked: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/conversations", params={"status": "any", **asked}).json()["rows"]
    return found


def reply(client: httpx.Client, conversation_id: int, to: str = LEA, **given: Any) -> dict[str, Any]:
    words = {
        "client_id": f"client-{time.monotonic_ns()}",
        "text": "Nous renvoyons les joints.",
        "to": [{"address": to}],
    } | given
    answer = client.post(f"/api/conversations/{conversation_id}/messages", json=words)
    assert answer.status_code == 201, answer.text
    written: dict[str, Any] = answer.json()
    return written


@pytest.fixture
def team(served: Served, mailbox: Account) -> Iterator[tuple[httpx.Client, Follower]]:
    """Anne with her mailbox connected, and her open screen."""
    client = set_up(served)
    connect(client, mailbox)
    screen = Follower(client)
    yield client, screen
    screen.close()


def test_journey_email_from_the_mailbox_and_back(
    served: Served, team: tuple[httpx.Client, Follower], mail_server: MailServer, mailbox: Account
) -> None:
    client, screen = team

    mail_server.deliver(mailbox.address, mail(mailbox.address, Message_ID="<colis-8831@garage-morel.example>"))
    started = time.monotonic()
    row = screen.wait_for(lambda: screen.put("conversations"))[-1]
    assert time.monotonic() - started < 3
    assert (row["contact_name"], row["subject"], row["status"]) == ("Léa Morel", "Colis ouvert", "open")
    assert rows(client) == [row]
    (stored,) = mail_server.messages(mailbox.address)
    assert "\\Seen" not in stored.flags

    thread = client.get(f"/api/conversations/{row['id']}").json()
    (message,) = thread["messages"]
    (file,) = message["attachments"]
    assert file["name"] == "BL 8831.pdf"
    assert client.get(file["preview_url"]).content == b"%PDF-1.4 bon de livraison"
    body = client.get(message["body_url"])
    assert "Il manque deux joints." in body.text
    assert "sandbox" in body.headers["content-security-policy"]
    assert b"Colis ouvert" in client.get(message["source_url"]).content
    assert [person["address"] for person in thread["reply"]["to"] + thread["reply"]["cc"]] == [
        LEA,
        "stock@garage-morel.example",
    ]

    written = reply(client, row["id"], bcc=[{"address": "archive@pieces.example"}])
    header_id = header_of(served, written["id"])
    screen.wait_for(lambda: "sent" in screen.deliveries(written["id"]))
    assert screen.deliveries(written["id"]) == ["queued", "sending", "sent"]
    (left,) = mail_server.outbox.wait_for(1)
    sent = message_from_bytes(left.raw, policy=policy.default)
    assert sorted(left.recipients) == sorted([LEA, "archive@pieces.example"])
    assert "archive" not in left.raw.decode("utf-8", "replace")
    assert sent["Message-ID"] == header_id, "the one written down before sending"
    assert sent["In-Reply-To"] == "<colis-8831@garage-morel.example>"
    assert sent["References"].split() == ["<colis-8831@garage-morel.example>"]
    assert sent["Subject"] == "Re: Colis ouvert"

    client.put(f"/api/conversations/{row['id']}/resolution")
    answer = mail(
        mailbox.address, "RE : Colis ouvert", "Merci !", In_Reply_To=sent["Message-ID"], References=sent["Message-ID"]
    )
    mail_server.deliver(mailbox.address, answer)
    screen.wait_for(lambda: screen.put("conversations")[-1]["preview"].startswith("Merci"))
    assert [(found["id"], found["status"]) for found in rows(client)] == [(row["id"], "open")]
    told = [message["kind"] for message in client.get(f"/api/conversations/{row['id']}").json()["messages"]]
    assert sorted(told) == ["incoming", "incoming", "reply"]
    end = time.monotonic() + 10
    while not (copies := mail_server.messages(mailbox.address, "Sent")):
        assert time.monotonic() < end
        time.sleep(0.1)
    time.sleep(0.3)
    (copy,) = mail_server.messages(mailbox.address, "Sent")
    assert copies == [copy]
    assert message_from_bytes(copy.raw, policy=policy.default)["Message-ID"] == header_id
    assert not any("\\Seen" in stored.flags for stored in mail_server.messages(mailbox.address))


def test_journey_email_connecting_says_what_is_wrong(served: Served, mailbox: Account) -> None:
    client = set_up(served)

    tested = client.post("/api/channels/test", json=connection(mailbox, password="pas le bon")).json()
    refused = client.post("/api/channels", json=connection(mailbox, password="pas le bon"))

    assert (tested["ok"], tested["side"], tested["code"]) == (False, "imap", "sign_in_failed")
    assert (refused.status_code, refused.json()["code"]) == (422, "connection_failed")
    assert client.get("/api/channels").json() == []
    assert client.post("/api/channels/test", json=connection(mailbox)).json()["ok"]


def test_journey_email_refused_then_sent_again_as_the_same_mail(
    served: Served, team: tuple[httpx.Client, Follower], mail_server: MailServer, mailbox: Account
) -> None:
    client, screen = team
    mail_server.deliver(mailbox.address, mail(mailbox.address))
    row = screen.wait_for(lambda: screen.put("conversations"))[-1]
    mail_server.smtp.refuse(LEA, "550 5.1.1 no such mailbox", times=1)

    written = reply(client, row["id"])
    header_id = header_of(served, written["id"])
    screen.wait_for(lambda: "failed" in screen.deliveries(written["id"]))
    failed = screen.put("messages")[-1]
    assert failed["error_code"] == "recipients_refused"
    assert "no such mailbox" in failed["error_detail"]
    assert rows(client)[0]["has_failed"]

    assert client.put(f"/api/messages/{written['id']}/delivery").status_code == 204
    screen.wait_for(lambda: "sent" in screen.deliveries(written["id"]))
    (left,) = mail_server.outbox.wait_for(1)
    assert message_from_bytes(left.raw, policy=policy.default)["Message-ID"] == header_id
    assert not rows(client)[0]["has_failed"]
    assert client.put(f"/api/messages/{written['id']}/delivery").json()["code"] == "not_failed"


def test_journey_email_the_same_client_id_is_one_mail(
    team: tuple[httpx.Client, Follower], mail_server: MailServer, mailbox: Account
) -> None:
    client, screen = team
    mail_server.deliver(mailbox.address, mail(mailbox.address))
    row = screen.wait_for(lambda: screen.put("conversations"))[-1]
    words = {"client_id": "weak-network-1", "text": "Bonjour", "to": [{"address": LEA}]}

    answers = [client.post(f"/api/conversations/{row['id']}/messages", json=words) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert len({answer.json()["id"] for answer in answers}) == 1
    screen.wait_for(lambda: "sent" in screen.deliveries(answers[0].json()["id"]))
    time.sleep(0.5)
    assert len(mail_server.outbox) == 1


def test_journey_email_after_an_outage_everything_is_there_once(
    store: str, tmp_path: Path, mail_server: MailServer, mailbox: Account
) -> None:
    first = serve(settings_of(store, tmp_path))
    client = set_up(next(first))
    connect(client, mailbox)
    next(first, None)

    for number in range(3):
        mail_server.deliver(mailbox.address, mail(mailbox.address, f"Pendant la panne {number}"))
    mail_server.append(mailbox.address, "INBOX", b"\r\n\r\n")  # a mail that holds nothing
    mail_server.deliver(mailbox.address, mail(mailbox.address, "Après"))
    second = serve(settings_of(store, tmp_path))
    client = next(second).client(OWNER["email"])
    end = time.monotonic() + 20
    while len(found := rows(client)) < 5:
        assert time.monotonic() < end, found
        time.sleep(0.1)
    time.sleep(0.5)

    told = {row["subject"]: row["id"] for row in rows(client)}
    assert len(rows(client)) == 5, "each of them once"
    assert {"Après", *(f"Pendant la panne {number}" for number in range(3))} < set(told)
    (unreadable,) = (
        message
        for id in told.values()
        for message in client.get(f"/api/conversations/{id}").json()["messages"]
        if message["is_unreadable"]
    )
    assert client.get(unreadable["source_url"]).content.strip() == b""
    assert not any("\\Seen" in stored.flags for stored in mail_server.messages(mailbox.address))
    next(second, None)


def test_journey_email_who_is_not_in_the_mailbox_sees_nothing(
    served: Served, team: tuple[httpx.Client, Follower], mail_server: MailServer, mailbox: Account
) -> None:
    client, screen = team
    invited = client.post("/api/members", json={"email": "bruno@pieces.example"}).json()
    bruno = served.client()
    token = invited["link"].rpartition("/")[2]
    accepted = {"name": "Bruno", "password": PASSWORD, "language": "fr"}
    assert bruno.post(f"/api/invitations/{token}", json=accepted).status_code == 201
    outside = Follower(bruno)
    joined_at = outside.seq
    mail_server.deliver(mailbox.address, mail(mailbox.address))
    row = screen.wait_for(lambda: screen.put("conversations"))[-1]
    (message,) = client.get(f"/api/conversations/{row['id']}").json()["messages"]

    hidden = [
        f"/api/conversations/{row['id']}",
        f"/api/messages/{message['id']}/body",
        f"/api/messages/{message['id']}/source",
        f"/api/messages/{message['id']}/body?images=1",
        message["attachments"][0]["url"],
        message["attachments"][0]["preview_url"],
    ]
    assert [bruno.get(path).status_code for path in hidden] == [404] * len(hidden)
    assert bruno.put(f"/api/conversations/{row['id']}/resolution").status_code == 404
    assert (
        bruno.post(f"/api/conversations/{row['id']}/notes", json={"client_id": "12345678", "text": "x"}).status_code
        == 404
    )
    assert rows(bruno) == []
    assert bruno.get("/api/conversations/counts").json() == {
        "mine": 0,
        "unassigned": 0,
        "all": 0,
        "unread": 0,
        "at_least": [],
    }
    assert bruno.get("/api/search", params={"q": "joints"}).json()["hits"] == []
    missed = bruno.get("/api/changes", params={"after": joined_at}).json()
    assert not missed["reset"]
    assert not any(missed["put"].values())
    assert bruno.get("/api/channels").json() == []
    time.sleep(0.3)
    assert outside.put("conversations") == outside.put("messages") == []

    client.put(f"/api/channels/{row['channel_id']}/members/{invited['member']['id']}")
    outside.wait_for(lambda: any(frame["reset"] for frame in outside.frames))
    assert [found["id"] for found in rows(bruno)] == [row["id"]]
    outside.close()
