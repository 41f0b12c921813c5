"""From the mailbox to the screen: once, whatever happens on the way."""

import asyncio
from datetime import UTC, datetime
from email.message import EmailMessage

from comptoir.channels.port import Cursor, RawMail
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import keeping, reading
from tests.gateway.post_office import PostOffice, a_mail, eventually

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def test_a_delivered_mail_becomes_a_visible_message(office: PostOffice) -> None:
    await office.open()
    office.deliver(a_mail(to=office.account.address, subject="Plaquettes", text="Avez-vous la référence ?"))
    message = await office.message_number(1)
    assert (message.kind, message.subject, message.text.strip()) == (
        "incoming",
        "Plaquettes",
        "Avez-vous la référence ?",
    )
    assert message.recipients["from"] == [["lea@garage-morel.example", "Léa Morel"]]
    assert office.ledger() == ["read"]
    assert office.house.events(message.conversation_id) == ["message.received"]
    [stored] = office.server.messages(office.account.address)
    assert stored.flags == frozenset()


async def test_mail_that_came_while_we_were_away_is_fetched_once_in_order(office: PostOffice) -> None:
    await office.open()
    await office.close()
    for number in range(5):
        office.deliver(a_mail(to=office.account.address, subject=f"Devis {number}"))
    await office.open()
    await office.message_number(5)
    assert [message.subject for message in office.messages()] == [f"Devis {number}" for number in range(5)]
    assert office.ledger() == ["read"] * 5


async def test_a_server_that_goes_down_is_shown_and_what_follows_its_return_arrives(office: PostOffice) -> None:
    await office.open()
    await asyncio.to_thread(office.server.stop)
    await eventually(lambda: office.channel().health == "failing")
    assert office.channel().trouble_code == "refused"
    await asyncio.to_thread(office.server.start)
    await eventually(lambda: office.channel().health == "connected")
    office.deliver()
    await office.message_number(1)


async def test_a_mail_is_kept_once_with_its_cursor_however_often_it_is_reported(office: PostOffice) -> None:
    mail = RawMail("INBOX", 7, 12, a_mail(to=office.account.address), NOON)
    house, id = office.house, office.channel_id
    house.write(lambda tx: keeping.start_at(tx, id, "INBOX", Cursor(7, 10), known_upto=10))
    assert house.write(lambda tx: keeping.keep(tx, id, mail, file_key=None)) is not None
    assert house.write(lambda tx: keeping.keep(tx, id, mail, file_key=None)) is None
    assert office.cursor() == Cursor(7, 12, house.clock.now)
    late = RawMail("INBOX", 7, 11, a_mail(to=office.account.address, subject="en retard"), NOON)
    house.write(lambda tx: keeping.keep(tx, id, late, file_key=None))
    assert office.cursor() == Cursor(7, 12, house.clock.now)
    assert office.ledger() == ["kept", "kept"]


async def test_only_mail_after_the_connection_can_be_missing(office: PostOffice) -> None:
    house, id = office.house, office.channel_id
    house.write(lambda tx: keeping.start_at(tx, id, "INBOX", Cursor(7, 10), known_upto=10))
    mail = RawMail("INBOX", 7, 12, a_mail(to=office.account.address), NOON)
    house.write(lambda tx: keeping.keep(tx, id, mail, file_key=None))
    assert house.read(lambda tx: keeping.missing(tx, id, "INBOX", 7, range(1, 14))) == [11]
    assert house.read(lambda tx: keeping.missing(tx, id, "INBOX", 8, range(1, 14))) == []


async def test_a_job_that_runs_again_after_a_crash_finishes_once(office: PostOffice) -> None:
    mail = RawMail("INBOX", 7, 1, a_mail(to=office.account.address), NOON)
    id = office.house.write(lambda tx: keeping.keep(tx, office.channel_id, mail, file_key=None))
    job = Job(1, "gateway.reading.read_mail", {"ledger_id": id}, attempt=1)
    await asyncio.gather(*(reading.read_mail(office.services, job) for _ in range(3)))
    assert len(office.messages()) == 1
    assert office.ledger() == ["read"]


async def test_a_large_mail_is_kept_in_the_file_store_and_its_attachment_whole(office: PostOffice) -> None:
    await office.open()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "lea@garage-morel.example", office.account.address, "Photos"
    mail.set_content("Voici les photos.")
    photo = bytes(range(256)) * 4096
    mail.add_attachment(photo, maintype="image", subtype="png", filename="disque.png")
    office.deliver(mail.as_bytes())
    message = await office.message_number(1)

    def look(tx: Transaction) -> tuple[object, ...]:
        body = tx.row("SELECT body, file_key FROM ledger")
        file = tx.row("SELECT name, size, file_key FROM attachments WHERE message_id = :id", id=message.id)
        assert body and file
        return (*body, *file)

    body, ledger_file, name, size, file = office.house.read(look)
    assert body is None
    assert b"disque.png" in office.services.files.get(str(ledger_file))
    assert (name, size) == ("disque.png", len(photo))
    assert office.services.files.get(str(file)) == photo
