"""A reply leaves once, with a copy among the sent mail; or it says why not. A note never leaves."""

import asyncio
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest

from comptoir.channels import connecting
from comptoir.channels.models import Channel
from comptoir.conversations import delivering, writing
from comptoir.conversations.models import Conversation, Delivery, Message
from comptoir.foundation.jobs.port import Job, RetryLater, job_name
from comptoir.foundation.tables import from_ms
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import leaving, sending
from comptoir.gateway.leaving import NeverLeaves
from tests.gateway.post_office import PostOffice, a_mail, eventually
from tests.rig.mail_server import Stored


async def received(office: PostOffice) -> Message:
    """Léa has written, and the office is open."""
    await office.open()
    office.deliver()
    return await office.message_number(1)


async def written_while_closed(office: PostOffice, *to: str) -> int:
    """Anne has answered Léa; nothing runs but what the test runs."""
    lea = await received(office)
    await office.close()
    return office.answer(lea.conversation_id, *to)


async def attempt(office: PostOffice, message_id: int, number: int) -> timedelta | None:
    """One attempt; how long it asks to wait before the next."""
    job = Job(1, "gateway.sending.send", {"message_id": message_id, "attempts": number - 1}, 1)
    before = set(jobs_outside_lanes(office))
    try:
        await sending.send(office.services, job)
    except RetryLater as later:
        return later.wait
    return next((run_at - office.house.clock() for run_at in jobs_outside_lanes(office) if run_at not in before), None)


def jobs_outside_lanes(office: PostOffice) -> list[datetime]:
    """When the jobs that hold up nothing are to run."""

    def look(tx: Transaction) -> list[datetime]:
        if tx.is_sqlite:
            found = tx.rows("SELECT run_at FROM jobs WHERE lane IS NULL AND name = 'gateway.sending.send'")
            return [from_ms(run_at) for (run_at,) in found]
        return [
            at
            for (at,) in tx.rows(
                "SELECT scheduled_at FROM procrastinate_jobs WHERE lock IS NULL AND task_name = 'gateway.sending.send'"
            )
        ]

    return office.house.read(look)


def sent_folder(office: PostOffice) -> list[Stored]:
    return office.server.messages(office.account.address, "Sent")


async def test_a_reply_leaves_with_its_thread_and_a_copy_is_filed(office: PostOffice) -> None:
    lea = await received(office)
    id = office.answer(lea.conversation_id)
    reply = await office.becomes(id, "sent")
    [sent] = office.server.outbox
    assert sent.recipients == ("lea@garage-morel.example",)
    mail = message_from_bytes(sent.raw, policy=policy.default)
    assert mail["Message-ID"] == reply.header_id
    assert mail["In-Reply-To"] == mail["References"] == lea.header_id
    assert mail["Subject"] == "Re: Ma commande"
    assert "Elle est partie ce matin." in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    [copy] = await eventually(lambda: sent_folder(office))
    assert copy.flags == {"\\Seen"}
    assert message_from_bytes(copy.raw)["Message-ID"] == reply.header_id
    assert office.house.events(lea.conversation_id)[-3:] == ["message.queued", "message.sending", "message.sent"]


async def test_the_answer_to_our_answer_comes_back_to_its_conversation(office: PostOffice) -> None:
    lea = await received(office)
    reply = await office.becomes(office.answer(lea.conversation_id), "sent")
    office.deliver(a_mail(to=office.account.address, subject="Merci !", answers=reply.header_id or ""))
    again = await office.message_number(3)
    assert (again.conversation_id, again.match_reason) == (lea.conversation_id, "token")


async def test_a_note_never_leaves_even_when_a_job_asks_for_it(office: PostOffice) -> None:
    lea = await received(office)
    words = writing.Words(client_id="note-1", text="Client difficile, rester ferme.")

    def add_note(tx: Transaction) -> int:
        note = writing.note(tx, tx.find(Conversation, lea.conversation_id), words).message
        note.delivery = Delivery.QUEUED  # as a bug would leave it
        note.recipients = {"from": [[office.account.address, ""]], "to": [["lea@garage-morel.example", ""]]}
        note.header_id = "<note@house>"
        tx.enqueue(job_name(sending.send), {"message_id": note.id})
        return note.id

    id = office.house.write(add_note, by=office.house.anne)
    [dead] = await eventually(office.dead_jobs)
    assert dead.error == f"Message {id} is a note: it never leaves the house."
    assert office.message(id).delivery == "queued"
    assert not office.server.outbox


