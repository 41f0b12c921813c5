"""Units of work on a synchronous database, run in threads of their own, for asynchronous doors.

SQLite: one writer thread (which commits whatever has gathered as one group: one fsync for many) and a few reader threads.
PostgreSQL: a pool of threads that does both. A unit of work is a function of one `Transaction`; its whole body runs in one
thread inside one transaction, so nothing in it can wait for the network.
"""

import asyncio
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError

from comptoir.foundation.engine import POOL, make_engine
from comptoir.foundation.jobs.port import Queue
from comptoir.foundation.line import Line
from comptoir.foundation.transaction import SYSTEM, Actor, Cause, Reflex, Transaction

R = TypeVar("R")
Work = Callable[[Transaction], R]

log = logging.getLogger(__name__)

GROUP = 256  # units of work per SQLite commit, at the most
COMMITS = "comptoir_commits"  # the PostgreSQL channel that tells other processes to look
WORDS = "comptoir_words"  # the one that carries what `say` says
READERS = 3
COPYING_EVERY = 1.0  # seconds, of SQLite's log into its database
LONG_LOG, COPYING_OFTEN = 4_000, 0.25  # pages: so much is being written that the copier stays close behind
ATTEMPTS = 4  # of one unit, when PostgreSQL answers deadlock, serialization failure or a lost race


class Committed(NamedTuple):
    """What a commit left behind, for whoever must be woken."""

    events: bool
    jobs: bool


class _Unit(NamedTuple):
    work: Work[Any]
    actor: Actor
    cause: Cause | None
    future: Future[Any]
    is_repeatable: bool = False
    only_reads: bool = False


_Units = Line[_Unit | None]


