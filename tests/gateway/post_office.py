"""A house whose `garage` channel is a real mailbox on a real server, with our own jobs and watchers running.

Léa writes from outside; Anne, who connected the mailbox, answers.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any

from comptoir import app as composition
from comptoir.channels import connecting, queries
from comptoir.channels.models import Channel
from comptoir.channels.port import Cursor, Person
from comptoir.conversations import writing
from comptoir.conversations.models import Conversation, Message
from comptoir.foundation.jobs.port import DeadJob
from comptoir.foundation.transaction import Transaction
from comptoir.gateway.polling import Mailboxes
from comptoir.providers.imap.provider import ImapProvider
from comptoir.providers.imap.timings import Timings
from tests.house import House
from tests.rig.mail_server import MailServer

QUICK = Timings(resync=1, poll=0.2, sent=0.4, idle_slice=0.5, retry_first=0.1, retry_cap=0.2, settled=1)
FIRST_DAY = datetime(2026, 11, 24, 8, 55, tzinfo=UTC)
LEA = "Léa Morel <lea@garage-morel.example>"


def a_mail(
    *, to: str, subject: str = "Ma commande", text: str = "Bonjour, où en est-elle ?", answers: str = "", **headers: str
) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = LEA, to, subject
    mail["Date"] = format_datetime(FIRST_DAY)
    mail["Message-ID"] = make_msgid(domain="garage-morel.example")
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


async def eventually(look: Callable[[], Any], *, seconds: float = 15) -> Any:
    """What `look` answers once it is true."""
    until = time.monotonic() + seconds
    while True:
        found = await asyncio.to_thread(look)
        if found:
            return found
        if time.monotonic() > until:
            raise TimeoutError("it did not happen in time")
        await asyncio.sleep(0.03)


class PostOffice:
    def __init__(self, house: House, server: MailServer) -> None:
        self.house = house
        self.server = server
        self.services = house.services
        self.account = server.account()
        self.mailboxes = self.make_mailboxes()
        self._running = contextlib.AsyncExitStack()
        self.channel_id = house.write(self._connect, by=house.anne)

    def make_mailboxes(self) -> Mailboxes:
        return Mailboxes(self.services, providers={"imap": ImapProvider(QUICK)}, look_every=0.3)

    async def open(self) -> None:
        """Watch and work, until the mailbox is in step."""
        self.mailboxes = self.make_mailboxes()
        await self._running.enter_async_context(composition.running(self.services, None, self.mailboxes))
        await eventually(lambda: self.channel().health == "connected" and self.cursor())

    async def close(self) -> None:
        await self._running.aclose()

    def deliver(self, raw: bytes | None = None) -> None:
        self.server.deliver(self.account.address, raw or a_mail(to=self.account.address))

    def channel(self) -> Channel:
        return self.house.read(lambda tx: tx.find(Channel, self.channel_id))

    def cursor(self) -> Cursor | None:
        return self.house.read(lambda tx: queries.cursor(tx, self.channel_id, "INBOX"))

    def messages(self) -> list[Message]:
        """Oldest first."""

        def work(tx: Transaction) -> list[Message]:
            ids = tx.rows("SELECT id FROM messages WHERE channel_id = :id ORDER BY id", id=self.channel_id)
            return [tx.find(Message, id) for (id,) in ids]

        return self.house.read(work)

    async def message_number(self, count: int) -> Message:
        """The newest, once there are `count`."""
        found: list[Message] = await eventually(lambda: len(self.messages()) >= count and self.messages())
        assert len(found) == count
        return found[-1]

    def message(self, id: int) -> Message:
        return self.house.read(lambda tx: tx.find(Message, id))

    async def becomes(self, id: int, delivery: str) -> Message:
        message: Message = await eventually(lambda: (found := self.message(id)).delivery == delivery and found)
        return message

    def ledger(self) -> list[str]:
        """The states of the entries, in the order they were kept."""
        rows = self.house.read(lambda tx: tx.rows("SELECT state FROM ledger ORDER BY id"))
        return [state for (state,) in rows]

    def answer(self, conversation_id: int, *to: str, text: str = "Elle est partie ce matin.") -> int:
        words = writing.Words(
            client_id=f"c-{time.monotonic_ns()}",
            text=text,
            to=[Person(address) for address in to or ("lea@garage-morel.example",)],
        )
        key = self.services.secrets.key("threads")
        return self.house.write(
            lambda tx: writing.reply(tx, tx.find(Conversation, conversation_id), words, token_key=key).message.id,
            by=self.house.anne,
        )

    def dead_jobs(self) -> list[DeadJob]:
        queue = self.services.database.queue
        assert queue is not None
        return self.house.read(queue.dead)

    def _connect(self, tx: Transaction) -> int:
        return connecting.connect(
            tx,
            address=self.account.address,
            name="Garage",
            provider="imap",
            settings=self.account.settings,
            secrets=queries.sealed({"password": self.account.password}, self.services.secrets),
            member_ids=[],
        ).id
