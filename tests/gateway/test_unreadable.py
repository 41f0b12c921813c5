"""A mail that cannot be read is kept, shown as such, and holds nobody up; replay reads it when the house has learned to."""

import asyncio
from datetime import UTC, datetime

import pytest

from comptoir.channels.port import Incoming, Person, RawMail
from comptoir.conversations import understanding
from comptoir.conversations.models import Conversation, Message
from comptoir.foundation.jobs.port import Job, RetryLater
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import keeping, ledger, reading
from comptoir.gateway.reader import Understanding
from tests.gateway.post_office import PostOffice, a_mail, eventually

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def keep(office: PostOffice, raw: bytes, uid: int = 1) -> int:
    mail = RawMail("INBOX", 7, uid, raw, NOON)
    id = office.house.write(lambda tx: keeping.keep(tx, office.channel_id, mail, file_key=None))
    assert id is not None
    return id


def speak(office: PostOffice, provider: str) -> None:
    """The mailbox's provider is one that this version knows (imap), or does not know yet."""
    office.house.write(
        lambda tx: tx.execute(
            "UPDATE channels SET provider = :provider WHERE id = :id", provider=provider, id=office.channel_id
        )
    )


def job(ledger_id: int, attempt: int = 1, *, is_last: bool = False) -> Job:
    return Job(1, "gateway.reading.read_mail", {"ledger_id": ledger_id}, attempt, is_last)


async def test_bytes_that_hold_nothing_are_shown_as_unreadable_and_the_next_mail_arrives(office: PostOffice) -> None:
    await office.open()
    office.server.append(office.account.address, "INBOX", b"\r\n\r\n")
    office.deliver()
    await office.message_number(2)
    broken, fine = office.messages()
    assert (broken.is_unreadable, broken.error_code, broken.error_detail) == (True, "unreadable", "empty")
    assert (fine.is_unreadable, fine.subject) == (False, "Ma commande")
    assert office.ledger() == ["unreadable", "read"]
    assert broken.ledger_id == 1
    entry = office.house.read(lambda tx: ledger.find(tx, 1))
    assert entry is not None
    assert ledger.bytes_of(entry, office.services.files).strip() == b""


async def test_the_same_unreadable_mail_twice_is_shown_once(office: PostOffice) -> None:
    for uid in (1, 2):
        await reading.read_mail(office.services, job(keep(office, b"   ", uid)))
    assert len(office.messages()) == 1
    assert office.ledger() == ["unreadable", "doubled"]


async def test_replay_reads_it_when_the_house_has_learned_to(office: PostOffice) -> None:
    await office.open()
    speak(office, "pigeon")
    keep(office, a_mail(to=office.account.address, subject="Roucoule"))
    shown = await office.message_number(1)
    assert shown.is_unreadable
    assert shown.subject == "Roucoule"
    assert "pigeon" in (shown.error_detail or "")

    speak(office, "imap")
    assert await asyncio.to_thread(reading.replay, office.services) == 1
    await eventually(lambda: office.ledger() == ["read"])

    [understood] = office.messages()
    assert understood.id == shown.id
    assert (understood.is_unreadable, understood.error_code, understood.text.strip()) == (
        False,
        None,
        "Bonjour, où en est-elle ?",
    )
    conversation = office.house.conversation(understood.conversation_id)
    assert (conversation.subject, conversation.contact_id) == ("Roucoule", understood.contact_id)
    assert understood.contact_id is not None
    assert office.house.events(conversation.id) == ["message.received", "message.understood"]


async def test_replay_of_what_still_cannot_be_read_changes_nothing(office: PostOffice) -> None:
    id = keep(office, b"")
    await reading.read_mail(office.services, job(id))
    before = office.house.events()
    await reading.read_mail(office.services, job(id))
    assert office.house.events() == before
    assert office.ledger() == ["unreadable"]


async def test_replay_finishes_what_was_kept_and_forgotten(office: PostOffice) -> None:
    id = keep(office, a_mail(to=office.account.address))
    office.house.write(lambda tx: tx.execute("UPDATE ledger SET state = 'kept' WHERE id = :id", id=id))
    assert await asyncio.to_thread(lambda: reading.replay(office.services, state="kept")) == 1
    assert await asyncio.to_thread(lambda: reading.replay(office.services, [id, 12345])) == 1
    await office.open()
    await office.message_number(1)
    await asyncio.sleep(0.5)
    assert len(office.messages()) == 1


async def test_a_mail_that_killed_its_house_again_and_again_is_not_tried_for_ever(office: PostOffice) -> None:
    id = keep(office, a_mail(to=office.account.address))
    await reading.read_mail(office.services, job(id, attempt=10, is_last=True))
    assert office.messages()[0].is_unreadable
    assert office.ledger() == ["unreadable"]


async def test_a_mail_that_the_database_refuses_is_tried_twice_and_then_set_aside(office: PostOffice) -> None:
    id = keep(office, a_mail(to=office.account.address))
    entry = office.house.read(lambda tx: ledger.find(tx, id))
    assert entry is not None
    nobody = Incoming(external_id="x", at=None, sender=Person("lea@garage-morel.example"))  # type: ignore[arg-type]
    refused = Understanding(nobody, (), 0)
    with pytest.raises(RetryLater):
        await reading._land(office.services, entry, refused, job(id))
    assert office.messages() == []
    await reading._land(office.services, entry, refused, job(id, attempt=2))
    assert office.messages()[0].is_unreadable
    assert office.ledger() == ["unreadable"]


async def test_understanding_leaves_the_conversation_where_the_team_has_put_it(office: PostOffice) -> None:
    await reading.read_mail(office.services, job(keep(office, b"")))
    [shown] = office.messages()
    office.answer(shown.conversation_id, text="Votre message est illisible.")
    incoming = Incoming(
        external_id="f", at=NOON, sender=Person("lea@garage-morel.example", "Léa"), subject="Enfin", text="Voilà."
    )

    def work(tx: Transaction) -> str:
        understanding.understand(tx, tx.find(Message, shown.id), incoming)
        understanding.understand(tx, tx.find(Message, shown.id), incoming)
        return tx.find(Conversation, shown.conversation_id).preview

    assert office.house.write(work) == "Votre message est illisible."
    assert office.house.events(shown.conversation_id).count("message.understood") == 1
