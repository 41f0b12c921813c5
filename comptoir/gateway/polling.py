"""Watch every connected mailbox, each in a thread of its provider's, and keep what comes. Which ones is asked of the database
again and again, and at once when something happened: connecting a mailbox needs no word to any process.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from comptoir.channels import queries as channels
from comptoir.channels import watching
from comptoir.channels.models import Channel
from comptoir.channels.port import Connection, ConnectionTrouble, Cursor, Mailbox, Provider, RawMail, Recalling
from comptoir.foundation.database import Committed
from comptoir.foundation.secrets import WrongKey
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.foundation.waiting import wait_within
from comptoir.gateway import history, keeping
from comptoir.gateway.holding import Holds, holds_of
from comptoir.providers import PROVIDERS

log = logging.getLogger(__name__)

LOOK_EVERY = 5.0  # seconds: what another process connected or changed
LOOK_AT_MOST_EVERY = 0.3
WRONG_KEY = "wrong_key"  # the secrets were sealed with a key that this house no longer has


class _Wanted(Struct, frozen=True):
    """`sealed`: the secrets as stored. Typing the same password again is a new seal, and so a fresh start. `recalled_at`: when
    somebody asked for its past, while that is being brought in."""

    provider: str
    sealed: str
    connection: Connection
    recalled_at: datetime | None


class _Watched(Struct, frozen=True):
    wanted: _Wanted
    mailbox: Mailbox


class Mailboxes:
    """Several processes may watch: each mailbox is watched by one of them."""

    def __init__(
        self,
        services: Services,
        *,
        providers: Mapping[str, Provider] = PROVIDERS,
        holds: Holds | None = None,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._services = services
        self._providers = providers
        self._holds = holds or holds_of(services.database, services.settings.data / "locks")
        self._look_every = look_every
        self._watched: dict[int, _Watched] = {}
        self._recalled: dict[int, tuple[_Wanted, Mailbox]] = {}
        self._news = asyncio.Event()
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._on_commit: Callable[[Committed], None] = lambda _: None

    @property
    def watched(self) -> Sequence[int]:
        """The channels whose mailbox this process watches now."""
        return tuple(self._watched)

    async def start(self) -> None:
        loop = asyncio.get_running_loop()

        def on_commit(committed: Committed) -> None:
            if committed.events:
                with contextlib.suppress(RuntimeError):  # the loop has ended
                    loop.call_soon_threadsafe(self._news.set)

        self._on_commit = on_commit
        self._services.database.on_commit.append(on_commit)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Every watcher is told to end, and the mailboxes are free for another process."""
        self._stopping.set()
        self._news.set()
        if self._task is not None:
            await self._task
            self._services.database.on_commit.remove(self._on_commit)
            self._task = None
        await asyncio.to_thread(self._end)

    async def _run(self) -> None:
        while not self._stopping.is_set():
            self._news.clear()
            try:
                await self._look()
            except Exception:  # the database may be away: mail that is watched stays watched
                log.exception("the mailboxes could not be looked at")
            await wait_within(self._stopping, LOOK_AT_MOST_EVERY)
            await wait_within(self._news, self._look_every)

    async def _look(self) -> None:
        wanted, broken = await self._services.database.read(self._wanted)
        await asyncio.to_thread(self._reconcile, wanted)
        for channel_id in broken:
            trouble = ConnectionTrouble(WRONG_KEY)
            await asyncio.to_thread(MailboxWatcher(self._services, channel_id).trouble, trouble)

    def _wanted(self, tx: Transaction) -> tuple[dict[int, _Wanted], list[int]]:
        """Every mailbox to watch; and those whose secrets this house cannot read."""
        wanted: dict[int, _Wanted] = {}
        broken = []
        for channel in channels.mailboxes(tx):
            if channel.provider not in self._providers or not channel.secrets:
                continue  # sample data, or a kind of mailbox that another version knows
            try:
                connection = channels.connection_of(channel, self._services.secrets)
            except WrongKey:
                if channel.trouble_code != WRONG_KEY:
                    broken.append(channel.id)
            else:
                recalled_at = history.running_since(tx, channel.id)
                wanted[channel.id] = _Wanted(channel.provider, channel.secrets, connection, recalled_at)
        return wanted, broken

    def _reconcile(self, wanted: Mapping[int, _Wanted]) -> None:
        """Watch what is wanted and free, as it is wanted now; leave alone what has not changed. Blocking."""
        for channel_id, watched in tuple(self._watched.items()):
            is_held = channel_id in wanted and self._holds.take(channel_id)
            if not is_held or _differ(wanted[channel_id], watched.wanted):
                self._watched.pop(channel_id).mailbox.stop()
            if channel_id not in wanted:
                self._holds.release(channel_id)
        for channel_id, one in wanted.items():
            if channel_id not in self._watched and self._holds.take(channel_id):
                provider = self._providers[one.provider]
                mailbox = provider.watch(one.connection, MailboxWatcher(self._services, channel_id))
                self._watched[channel_id] = _Watched(one, mailbox)

        self._recall(wanted)

    def _recall(self, wanted: Mapping[int, _Wanted]) -> None:
        """Bring in the past of the mailboxes watched here for which somebody asked it."""
        for channel_id, (known, past) in tuple(self._recalled.items()):
            one = wanted.get(channel_id)
            is_same = one is not None and one.recalled_at == known.recalled_at and not _differ(one, known)
            if channel_id not in self._watched or not is_same:
                past.stop()
                del self._recalled[channel_id]
        for channel_id in self._watched:
            one = wanted[channel_id]
            provider = self._providers[one.provider]
            is_new = channel_id not in self._recalled and one.recalled_at is not None
            if is_new and isinstance(provider, Recalling):
                archive = history.Archive(self._services, channel_id)
                self._recalled[channel_id] = (one, provider.recall(one.connection, archive))

    def _end(self) -> None:
        for _, past in self._recalled.values():
            past.stop()
        self._recalled.clear()
        for watched in self._watched.values():
            watched.mailbox.stop()
        self._watched.clear()
        self._holds.close()


