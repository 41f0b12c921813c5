"""One unit of work: its actor, its moment, its rows, and the events it records in the same commit.

Acts and queries take a `Transaction` first. They never commit: the door that opened it does, or nobody does.
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from msgspec import Struct
from sqlalchemy import Connection, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from comptoir.foundation import objects
from comptoir.foundation.errors import NotFound
from comptoir.foundation.insertion import insertion
from comptoir.foundation.tables import Id, Moment, Packed, Table, packed, to_ms

if TYPE_CHECKING:
    from comptoir.foundation.jobs.port import Queue

T = TypeVar("T", bound=Table)
Thing = TypeVar("Thing")

log = logging.getLogger(__name__)

# Any two transactions that record events wait for one another from the first event to the commit, so that event ids
# become visible in the order of their numbers and a cursor can never step over one (PostgreSQL; SQLite has one writer).
EVENT_LOCK = 0x636F6D70


class Actor(Struct, frozen=True):
    """Who acts. `channel_ids` is where a member works, None everywhere (the house itself); `scope` and `team_ids` are what
    they see there (team/access.py)."""

    kind: str
    id: int | None = None
    role: str = ""
    language: str = "fr"
    channel_ids: tuple[int, ...] | None = None
    scope: str = "all"
    team_ids: tuple[int, ...] = ()


SYSTEM = Actor("system")


class Claims(Struct, frozen=True):
    """What a session says of itself; believed once the member and the same stamp are found in the database."""

    member_id: int
    stamp: str


class Cause(Struct, frozen=True):
    """What made this happen: the chain of rules that led here, so that a rule never re-enters through its own effect; the
    bulk act that it is a part of."""

    rule_ids: tuple[int, ...] = ()
    depth: int = 0
    bulk_id: int | None = None

    def packed(self) -> dict[str, Any] | None:
        facts: dict[str, Any] = {"rule_ids": list(self.rule_ids), "depth": self.depth} if self.depth else {}
        return facts | ({} if self.bulk_id is None else {"bulk_id": self.bulk_id}) or None


class Event(Table):
    """A fact of the log. Its id is the position that streams and cursors resume from."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_conversation", "conversation_id", "type", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    type: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[int | None] = mapped_column(Id)
    conversation_id: Mapped[int | None] = mapped_column(Id)
    message_id: Mapped[int | None] = mapped_column(Id)
    channel_id: Mapped[int | None] = mapped_column(Id)
    data: Mapped[dict[str, Any]] = mapped_column(Packed)
    cause: Mapped[dict[str, Any] | None] = mapped_column(Packed)


class About(NamedTuple):
    """What an event is about."""

    conversation_id: int | None = None
    message_id: int | None = None
    channel_id: int | None = None


class Reflex(NamedTuple):
    """What follows from events in their own commit, where a job for each would cost more than the work: `act` is given all of
    one unit, in order, when the unit is done. What fails there takes nothing along: `job` does it later, event by event."""

    act: Callable[["Transaction", Sequence[Event]], object]
    job: str


