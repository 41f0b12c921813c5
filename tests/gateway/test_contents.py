"""A closer look at a mail: the mails inside it with their own files, an invitation, the envelope, images always or never."""

import time
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import httpx
import pytest

from tests.house import PASSWORD, Served
from tests.rig.mail_server import Account, MailServer

PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
INVITATION = (
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Livraison\r\nLOCATION:Quai 3\r\n"
    "DTSTART;TZID=Europe/Paris:20260705T140000\r\nDTEND;TZID=Europe/Paris:20260705T150000\r\n"
    "ORGANIZER;CN=Léa Morel:mailto:lea@garage-morel.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def letter(subject: str, html: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Léa Morel <lea@garage-morel.example>", "sav@pieces.example", subject
    mail["Date"] = "Mon, 02 Mar 2026 09:00:00 +0000"
    mail.set_content("Bonjour")
    mail.add_alternative(html, subtype="html")
    return mail


def a_mail_with_a_mail() -> bytes:
    innermost = letter("Tout au fond", "<p>Au fond</p>")
    inner = letter(
        "Devis transféré", '<p>Voici<script>x</script><img src="cid:logo"><img src="https://far.example/a.png"></p>'
    )
    inner.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="devis.pdf")
    inner.get_payload()[0].get_payload()[1].add_related(PIXEL, "image", "gif", cid="<logo>")  # type: ignore[union-attr,index]
    inner.add_attachment(innermost)
    outer = letter("Fwd", '<p>Regardez<img src="https://far.example/b.png" width="600" height="300"></p>')
    outer["Reply-To"] = "Atelier <atelier@garage-morel.example>"
    outer["Authentication-Results"] = "mx.pieces.example; dkim=fail; dkim=pass header.d=x; spf=softfail; dmarc=pass"
    outer["List-Id"] = "<clients.garage-morel.example>"
    outer.add_attachment(inner)
    outer.add_attachment(INVITATION.encode(), maintype="text", subtype="calendar", filename="invite.ics")
    return outer.as_bytes()


@pytest.fixture
def anne(served: Served, mail_server: MailServer) -> Iterator[tuple[httpx.Client, dict[str, Any]]]:
    """The owner's browser, and the message once it has come."""
    client = served.client()
    setup = {"name": "Anne Petit", "email": "anne@pieces.example", "password": PASSWORD, "language": "fr"}
    assert client.post("/api/setup", json=setup).status_code == 201
    account: Account = mail_server.account()
    form = {"address": account.address, "settings": account.settings, "password": account.password, "name": "Garage"}
    assert client.post("/api/channels", json=form).status_code == 201
    until = time.monotonic() + 20
    while client.get("/api/channels").json()[0]["health"] != "connected":
        assert time.monotonic() < until
        time.sleep(0.05)
    mail_server.deliver(account.address, a_mail_with_a_mail())
    while not (rows := client.get("/api/conversations").json()["rows"]):
        assert time.monotonic() < until
        time.sleep(0.05)
    yield client, client.get(f"/api/conversations/{rows[0]['id']}").json()["messages"][0]
    client.close()


def test_a_mail_is_looked_at_closely(anne: tuple[httpx.Client, dict[str, Any]]) -> None:
    client, message = anne
    files = {file["media_type"]: file for file in message["attachments"]}

    _look_into_the_attached_mail(client, files["message/rfc822"]["id"])
    _read_the_invitation(client, files["text/calendar"]["id"])
    _read_the_envelope(client, message["id"])
    _always_show_the_images(client, message)
    assert client.get(f"/api/attachments/{files['text/calendar']['id']}/mail").status_code == 404
    assert client.get(f"/api/attachments/{files['message/rfc822']['id']}/invitation").status_code == 404


def _look_into_the_attached_mail(client: httpx.Client, id: int) -> None:
    mail = client.get(f"/api/attachments/{id}/mail").json()
    assert (mail["subject"], mail["sender"]["name"], mail["at"]) == (
        "Devis transféré",
        "Léa Morel",
        "2026-03-02T09:00:00Z",
    )
    assert [file["media_type"] for file in mail["files"]] == ["application/pdf", "message/rfc822"]
    assert mail["remote_images"] == 1

    page = client.get(mail["body_url"])
    assert "script" not in page.text and "far.example" not in page.text
    assert "sandbox" in page.headers["content-security-policy"]
    picture = f"/api/attachments/{id}/mail/files/0?shown=1"
    assert picture in page.text
    assert client.get(picture).headers["content-type"] == "image/gif"
    with_images = client.get(f"{mail['body_url']}?images=1").text
    assert "/api/images?url=https%3A%2F%2Ffar.example" in with_images

    pdf = client.get(mail["files"][0]["url"])
    assert (pdf.content, pdf.headers["content-disposition"][:10]) == (b"%PDF-1.4", "attachment")
    deeper = client.get(mail["files"][1]["mail_url"]).json()
    assert deeper["subject"] == "Tout au fond"
    for nowhere in ("9", "0", "1.7", "x", "-1", "1.1.1.1.1.1"):
        assert client.get(f"/api/attachments/{id}/mail", params={"inside": nowhere}).status_code in (400, 404)


def _read_the_invitation(client: httpx.Client, id: int) -> None:
    invitation = client.get(f"/api/attachments/{id}/invitation").json()
    assert (invitation["summary"], invitation["location"]) == ("Livraison", "Quai 3")
    assert (invitation["starts_at"], invitation["ends_at"]) == ("2026-07-05T12:00:00Z", "2026-07-05T13:00:00Z")
    assert invitation["organizer"]["name"] == "Léa Morel"


def _read_the_envelope(client: httpx.Client, id: int) -> None:
    envelope = client.get(f"/api/messages/{id}/envelope").json()
    assert ["Subject", "Fwd"] in envelope["headers"]
    assert envelope["reply_to"] == [{"address": "atelier@garage-morel.example", "name": "Atelier"}]
    assert envelope["lists"] == ["<clients.garage-morel.example>"]
    assert len(envelope["delivered_to"]) == 1
    assert [(check["check"], check["result"]) for check in envelope["checks"]] == [
        ("spf", "softfail"),
        ("dkim", "pass"),
        ("dmarc", "pass"),
    ]
    source = client.get(f"/api/messages/{id}/source/text")
    assert source.headers["content-type"].startswith("text/plain") and "Subject: Fwd" in source.text


def _always_show_the_images(client: httpx.Client, message: dict[str, Any]) -> None:
    assert (message["remote_images"], message["shows_images"]) == (1, False)
    for method, shown in (("PUT", True), ("PUT", True), ("DELETE", False)):
        assert client.request(method, f"/api/messages/{message['id']}/images").status_code == 204
        thread = client.get(f"/api/conversations/{message['conversation_id']}").json()
        assert thread["messages"][0]["shows_images"] is shown
