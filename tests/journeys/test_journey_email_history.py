"""The past of a mailbox, over HTTP: none of it, a month or all; how far it has come; stopped, and gone on with; answered."""

import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import httpx

from tests.house import Served
from tests.journeys.test_journey_email import LEA, connection, mail, reply, rows, set_up
from tests.rig.mail_server import Account, MailServer
from tests.rig.submission import LARGEST

LONG_AGO = datetime.now(UTC) - timedelta(days=400)


def put_away(account: Account, subject: str, at: datetime, header_id: str, sender: str = LEA) -> None:
    raw = mail(account.address, subject, Message_ID=header_id, Date=at.strftime("%a, %d %b %Y %H:%M:%S +0000"))
    with account.imap() as client:
        client.append("INBOX", raw.replace(LEA.encode(), sender.encode()), msg_time=at)


def old_mailbox(mail_server: MailServer) -> Account:
    """Two mails of last year, one of last week."""
    account = mail_server.account()
    for number in (1, 2):
        at = LONG_AGO + timedelta(days=number)
        put_away(account, f"Vieux {number}", at, f"<old-{number}@garage-morel.example>", f"client{number}@x.example")
    put_away(account, "Récent", datetime.now(UTC) - timedelta(days=7), "<recent@garage-morel.example>")
    return account


def connect(client: httpx.Client, account: Account, history: str) -> int:
    answer = client.post("/api/channels", json=connection(account, history=history))
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def history_of(client: httpx.Client, channel_id: int) -> dict[str, Any] | None:
    found: dict[int, Any] = {channel["id"]: channel["history"] for channel in client.get("/api/channels").json()}
    return found[channel_id]


def rows_of(client: httpx.Client, channel_id: int) -> list[dict[str, Any]]:
    return [row for row in rows(client) if row["channel_id"] == channel_id]


def wait_until_done(client: httpx.Client, channel_id: int, mails: int) -> dict[str, Any]:
    end = time.monotonic() + 30
    while True:
        history = history_of(client, channel_id) or {}
        if history.get("state") == "done" and len(rows_of(client, channel_id)) == mails:
            return history
        assert time.monotonic() < end, history
        time.sleep(0.1)


def test_the_past_is_a_choice_and_answers_to_it_name_it(served: Served, mail_server: MailServer) -> None:
    client = set_up(served)
    assert client.patch("/api/me", json={"undo_seconds": 0}).status_code == 200

    nothing = connect(client, old_mailbox(mail_server), "none")
    month = connect(client, old_mailbox(mail_server), "month")
    everything = connect(client, old_mailbox(mail_server), "all")

    done = wait_until_done(client, month, 1)
    assert (done["total"], done["done"], done["since"] is None) == (1, 1, False)
    done = wait_until_done(client, everything, 3)
    assert (done["total"], done["done"], done["since"]) == (3, 3, None)
    assert (history_of(client, nothing), rows_of(client, nothing)) == (None, [])
    found = rows_of(client, everything)
    assert {(row["status"], row["waiting_since"], row["last_incoming_id"]) for row in found} == {("resolved", None, 0)}

    old = next(row for row in found if row["subject"] == "Vieux 1")
    proposed = client.get(f"/api/conversations/{old['id']}").json()["reply"]
    assert [person["address"] for person in proposed["to"]] == ["client1@x.example"]
    assert proposed["in_reply_to_id"] is not None
    assert 30_000_000 < proposed["files_limit"] < LARGEST, "what the mail server says it takes, less base64"
    reply(client, old["id"], to="client1@x.example", in_reply_to_id=None)
    sent = mail_server.outbox.wait_for(1)[-1]
    assert message_from_bytes(sent.raw, policy=policy.default)["In-Reply-To"] == "<old-1@garage-morel.example>"


def test_the_past_is_stopped_and_gone_on_with(served: Served, mail_server: MailServer) -> None:
    client = set_up(served)
    account = old_mailbox(mail_server)
    channel_id = connect(client, account, "all")

    assert client.delete(f"/api/channels/{channel_id}/history").status_code == 204
    stopped = history_of(client, channel_id)
    assert stopped is not None and stopped["state"] in ("stopped", "done")
    assert client.put(f"/api/channels/{channel_id}/history", json={"period": "all"}).status_code == 204
    done = wait_until_done(client, channel_id, 3)
    assert done["done"] == done["total"]
    assert client.put(f"/api/channels/{channel_id}/history", json={"period": "all"}).status_code == 204
    wait_until_done(client, channel_id, 3)