class Database:
    """`clock` gives the `now` of each transaction. `on_commit` callbacks run in the committing thread: they must only wake."""

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], datetime],
        reactions: Mapping[str, Sequence[str]] | None = None,
        reflexes: Mapping[str, Reflex] | None = None,
        queue: Queue | None = None,
    ) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = make_engine(url)
        self.clock = clock
        self.reactions = reactions or {}
        self.reflexes = reflexes or {}
        self.queue = queue
        self.on_commit: list[Callable[[Committed], None]] = []
        self.on_said: list[Callable[[str], None]] = []
        self._writes: _Units = Line()
        self._reads: _Units = Line() if self.is_sqlite else self._writes
        self._threads: list[threading.Thread] = []
        self._is_open = False
        self._committed, self._closing = threading.Event(), threading.Event()

    def open(self) -> None:
        """Start the threads; each keeps one connection."""
        self._is_open = True
        self._closing.clear()
        if self.is_sqlite:
            self._start("writer", self._write_groups)
            self._start("copier", self._copy_log)
            for number in range(READERS):
                self._start(f"reader-{number}", self._read_units)
        else:
            for number in range(POOL):
                self._start(f"pool-{number}", self._run_units)

    def listen(self) -> None:
        """On PostgreSQL, also announce what other processes commit, from now to `close`."""
        if not self.is_sqlite:
            thread = threading.Thread(target=self._hear_others, name="database-listener", daemon=True)
            thread.start()

    def close(self) -> None:
        """Let the units already asked for end, then stop."""
        if not self._is_open:
            return
        self._is_open = False
        self._closing.set()
        self._committed.set()
        for thread in self._threads:
            if "copier" in thread.name:
                continue
            (self._reads if "reader" in thread.name else self._writes).put(None)
        for thread in self._threads:
            thread.join(timeout=30)
        self._threads.clear()
        self.engine.dispose()

    # -- asking for a unit of work

    async def write(
        self, work: Work[R], *, actor: Actor = SYSTEM, cause: Cause | None = None, is_repeatable: bool = False
    ) -> R:
        """Run `work` in a transaction that is committed when it returns, rolled back when it raises. `is_repeatable`: should the
        machine die within moments, all of it may be undone, and would be done again; so it does not wait for the disk. The next
        commit that does takes it along."""
        return await asyncio.wrap_future(self._ask(self._writes, work, actor, cause, is_repeatable))

    async def read(self, work: Work[R], *, actor: Actor = SYSTEM) -> R:
        """Run `work`, which only reads: on PostgreSQL, a statement that writes is refused; on SQLite, what it wrote is not kept."""
        return await asyncio.wrap_future(self._ask(self._reads, work, actor, None, only_reads=True))

    def write_now(self, work: Work[R], *, actor: Actor = SYSTEM, cause: Cause | None = None) -> R:
        """The same from a plain thread: blocks until the commit."""
        return self._ask(self._writes, work, actor, cause).result()

    def read_now(self, work: Work[R], *, actor: Actor = SYSTEM) -> R:
        return self._ask(self._reads, work, actor, None, only_reads=True).result()

    async def say(self, words: str) -> None:
        """To every process that works on this database, this one included, now, and kept nowhere: `on_said`, in some thread.
        Fewer than 8,000 bytes."""
        if not self.is_sqlite:
            await self.write(
                lambda tx: tx.execute("SELECT pg_notify(:channel, :words)", channel=WORDS, words=words),
            )
            return
        for callback in self.on_said:
            callback(words)

    def _ask(
        self,
        units: _Units,
        work: Work[R],
        actor: Actor,
        cause: Cause | None,
        is_repeatable: bool = False,
        *,
        only_reads: bool = False,
    ) -> "Future[R]":
        if not self._is_open:
            raise RuntimeError("this database is not open")
        future: Future[R] = Future()
        units.put(_Unit(work, actor, cause, future, is_repeatable, only_reads))
        return future

    # -- threads

    def _start(self, name: str, body: Callable[[], None]) -> None:
        thread = threading.Thread(target=body, name=f"database-{name}", daemon=True)
        thread.start()
        self._threads.append(thread)

    def _write_groups(self) -> None:
        with self.engine.connect().execution_options(comptoir_writes=True) as connection:
            while (first := self._writes.get()) is not None:
                group, ends = [first], False
                while len(group) < GROUP and not self._writes.empty():
                    unit = self._writes.get()
                    if unit is None:
                        ends = True
                        break
                    group.append(unit)
                if all(unit.is_repeatable for unit in group):
                    with _without_waiting_for_the_disk(connection):
                        self._commit_group(connection, group)
                else:
                    self._commit_group(connection, group)
                if ends:
                    return

    def _commit_group(self, connection: Connection, group: list[_Unit]) -> None:
        done: list[tuple[_Unit, Any]] = []
        events = jobs = False
        try:
            with connection.begin():
                for unit in group:
                    if not unit.future.set_running_or_notify_cancel():
                        continue
                    tx = self._transaction(connection, unit)
                    cursor = connection.connection.cursor()
                    cursor.execute("SAVEPOINT unit")
                    try:
                        result = unit.work(tx)
                        tx.conclude()
                    except BaseException as error:
                        cursor.execute("ROLLBACK TO unit")
                        cursor.execute("RELEASE unit")
                        unit.future.set_exception(error)
                    else:
                        cursor.execute("RELEASE unit")
                        done.append((unit, result))
                        events, jobs = events or bool(tx.events), jobs or tx.has_jobs
        except BaseException as error:  # the commit itself failed: nobody may believe that it happened
            for unit, _ in done:
                unit.future.set_exception(error)
            return
        self._committed.set()
        self._announce(Committed(events, jobs))
        for unit, result in done:
            unit.future.set_result(result)

    def _copy_log(self) -> None:
        """A writer that copies it whenever it is long enough stops for the disk in the middle of its work, and all who write with
        it; here it goes on meanwhile. It does so itself only where this does not follow (engine.LONGEST_LOG)."""
        with self.engine.connect() as connection:
            cursor = connection.connection.cursor()
            while self._committed.wait() and self._is_open:
                self._committed.clear()
                pages = 0
                try:
                    _, pages, _ = cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                except sqlite3.Error:
                    log.exception("SQLite's log was not copied into its database; it will be")
                self._closing.wait(COPYING_EVERY if pages < LONG_LOG else COPYING_OFTEN)

    def _read_units(self) -> None:
        with self.engine.connect() as connection:
            while (unit := self._reads.get()) is not None:
                self._run(connection, unit)

    def _run_units(self) -> None:
        connection: Connection | None = None
        while (unit := self._writes.get()) is not None:
            try:
                if connection is None or connection.invalidated or connection.closed:
                    connection = self.engine.connect()
            except Exception as error:
                unit.future.set_exception(error)
                continue
            self._run(connection, unit)
        if connection is not None:
            connection.close()

    def _run(self, connection: Connection, unit: _Unit) -> None:
        if not unit.future.set_running_or_notify_cancel():
            return
        for attempt in range(1, ATTEMPTS + 1):
            try:
                if not self.is_sqlite:
                    connection.connection.driver_connection.read_only = unit.only_reads  # type: ignore[union-attr]
                with connection.begin() as transaction:
                    tx = self._transaction(connection, unit)
                    if unit.is_repeatable:
                        tx.execute("SET LOCAL synchronous_commit TO off")
                    result = unit.work(tx)
                    if not unit.only_reads:
                        tx.conclude()
                        if tx.events or tx.has_jobs:
                            tx.execute(f"NOTIFY {COMMITS}")
                    elif self.is_sqlite:  # PostgreSQL commits: psycopg forgets at each rollback what it has prepared
                        transaction.rollback()
            except BaseException as error:
                if attempt < ATTEMPTS and not self.is_sqlite and _is_worth_retrying(error):
                    continue
                unit.future.set_exception(error)
                return
            if not unit.only_reads:
                self._announce(Committed(bool(tx.events), tx.has_jobs))
            unit.future.set_result(result)
            return

    def _hear_others(self) -> None:
        while self._is_open:
            try:
                with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql(f"LISTEN {COMMITS}")
                    connection.exec_driver_sql(f"LISTEN {WORDS}")
                    driver = connection.connection.driver_connection
                    assert isinstance(driver, psycopg.Connection)
                    while self._is_open:
                        for heard in driver.notifies(timeout=1.0, stop_after=1):
                            self._hear(heard)
            except (OperationalError, psycopg.Error):
                log.warning("the listener lost its connection; it connects again")
                time.sleep(1.0)

    def _hear(self, heard: psycopg.Notify) -> None:
        if heard.channel == COMMITS:
            self._announce(Committed(events=True, jobs=True))
            return
        for callback in self.on_said:
            callback(heard.payload)

    def _transaction(self, connection: Connection, unit: _Unit) -> Transaction:
        return Transaction(
            connection,
            now=self.clock(),
            actor=unit.actor,
            cause=unit.cause,
            reactions=self.reactions,
            reflexes=self.reflexes,
            queue=self.queue,
        )

    def _announce(self, committed: Committed) -> None:
        if committed.events or committed.jobs:
            for callback in self.on_commit:
                callback(committed)


@contextmanager
def _without_waiting_for_the_disk(connection: Connection) -> Iterator[None]:
    """SQLite's own way: in WAL mode nothing is torn, only the last commits may be missing after the machine died."""
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        cursor.execute("PRAGMA synchronous=FULL")


def _is_worth_retrying(error: BaseException) -> bool:
    """Deadlock, serialization failure, or a row that another transaction inserted first, refers to by now, or took away: the
    second try sees it."""
    original = getattr(error, "orig", error)
    state = getattr(original, "sqlstate", None)
    return isinstance(error, IntegrityError | OperationalError | psycopg.Error) and state in (
        "40P01",
        "40001",
        "23505",
        "23503",
    )