@pytest.mark.parametrize("kind", ["note", "analysis", "incoming"])
@pytest.mark.parametrize("delivery", [None, "queued", "sending", "sent"])
async def test_only_a_reply_can_be_made_a_letter(office: PostOffice, kind: str, delivery: str | None) -> None:
    message = Message(id=1, kind=kind, delivery=delivery, header_id="<x@y>")
    for states in (leaving.MAY_LEAVE, leaving.LEFT):
        with pytest.raises(NeverLeaves):
            office.house.read(lambda tx, states=states: leaving.letter(tx, message, states=states))  # type: ignore[misc]


async def test_a_reply_that_is_not_being_sent_is_no_letter(office: PostOffice) -> None:
    for delivery in ("queued", "sent", "failed", None):
        reply = Message(id=1, kind="reply", delivery=delivery, header_id="<x@y>")
        with pytest.raises(NeverLeaves):
            office.house.read(lambda tx, reply=reply: leaving.letter(tx, reply, states=leaving.MAY_LEAVE))  # type: ignore[misc]


async def test_a_refused_recipient_is_told_and_the_others_get_it(office: PostOffice) -> None:
    lea = await received(office)
    id = office.answer(lea.conversation_id, "lea@garage-morel.example", "hard@elsewhere.test")
    reply = await office.becomes(id, "sent")
    assert reply.refusals and reply.refusals[0][0] == "hard@elsewhere.test"
    assert "5.1.1" in reply.refusals[0][1]
    [sent] = office.server.outbox
    assert sent.recipients == ("lea@garage-morel.example",)


async def test_nobody_takes_it_then_a_member_tries_again_with_the_same_message_id(office: PostOffice) -> None:
    lea = await received(office)
    office.server.smtp.refuse("plein@elsewhere.test", "550 5.2.1 Mailbox disabled", times=1)
    id = office.answer(lea.conversation_id, "plein@elsewhere.test")
    failed = await office.becomes(id, "failed")
    assert failed.error_code == "recipients_refused"
    assert "Mailbox disabled" in (failed.error_detail or "")
    assert office.house.conversation(lea.conversation_id).failed_count == 1
    office.house.write(lambda tx: delivering.retry(tx, tx.find(Message, id)), by=office.house.anne)
    again = await office.becomes(id, "sent")
    [sent] = office.server.outbox
    assert message_from_bytes(sent.raw)["Message-ID"] == again.header_id == failed.header_id
    assert office.house.conversation(lea.conversation_id).failed_count == 0


async def test_not_now_is_tried_again_later_with_the_reason_so_far(office: PostOffice) -> None:
    id = await written_while_closed(office, "soft@elsewhere.test")
    office.server.smtp.soft_tries = 1
    assert await attempt(office, id, 1) == sending.WAITS[0]
    waiting = office.message(id)
    assert (waiting.delivery, waiting.error_code) == ("queued", "temporary")
    assert "Greylisted" in (waiting.error_detail or "")
    assert await attempt(office, id, 2) is None
    sent = office.message(id)
    assert (sent.delivery, sent.error_code, len(office.server.outbox)) == ("sent", None, 1)


async def test_a_mail_that_waits_for_hours_lets_the_next_ones_of_its_conversation_pass(office: PostOffice) -> None:
    if not office.services.database.is_sqlite:
        pytest.skip("the other engine waits by the clock of the wall; the job is the same")
    lea = await received(office)
    office.server.smtp.refuse("plein@elsewhere.test", "451 4.2.2 Mailbox full", times=1000)
    stuck = office.answer(lea.conversation_id, "plein@elsewhere.test")
    next_one = office.answer(lea.conversation_id)
    await eventually(lambda: office.message(stuck).error_code == "temporary")
    assert office.message(next_one).delivery == "queued"  # seconds only: in order
    office.house.clock.forward(seconds=16)
    await office.becomes(next_one, "sent")
    assert office.message(stuck).delivery == "queued"
    assert jobs_outside_lanes(office)


async def test_a_day_of_not_now_is_a_failure(office: PostOffice) -> None:
    id = await written_while_closed(office, "soft@elsewhere.test")
    office.server.smtp.soft_tries = 1000
    waits = [await attempt(office, id, number) for number in range(1, 10)]
    assert waits == list(sending.WAITS)
    assert timedelta(hours=23) < sum(sending.WAITS, timedelta()) < timedelta(hours=24)
    assert await attempt(office, id, 10) is None
    assert (office.message(id).delivery, office.message(id).error_code) == ("failed", "temporary")
    assert not office.server.outbox


