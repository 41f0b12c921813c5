"""The mail from before the connection comes in quietly, newest first, threads whole, however often it is interrupted."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from comptoir.channels import recalling
from comptoir.channels.models import Channel, Import
from comptoir.conversations.models import Conversation
from comptoir.foundation.transaction import Transaction
from tests.gateway.post_office import FIRST_DAY, PostOffice, a_mail, eventually
from tests.gateway.test_bounces import POSTFIX
from tests.house import House
from tests.rig.mail_server import MailServer


@pytest.fixture
def old_office(house: House, mail_server: MailServer) -> PostOffice:
    """A mailbox with a thread of three and twenty more mails in it, connected only now."""
    office = PostOffice(house, mail_server)
    put(office, "INBOX", "Devis", "<q1@garage-morel.example>", minutes=0)
    put(office, "Sent", "Re: Devis", "<q2@pieces.example>", answers="<q1@garage-morel.example>", minutes=5, ours=True)
    put(office, "INBOX", "Re: Devis", "<q3@garage-morel.example>", answers="<q2@pieces.example>", minutes=10)
    for number in range(20):
        put(office, "INBOX", f"Commande {number}", f"<c{number}@garage-morel.example>", minutes=20 + number)
    return office


def put(
    office: PostOffice,
    folder: str,
    subject: str,
    header_id: str,
    *,
    answers: str = "",
    minutes: int,
    ours: bool = False,
) -> None:
    raw = a_mail(to=office.account.address, subject=subject, answers=answers)
    raw = raw.replace(raw.split(b"Message-ID: ")[1].split(b"\n")[0], header_id.encode())
    at = format_datetime(FIRST_DAY - timedelta(days=2) + timedelta(minutes=minutes))
    raw = raw.replace(raw.split(b"Date: ")[1].split(b"\n")[0], at.encode())
    if ours:
        us, lea = office.account.address.encode(), b"lea@garage-morel.example"
        head, _, body = raw.partition(b"\n\n")
        head = b"\n".join(line for line in head.split(b"\n") if not line.startswith((b"From:", b"To:")))
        raw = b"From: " + us + b"\nTo: " + lea + b"\n" + head + b"\n\n" + body
    with office.account.imap() as client:
        if folder != "INBOX" and not client.folder_exists(folder):
            client.create_folder(folder)
        client.append(folder, raw.replace(b"\n", b"\r\n"))


def ask(office: PostOffice, period: recalling.Period = "all") -> None:
    office.house.write(
        lambda tx: recalling.start(tx, tx.find(Channel, office.channel_id), period=period), by=office.house.anne
    )


def progress(office: PostOffice) -> Import:
    return office.house.read(lambda tx: tx.find(Import, office.channel_id))


async def test_all_of_it_comes_in_once_and_wakes_nobody(old_office: PostOffice) -> None:
    office = old_office
    await office.open()
    try:
        ask(office)
        await eventually(lambda: progress(office).state == "done" and len(office.messages()) == 23)
        assert (progress(office).total, progress(office).done) == (23, 23)
        assert set(office.ledger()) == {"read"}
        messages = office.messages()
        assert all(message.is_imported for message in messages)
        assert messages[0].subject == "Commande 19", "the newest first"

        def look(tx: Transaction) -> list[Conversation]:
            ids = {message.conversation_id for message in messages}
            return [tx.find(Conversation, id) for id in sorted(ids)]

        conversations = office.house.read(look)
        assert len(conversations) == 21
        assert all(c.is_resolved and c.waiting_since is None and c.last_incoming_id == 0 for c in conversations)
        thread = [message for message in messages if "Devis" in message.subject]
        assert len({message.conversation_id for message in thread}) == 1, "a parent that comes later joins"
        [devis] = [c for c in conversations if c.id == thread[0].conversation_id]
        assert (devis.subject, devis.created_at) == ("Devis", FIRST_DAY - timedelta(days=2))
        assert [m.via for m in sorted(thread, key=lambda m: m.at)] == [None, "mail_client", None]
        assert not {"message.received", "conversation.reopened", "message.echoed"} & set(office.house.events())
        office.deliver(a_mail(to=office.account.address, answers="<q3@garage-morel.example>", subject="Re: Devis"))
        new = await office.message_number(24)
        assert new.conversation_id == devis.id
        assert office.house.conversation(devis.id).is_open
    finally:
        await office.close()


async def test_it_stops_goes_on_and_survives_a_restart(old_office: PostOffice) -> None:
    office = old_office
    ask(office)
    await office.open()
    office.house.write(lambda tx: recalling.stop(tx, tx.find(Channel, office.channel_id)), by=office.house.anne)
    await office.close()
    assert progress(office).state in ("stopped", "done")
    ask(office)
    await office.open()
    try:
        await eventually(lambda: progress(office).state == "done" and len(office.messages()) == 23)
        assert len({message.header_id for message in office.messages()}) == 23
        ask(office)
        await eventually(lambda: progress(office).state == "done")
        assert (len(office.messages()), len(office.ledger())) == (23, 23)
    finally:
        await office.close()


async def test_a_bounce_of_the_past_finds_its_mail_once_the_past_is_here(old_office: PostOffice) -> None:
    office = old_office
    await office.open()
    try:
        returned = "From: x@x.example\nMessage-ID: <q2@pieces.example>\n"
        given = {"to": office.account.address, "number": 1, "recipient": "lea@garage-morel.example"}
        office.deliver(POSTFIX.format(**given, action="failed", status="5.1.1", returned=returned).encode())
        await eventually(lambda: office.ledger() == ["unmatched"])
        ask(office)
        await eventually(lambda: progress(office).state == "done" and "reported" in office.ledger())
        [answer] = [message for message in office.messages() if message.header_id == "<q2@pieces.example>"]
        assert [entry["state"] for entry in answer.receipts or ()] == ["failed"]
        assert "unmatched" not in office.ledger()
    finally:
        await office.close()


async def test_thirty_days_leave_the_rest_where_it_is(house: House, mail_server: MailServer) -> None:
    office = PostOffice(house, mail_server)
    with office.account.imap() as client:
        client.append("INBOX", a_mail(to="x@y.example", subject="vieux"), msg_time=datetime(2025, 1, 1, tzinfo=UTC))
        client.append("INBOX", a_mail(to="x@y.example", subject="récent"), msg_time=FIRST_DAY)
    await office.open()
    try:
        ask(office, "month")
        await eventually(lambda: progress(office).state == "done" and office.messages())
        assert [message.subject for message in office.messages()] == ["récent"]
    finally:
        await office.close()
