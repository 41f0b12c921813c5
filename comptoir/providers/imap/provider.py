"""The IMAP and SMTP provider as the gateway sees it: settings are those of `channels.schemas.ImapSettings`,
secrets are `password` and, where the two differ, `smtp_password`.
"""

import asyncio
import ssl
from datetime import datetime
from functools import partial

from comptoir.channels.port import ChannelKind, Connection, Historian, Incoming, Outgoing, Receipt, Watcher
from comptoir.mail import mime
from comptoir.providers.imap import checking, filing, sending
from comptoir.providers.imap.history import ImapHistory
from comptoir.providers.imap.mailbox import ImapMailbox
from comptoir.providers.imap.reaching import open_session, settings_of, usual_trust
from comptoir.providers.imap.timings import Timings


class ImapProvider:
    """`context` says which certificates are trusted; without one, those of the machine."""

    kind = ChannelKind.EMAIL

    def __init__(self, timings: Timings | None = None, context: ssl.SSLContext | None = None) -> None:
        self._timings = timings or Timings()
        self._given_context = context

    async def check(self, connection: Connection) -> int | None:
        return await checking.check(connection, self._context, self._timings)

    async def send(self, connection: Connection, outgoing: Outgoing) -> Receipt:
        return await sending.send(connection, outgoing, self._context, self._timings)

    async def file_copy(self, connection: Connection, outgoing: Outgoing) -> None:
        await asyncio.to_thread(filing.file_copy, connection, outgoing, self._context, self._timings)

    async def find_sent(self, connection: Connection, header_id: str) -> bool:
        return await asyncio.to_thread(filing.is_filed, connection, header_id, self._context, self._timings)

    def read(self, raw: bytes, received_at: datetime) -> Incoming:
        return mime.read(raw, received_at)

    def watch(self, connection: Connection, watcher: Watcher) -> ImapMailbox:
        opening = partial(open_session, connection, self._context, self._timings)
        settings = settings_of(connection)
        mailbox = ImapMailbox(
            opening, watcher, self._timings, name=connection.address, sent_folder=settings.sent_folder
        )
        mailbox.start()
        return mailbox

    def recall(self, connection: Connection, historian: Historian) -> ImapHistory:
        opening = partial(open_session, connection, self._context, self._timings)
        wanted = settings_of(connection).sent_folder
        history = ImapHistory(opening, historian, self._timings, name=connection.address, sent_folder=wanted)
        history.start()
        return history

    @property
    def _context(self) -> ssl.SSLContext:
        return self._given_context or usual_trust()
