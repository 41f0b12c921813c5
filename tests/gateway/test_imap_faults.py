"""What goes wrong between a mailbox and the ledger, or lasts for days: everything is stored, once, where it belongs."""

import asyncio
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta

from tests.gateway.post_office import PostOffice, a_mail, eventually


def send_from_outlook(office: PostOffice, subject: str, *, answers: str = "") -> None:
    raw = a_mail(to="lea@garage-morel.example", subject=subject, answers=answers)
    raw = raw.replace(b"From: " + raw.split(b"From: ")[1].split(b"\n")[0], b"From: " + office.account.address.encode())
    office.server.append(office.account.address, "Sent", raw.replace(b"\n", b"\r\n"))


def make_sent(office: PostOffice) -> None:
    with office.account.imap() as client:
        if not client.folder_exists("Sent"):
            client.create_folder("Sent")


async def test_a_new_uidvalidity_reads_everything_again_and_doubles_nothing(office: PostOffice) -> None:
    await office.open()
    for subject in ("un", "deux"):
        office.deliver(a_mail(to=office.account.address, subject=subject))
    await office.message_number(2)

    fresh = await asyncio.to_thread(office.server.change_uidvalidity, office.account.address)

    await eventually(lambda: office.ledger() == ["read", "read", "doubled", "doubled"])
    cursor = office.cursor()
    assert cursor is not None
    assert cursor.uidvalidity == fresh
    assert [message.subject for message in office.messages()] == ["un", "deux"]


async def test_a_new_uidvalidity_of_the_sent_folder_doubles_no_answer(office: PostOffice) -> None:
    make_sent(office)
    await office.open()
    await eventually(lambda: office.channel().sent_folder == "Sent")
    office.deliver()
    question = await office.message_number(1)
    send_from_outlook(office, "Re: Ma commande", answers=str(question.header_id))
    answer = await office.message_number(2)
    assert (answer.kind, answer.conversation_id) == ("reply", question.conversation_id)

    await asyncio.to_thread(office.server.change_uidvalidity, office.account.address, "Sent")

    await eventually(lambda: office.ledger() == ["read", "read", "doubled"])
    send_from_outlook(office, "Et encore", answers=str(question.header_id))
    await office.message_number(3)
    assert [message.kind for message in office.messages()] == ["incoming", "reply", "reply"]


async def test_a_sent_folder_that_goes_and_comes_back_costs_nothing(office: PostOffice) -> None:
    make_sent(office)
    await office.open()
    await eventually(lambda: office.channel().sent_folder == "Sent")
    with office.account.imap() as client:
        client.delete_folder("Sent")
    office.deliver(a_mail(to=office.account.address, subject="pendant"))
    await office.message_number(1)
    make_sent(office)
    send_from_outlook(office, "après")
    await office.message_number(2)
    assert [(message.subject, message.kind) for message in office.messages()] == [
        ("pendant", "incoming"),
        ("après", "reply"),
    ]
    assert office.channel().health == "connected"


async def test_three_days_of_outage_are_made_good_once(office: PostOffice) -> None:
    make_sent(office)
    await office.open()
    await eventually(lambda: office.channel().sent_folder == "Sent")
    await office.close()
    for number in range(12):
        office.deliver(a_mail(to=office.account.address, subject=f"Devis {number}"))
    office.deliver(a_mail(to=office.account.address, subject="Question", Message_ID="<q@garage-morel.example>"))
    send_from_outlook(office, "Re: Question", answers="<q@garage-morel.example>")
    await asyncio.to_thread(office.server.change_uidvalidity, office.account.address)
    office.house.clock.now += timedelta(days=3)
    for _ in range(2):  # and it is restarted once more
        await office.open()
        await eventually(lambda: len(office.messages()) == 14)
        await office.close()
    messages = office.messages()
    assert sorted(message.subject for message in messages) == sorted(
        ["Re: Question", "Question", *(f"Devis {number}" for number in range(12))]
    )
    assert not any(message.is_imported for message in messages)
    assert office.ledger() == ["read"] * 14
    [question] = [message for message in messages if message.subject == "Question"]
    conversation = office.house.conversation(question.conversation_id)
    assert (conversation.is_open, conversation.waiting_since) == (True, None), "answered from elsewhere meanwhile"


async def test_what_a_killed_process_had_kept_is_read_by_the_next_one(office: PostOffice) -> None:
    """`kill -9` right after the ledger's commit: the row, the cursor and the job are there, nobody has read anything."""
    program = f"""
        import os, signal
        from pathlib import Path
        from datetime import UTC, datetime
        from comptoir import app
        from comptoir.channels.port import RawMail
        from comptoir.gateway import keeping
        from comptoir.settings import Settings
        services = app.make_services(Settings(
            data=Path({str(office.services.settings.data)!r}), database={office.services.settings.database!r}))
        services.database.open()
        mail = RawMail("INBOX", 7, 1, {a_mail(to=office.account.address, subject="orphelin")!r}, datetime.now(UTC))
        services.database.write_now(lambda tx: keeping.keep(tx, {office.channel_id}, mail, file_key=None))
        os.kill(os.getpid(), signal.SIGKILL)
    """
    killed = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", textwrap.dedent(program)])
    assert killed.returncode == -9
    assert office.ledger() == ["kept"]
    office.house.clock.now = datetime.now(UTC)
    await office.open()
    assert (await office.message_number(1)).subject == "orphelin"
    assert office.ledger() == ["read"]