class Transaction:
    def __init__(
        self,
        connection: Connection,
        *,
        now: datetime,
        actor: Actor = SYSTEM,
        cause: Cause | None = None,
        reactions: Mapping[str, Sequence[str]] | None = None,
        reflexes: Mapping[str, Reflex] | None = None,
        queue: "Queue | None" = None,
    ) -> None:
        self.connection = connection
        self.now = now
        self.actor = actor
        self.cause = cause or Cause()
        self.is_sqlite = connection.dialect.name == "sqlite"
        self.events: list[Event] = []
        self.has_jobs = False
        self._reactions = reactions or {}
        self._reflexes = reflexes or {}
        self._queue = queue
        self._session: Session | None = None
        self._is_planned_once = False
        self._put_off: dict[Callable[[Transaction, Sequence[Any]], object], list[Any]] = {}

    # -- rows as objects, for acts

    @property
    def session(self) -> Session:
        if self._session is None:
            self._session = Session(
                self.connection,
                expire_on_commit=False,
                join_transaction_mode="rollback_only",
                autoflush=False,
            )
        return self._session

    def add(self, *things: Table) -> None:
        """Insert, and give each its id."""
        dialect = self.connection.dialect
        for thing in things:
            if not objects.is_new(thing):
                continue
            row = objects.row_of(thing, dialect)
            keys = objects.shape(type(thing), dialect).keys
            found = self.insert_all(thing.__tablename__, [row], returning=", ".join(keys))
            if keys == ("id",) and "id" not in row:
                set_committed_value(thing, "id", found[0][0])
            objects.keep(self.session, thing)
        self.flush()

    def find(self, kind: type[T], id: int) -> T:
        """The row of that id, or NotFound. It says nothing of who may see it."""
        if identity_key(kind, id) in self.session.identity_map:
            thing = self.session.get(kind, id)
        else:
            its = objects.shape(kind, self.connection.dialect)
            asked = f"SELECT {', '.join(its.names)} FROM {its.table} WHERE {its.keys[0]} = :id"
            row = self._ask(asked, {"id": id}).fetchone()
            thing = row and objects.made(self.session, kind, row, self.connection.dialect)
        if thing is None:
            raise NotFound
        return thing

    def remove(self, thing: Table) -> None:
        self.session.delete(thing)
        self.session.flush()

    def flush(self) -> None:
        if self._session is not None:
            objects.write_changes(
                self._session, lambda sql, given: int(self._ask(sql, given).rowcount), self.connection.dialect
            )

    def forget(self) -> None:
        """What was read as objects is read afresh from here on: for a unit that does many things one after the other."""
        self.flush()
        if self._session is not None:
            self._session.expunge_all()

    # -- rows as tuples, for screens: hand-written SQL with :named parameters, the same text for both databases

    def rows(self, sql: str, /, **params: Any) -> list[tuple[Any, ...]]:
        return list(self._cursor(sql, params).fetchall())

    def row(self, sql: str, /, **params: Any) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._cursor(sql, params).fetchone()
        return found

    def value(self, sql: str, /, **params: Any) -> Any:
        """The first column of the first row; None where there is no row."""
        found = self.row(sql, **params)
        return None if found is None else found[0]

    def records(self, sql: str, /, **params: Any) -> list[dict[str, Any]]:
        """Rows by the names of their columns, for what is written out whole."""
        cursor = self._cursor(sql, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def execute(self, sql: str, /, **params: Any) -> int:
        """Run a statement; how many rows it changed."""
        return int(self._cursor(sql, params).rowcount)

    def execute_all(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        """One statement for each of many rows, sent at once; how many rows they changed together."""
        if len(rows) < 2:
            return sum(self.execute(sql, **row) for row in rows)
        self.flush()
        cursor = self.connection.connection.cursor()
        cursor.executemany(sql if self.is_sqlite else _for_psycopg(sql), rows)
        return int(cursor.rowcount)

    def insert_all(
        self, table: str, rows: Sequence[Mapping[str, Any]], *, unless: str = "", returning: str
    ) -> list[tuple[Any, ...]]:
        """Many rows of the same columns in one statement, without those that are there (`unless`: by which unique columns).
        What comes back is in no promised order."""
        columns = tuple(rows[0])
        conflict = f"ON CONFLICT ({unless}) DO NOTHING " if unless else ""
        sql, names = insertion(table, columns, len(rows), f"{conflict}RETURNING {returning}")
        return self.rows(sql, **dict(zip(names, (row[name] for row in rows for name in columns), strict=True)))

    def plan_once(self) -> None:
        """For what this unit asks from here on, one plan from the first time on and whatever the values, where PostgreSQL would make
        six: for long statements that say themselves how much they read."""
        if not self.is_sqlite and not self._is_planned_once:
            self._is_planned_once = True
            self.row("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)")

    def _cursor(self, sql: str, params: dict[str, Any]) -> Any:
        self.flush()
        return self._ask(sql, params)

    def _ask(self, sql: str, params: Mapping[str, Any]) -> Any:
        cursor: Any = self.connection.connection.cursor()
        if self.is_sqlite:
            cursor.execute(sql, params)
        else:
            cursor.execute(_for_psycopg(sql), params, prepare=self._is_planned_once or None)
        return cursor

    # -- the log

    def record(
        self,
        type: str,
        *,
        conversation_id: int | None = None,
        message_id: int | None = None,
        channel_id: int | None = None,
        react_at: datetime | None = None,
        **data: Any,
    ) -> Event:
        """Write a fact into the log, with the jobs that react to it (at once, or at `react_at`), in this same commit."""
        about = About(conversation_id, message_id, channel_id)
        return self.record_all(type, [about], react_at=react_at, **data)[0]

    def record_all(
        self, type: str, about: Sequence[About], *, react_at: datetime | None = None, **data: Any
    ) -> list[Event]:
        """The same fact about each of these, in their order."""
        if not self.events and not self.is_sqlite:
            self.execute("SELECT pg_advisory_xact_lock(:key)", key=EVENT_LOCK)
        cause = self.cause.packed()
        shared = {
            "type": type,
            "at": to_ms(self.now),
            "actor_kind": self.actor.kind,
            "actor_id": self.actor.id,
            "data": packed(data),
            "cause": packed(cause),
        }
        rows = self.insert_all(
            "events", [shared | one._asdict() for one in about], returning=f"id, {', '.join(About._fields)}"
        )
        events = [
            Event(**shared | About(*what)._asdict() | {"id": id, "at": self.now, "data": data, "cause": cause})
            for id, *what in sorted(rows)  # by id: in the order in which they were given
        ]
        self.events += events
        for event in events:
            for job in self._reactions.get(type, ()):
                self._react(job, event, react_at)
        return events

    def _react(self, job: str, event: Event, at: datetime | None = None) -> None:
        self.enqueue(
            job,
            {"event_id": event.id, "conversation_id": event.conversation_id, "message_id": event.message_id},
            lane=f"conversation:{event.conversation_id}" if event.conversation_id else None,
            at=at,
        )

    def put_off(self, act: "Callable[[Transaction, Sequence[Thing]], object]", thing: Thing) -> None:
        """At the end of the unit, `act` is given all that was put off for it: for what costs less many at a time."""
        self._put_off.setdefault(act, []).append(thing)

    def catch_up(self) -> None:
        """Do now what was put off."""
        owed, self._put_off = self._put_off, {}
        for act, things in owed.items():
            act(self, things)

    def conclude(self) -> None:
        """The unit has done its work, and its commit is next: nothing is unwritten, and what follows at once has followed."""
        self.catch_up()
        self.flush()
        owed: dict[Reflex, list[Event]] = {}
        for event in self.events:
            reflex = self._reflexes.get(event.type)
            if reflex is not None:
                owed.setdefault(reflex, []).append(event)
        if owed:
            self.actor = SYSTEM
        for reflex, events in owed.items():
            self._follow(reflex, events)

    def _follow(self, reflex: Reflex, events: Sequence[Event]) -> None:
        known = len(self.events)
        self.execute("SAVEPOINT reflex")
        try:
            reflex.act(self, events)
            self.catch_up()
            self.flush()
        except Exception:
            log.exception("what follows %s did not, at once; the job %s does it", events[0].type, reflex.job)
            self.connection.connection.cursor().execute("ROLLBACK TO SAVEPOINT reflex")
            del self.events[known:]
            self._put_off.clear()
            for event in events:
                self._react(reflex.job, event)
        else:
            self.execute("RELEASE SAVEPOINT reflex")

    def enqueue(
        self,
        job: str,
        args: dict[str, Any],
        *,
        lane: str | None = None,
        at: datetime | None = None,
        key: str | None = None,
    ) -> None:
        """Ask for a job in this same commit. `lane`: one at a time, in order; `key`: at most one waiting job of that key."""
        assert self._queue is not None, "this database was opened without a queue"
        self._queue.enqueue(self, job, args, lane=lane, at=at, key=key)
        self.has_jobs = True

    def log_position(self) -> int:
        """The id of the newest event: what a screen read now is true at."""
        return int(self.value("SELECT coalesce(max(id), 0) FROM events"))


@lru_cache(maxsize=2000)
def _for_psycopg(sql: str) -> str:
    """`:name` becomes `%(name)s`. Hand-written SQL here holds no colon before a letter otherwise, but for `::type`."""
    return re.sub(r"(?<![:\w]):(\w+)", r"%(\1)s", sql.replace("%", "%%"))