def _differ(wanted: _Wanted, watched: _Wanted) -> bool:
    """A new name needs no new connection."""
    return (wanted.provider, wanted.sealed, wanted.connection.settings) != (
        watched.provider,
        watched.sealed,
        watched.connection.settings,
    )


class MailboxWatcher:
    """What a mailbox reports, made durable before each call returns. Called from the mailbox's own thread."""

    def __init__(self, services: Services, channel_id: int) -> None:
        self._services = services
        self._database = services.database
        self._channel_id = channel_id

    def cursor(self, folder: str) -> Cursor | None:
        return self._database.read_now(lambda tx: channels.cursor(tx, self._channel_id, folder))

    def start_at(self, folder: str, cursor: Cursor, *, known_upto: int) -> None:
        self._database.write_now(
            lambda tx: keeping.start_at(tx, self._channel_id, folder, cursor, known_upto=known_upto)
        )

    def keep(self, mail: RawMail) -> None:
        file_key = keeping.put_aside(self._services.files, mail.raw)
        self._database.write_now(lambda tx: keeping.keep(tx, self._channel_id, mail, file_key=file_key))

    def missing(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> list[int]:
        return self._database.read_now(lambda tx: keeping.missing(tx, self._channel_id, folder, uidvalidity, uids))

    def in_step(self, folder: str) -> None:
        self.connected()

    def sent_folder(self, folder: str | None) -> None:
        def work(tx: Transaction) -> None:
            watching.found_sent(tx, tx.find(Channel, self._channel_id), folder=folder)

        self._database.write_now(work)

    def connected(self) -> None:
        self._database.write_now(lambda tx: watching.connected(tx, tx.find(Channel, self._channel_id)))

    def trouble(self, error: ConnectionTrouble) -> None:
        def work(tx: Transaction) -> None:
            channel = tx.find(Channel, self._channel_id)
            watching.in_trouble(tx, channel, code=error.code, detail=error.detail, side=error.side)

        self._database.write_now(work)
