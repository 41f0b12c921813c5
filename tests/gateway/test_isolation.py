"""While a hostile mail is being read, everybody else goes on."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

from comptoir.channels.port import RawMail
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import keeping, reading
from tests.gateway.post_office import PostOffice

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HEAD = b"From: lea@garage-morel.example\r\nSubject: Photos\r\nMIME-Version: 1.0\r\n"
FIFTY_MB = HEAD + (
    b"Content-Type: application/octet-stream; name=photos.zip\r\nContent-Disposition: attachment\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n" + (b"QUJD" * 19 + b"\r\n") * 640_000
)
DIVS = HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000


async def longest_pause(during: Any) -> float:
    """The longest time that the event loop could not be reached while `during` ran."""
    task, longest = asyncio.ensure_future(during), 0.0
    while not task.done():
        before = time.monotonic()
        await asyncio.sleep(0.005)
        longest = max(longest, time.monotonic() - before - 0.005)
    await task
    return longest


async def test_a_very_large_and_a_very_deep_mail_do_not_stop_the_loop(office: PostOffice) -> None:
    for uid, raw in enumerate((FIFTY_MB, DIVS), start=1):
        mail = RawMail("INBOX", 7, uid, raw, NOON)
        file_key = keeping.put_aside(office.services.files, raw)

        def keep(tx: Transaction, mail: RawMail = mail, file_key: str | None = file_key) -> int | None:
            return keeping.keep(tx, office.channel_id, mail, file_key=file_key)

        ledger_id = office.house.write(keep)
        job = Job(1, "gateway.reading.read_mail", {"ledger_id": ledger_id}, attempt=1)
        assert await longest_pause(reading.read_mail(office.services, job)) < 0.5
    assert [message.is_unreadable for message in office.messages()] == [False, False]
    assert office.ledger() == ["read", "read"]
