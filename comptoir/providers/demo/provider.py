"""Takes every message and sends it nowhere; refuses some addresses, so that a newcomer can see what a failure looks like."""

import asyncio
from datetime import datetime

from comptoir.channels.port import (
    ChannelKind,
    Connection,
    Incoming,
    Mailbox,
    Outgoing,
    Receipt,
    SendError,
    Watcher,
)
from comptoir.mail import mime

SECONDS = 0.7  # as long as a mail server takes


class DemoMailbox:
    """Nobody to watch: sample mail is written by comptoir.demo."""

    def stop(self) -> None:
        pass


class DemoProvider:
    kind = ChannelKind.EMAIL

    async def check(self, connection: Connection) -> None:
        pass

    async def send(self, connection: Connection, outgoing: Outgoing) -> Receipt:
        await asyncio.sleep(SECONDS)
        for person in (*outgoing.to, *outgoing.cc, *outgoing.bcc):
            if "inconnu" in person.address:
                raise SendError("recipients_refused", f"550 5.1.1 <{person.address}>: no such mailbox", permanent=True)
        return Receipt(outgoing.header_id)

    async def file_copy(self, connection: Connection, outgoing: Outgoing) -> None:
        pass

    async def find_sent(self, connection: Connection, header_id: str) -> bool:
        return True

    def read(self, raw: bytes, received_at: datetime) -> Incoming:
        return mime.read(raw, received_at)

    def watch(self, connection: Connection, watcher: Watcher) -> Mailbox:
        watcher.connected()
        return DemoMailbox()
