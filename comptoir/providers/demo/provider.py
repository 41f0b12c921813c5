"""Takes every message and sends it nowhere. An address that says so is refused, so that a newcomer sees what a failure looks
like: for good where it holds `refuse` or `inconnu`, for now where it holds `plus-tard`.
"""

import asyncio
from datetime import datetime

from comptoir.channels.port import (
    ChannelKind,
    Connection,
    Incoming,
    Mailbox,
    Outgoing,
    Receipt,
    Refusal,
    SendError,
    Watcher,
)
from comptoir.mail import mime

SECONDS = 0.7  # as long as a mail server takes
REFUSED = ("refuse", "inconnu")
LATER = "plus-tard"


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
        people = [person.address for person in (*outgoing.to, *outgoing.cc, *outgoing.bcc)]
        refused = [Refusal(a, 550, f"550 5.1.1 <{a}>: no such mailbox") for a in people if any(r in a for r in REFUSED)]
        if refused and len(refused) == len(people):
            raise SendError("recipients_refused", refused[0].reason, permanent=True)
        later = next((address for address in people if LATER in address), None)
        if later is not None:
            raise SendError("temporary", f"451 4.3.2 <{later}>: try again later", permanent=False)
        return Receipt(outgoing.header_id, tuple(refused))

    async def file_copy(self, connection: Connection, outgoing: Outgoing) -> None:
        pass

    async def find_sent(self, connection: Connection, header_id: str) -> bool:
        return True

    def read(self, raw: bytes, received_at: datetime) -> Incoming:
        return mime.read(raw, received_at)

    def watch(self, connection: Connection, watcher: Watcher) -> Mailbox:
        watcher.connected()
        return DemoMailbox()