async def test_a_lost_answer_is_looked_up_among_the_sent_mail_before_anything_is_sent_again(office: PostOffice) -> None:
    id = await written_while_closed(office)
    office.server.smtp.lost_replies = 1
    assert await attempt(office, id, 1) is not None
    [taken] = office.server.outbox
    assert office.message(id).delivery == "sending"
    office.server.append(office.account.address, "Sent", taken.raw)  # as hosts do that file what they take
    assert await attempt(office, id, 2) is None
    assert office.message(id).delivery == "sent"
    assert len(office.server.outbox) == 1
    await sending.file_copy(office.services, Job(1, "gateway.sending.file_copy", {"message_id": id}, 1))
    assert len(sent_folder(office)) == 1


async def test_a_lost_answer_that_is_nowhere_is_sent_again_with_the_same_bytes(office: PostOffice) -> None:
    id = await written_while_closed(office)
    office.server.smtp.lost_replies = 1
    await attempt(office, id, 1)
    await attempt(office, id, 2)
    first, second = office.server.outbox
    assert first.raw == second.raw
    assert office.message(id).delivery == "sent"


async def test_given_up_in_doubt_then_tried_by_a_member_it_is_looked_up_first(office: PostOffice) -> None:
    id = await written_while_closed(office)
    office.server.smtp.lost_replies = 1
    assert await attempt(office, id, 10) is None
    assert (office.message(id).delivery, office.message(id).error_code) == ("failed", "unknown_outcome")
    office.server.append(office.account.address, "Sent", office.server.outbox[0].raw)
    office.house.write(lambda tx: delivering.retry(tx, tx.find(Message, id)), by=office.house.anne)
    await attempt(office, id, 1)
    assert office.message(id).delivery == "sent"
    assert len(office.server.outbox) == 1


async def test_a_reply_found_half_sent_after_a_crash_is_looked_up_first(office: PostOffice) -> None:
    lea = await received(office)
    await office.close()
    id = office.answer(lea.conversation_id)
    office.house.write(lambda tx: delivering.start(tx, tx.find(Message, id)))
    header = office.message(id).header_id
    office.server.append(office.account.address, "Sent", f"Message-ID: {header}\r\n\r\nElle est partie.\r\n".encode())
    await office.open()
    await office.becomes(id, "sent")
    assert not office.server.outbox


async def test_a_disconnected_mailbox_sends_nothing(office: PostOffice) -> None:
    lea = await received(office)
    await office.close()
    id = office.answer(lea.conversation_id)
    office.house.write(lambda tx: connecting.disconnect(tx, tx.find(Channel, office.channel_id)), by=office.house.anne)
    await attempt(office, id, 1)
    failed = office.message(id)
    assert (failed.delivery, failed.error_code) == ("failed", "channel_disconnected")
    assert not office.server.outbox


async def test_a_wrong_password_fails_at_once_with_the_servers_words(office: PostOffice) -> None:
    lea = await received(office)
    await asyncio.to_thread(office.server.change_password, office.account.address, "un autre")
    failed = await office.becomes(office.answer(lea.conversation_id), "failed")
    assert failed.error_code == "sign_in_failed"


async def test_an_attachment_leaves_whole_and_a_missing_one_is_a_failure(office: PostOffice) -> None:
    lea = await received(office)
    photo = bytes(range(256)) * 300
    key = await asyncio.to_thread(office.services.files.put, photo)

    def attach(tx: Transaction, id: int, key: str) -> None:
        tx.execute(
            "INSERT INTO attachments (message_id, name, media_type, size, file_key, content_id, is_inline, created_at)"
            " VALUES (:id, 'étiquette.png', 'image/png', 1, :key, '', false, 0)",
            id=id,
            key=key,
        )

    await office.close()
    whole, missing = office.answer(lea.conversation_id), office.answer(lea.conversation_id)
    office.house.write(lambda tx: attach(tx, whole, key))
    office.house.write(lambda tx: attach(tx, missing, "0" * 64))
    await attempt(office, whole, 1)
    await attempt(office, missing, 1)
    [sent] = office.server.outbox
    [part] = message_from_bytes(sent.raw, policy=policy.default).iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("étiquette.png", photo)
    assert office.message(missing).error_code == "file_missing"
