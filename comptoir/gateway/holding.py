"""Only one process watches a mailbox. Whoever does holds a lock that ends with the process, however it ends, so that the next
one takes over at once: no lease to wait for, no clock to agree on.

A second watcher would only be wasteful, never harmful (the ledger has unique keys): these locks need not be perfect.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from comptoir.foundation.database import Database

MAILBOX_LOCKS = 0x6D61696C << 32  # far from any other advisory lock of this database


class Holds(Protocol):
    """Blocking. `take` answers whether this process holds the mailbox now; taking again what one holds is how to check it."""

    def take(self, channel_id: int) -> bool: ...
    def release(self, channel_id: int) -> None: ...
    def close(self) -> None: ...


def holds_of(database: Database, folder: Path) -> Holds:
    return FileHolds(folder) if database.is_sqlite else AdvisoryHolds(database)


class FileHolds:
    """For processes that share one SQLite file: a locked file for each mailbox, in the same data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[int, int] = {}

    def take(self, channel_id: int) -> bool:
        if channel_id in self._held:
            return True
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._folder / f"mailbox-{channel_id}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._held[channel_id] = descriptor
        return True

    def release(self, channel_id: int) -> None:
        descriptor = self._held.pop(channel_id, None)
        if descriptor is not None:
            os.close(descriptor)

    def close(self) -> None:
        for channel_id in tuple(self._held):
            self.release(channel_id)


class AdvisoryHolds:
    """Advisory locks of one PostgreSQL session, kept open for them. A lost session has lost them all: `take` then says no
    once, and tries again on a new one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._session: Any = None
        self._held: set[int] = set()

    def take(self, channel_id: int) -> bool:
        had_session = self._session is not None
        try:
            if channel_id in self._held:
                self._ask("SELECT true")
                return True
            is_ours = bool(self._ask(f"SELECT pg_try_advisory_lock({MAILBOX_LOCKS + channel_id})"))
        except Exception:
            self._forget()
            if had_session:
                return False
            raise
        if is_ours:
            self._held.add(channel_id)
        return is_ours

    def release(self, channel_id: int) -> None:
        if channel_id in self._held:
            self._held.discard(channel_id)
            try:
                self._ask(f"SELECT pg_advisory_unlock({MAILBOX_LOCKS + channel_id})")
            except Exception:
                self._forget()

    def close(self) -> None:
        if self._held:
            with suppress(Exception):  # the end of the session frees them too, a moment later
                self._ask("SELECT pg_advisory_unlock_all()")
        self._forget()

    def _ask(self, sql: str) -> Any:
        if self._session is None:
            engine = self._database.engine.execution_options(isolation_level="AUTOCOMMIT")
            self._session = engine.connect()
            self._session.detach()  # its end is the locks' end: it must not go back to the pool
        return self._session.exec_driver_sql(sql).scalar()

    def _forget(self) -> None:
        session, self._session = self._session, None
        self._held.clear()
        if session is not None:
            with suppress(Exception):
                session.close()
