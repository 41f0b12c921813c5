"""Our own house in tests: real stores, a clock that is told the time, a named cast, and a server that really serves.

Every test that asks for `house` runs twice: on SQLite and on PostgreSQL (COMPTOIR_TEST_POSTGRES, set by bin/test).
"""

import asyncio
import itertools
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psycopg
import pytest

from comptoir import app as composition
from comptoir import migrations
from comptoir.channels.models import Channel, ChannelMember
from comptoir.channels.port import Incoming, Person
from comptoir.conversations import receiving
from comptoir.conversations.models import Conversation
from comptoir.foundation.database import Work
from comptoir.foundation.services import Services, system_clock
from comptoir.foundation.transaction import SYSTEM, Actor, Event, Transaction
from comptoir.settings import Settings
from comptoir.team import signing_in
from comptoir.team.models import Member, Organisation
from tests.rig.ports import free_port

R = TypeVar("R")
PASSWORD = "un mot de passe long"
_numbers = itertools.count(1)


class TakenBack(Exception):
    """What a rehearsal ends with."""


class Clock:
    """Time as a parameter: it moves when a test says so."""

    def __init__(self, now: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class House:
    """The services on one store, with the cast: Anne owns the place, Bruno and Chloé work in `sav`, Chloé alone in `achats`."""

    services: Services
    clock: Clock
    anne: Member = field(init=False)
    bruno: Member = field(init=False)
    chloe: Member = field(init=False)
    sav: Channel = field(init=False)
    achats: Channel = field(init=False)

    def write(self, work: Work[R], *, by: Member | None = None) -> R:
        return self.services.database.write_now(work, actor=self.actor(by))

    def read(self, work: Work[R], *, by: Member | None = None) -> R:
        return self.services.database.read_now(work, actor=self.actor(by))

    def rehearse(self, work: Work[R], *, by: Member | None = None) -> R:
        """What `work` returns; what it writes is taken back."""
        found: list[R] = []

        def rehearsal(tx: Transaction) -> None:
            found.append(work(tx))
            raise TakenBack

        with suppress(TakenBack):
            self.write(rehearsal, by=by)
        return found[-1]

    def actor(self, member: Member | None) -> Actor:
        if member is None:
            return SYSTEM
        claims = signing_in.Claims(member.id, member.stamp)
        return self.services.database.read_now(lambda tx: signing_in.identify(tx, claims))

    def events(self, conversation_id: int | None = None) -> list[str]:
        """Types of the events of one conversation (or of all), oldest first."""
        where = "" if conversation_id is None else "WHERE conversation_id = :id"
        rows = self.read(lambda tx: tx.rows(f"SELECT type FROM events {where} ORDER BY id", id=conversation_id))
        return [type for (type,) in rows]

    def receive(self, channel: Channel | None = None, **mail: Any) -> receiving.Received:
        """A mail from Léa to `sav`, unless said otherwise, as the gateway lands it."""
        incoming = incoming_mail(self.clock(), **mail)
        key = self.services.secrets.key("threads")
        return self.write(lambda tx: receiving.receive(tx, channel or self.sav, incoming, token_key=key))

    def conversation(self, id: int) -> Conversation:
        return self.read(lambda tx: tx.find(Conversation, id))


def incoming_mail(now: datetime, **given: Any) -> Incoming:
    number = next(_numbers)
    values: dict[str, Any] = {
        "external_id": f"fingerprint-{number}",
        "header_id": f"<mail-{number}@garage-morel.example>",
        "at": now,
        "sender": Person("lea@garage-morel.example", "Léa Morel"),
        "to": (Person("sav@pieces.example", "SAV"),),
        "subject": "Plaquettes 0 986 494 123",
        "text": "Bonjour, avez-vous les plaquettes en stock ?",
    }
    return Incoming(**(values | given))


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty, migrated database of its own."""
    yield from new_store(request.param, request, tmp_path)


def new_store(kind: str, request: pytest.FixtureRequest, folder: Path, template: str | None = None) -> Iterator[str]:
    """The same for a fixture of a wider scope, or a copy of another database: a file's path, or a name on the server."""
    if kind == "sqlite":
        path = folder / "comptoir.db"
        shutil.copy(template or request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, migrated = request.getfixturevalue("postgres_template")
    name = f"test_{next(_numbers)}_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template or migrated}"')
    yield database_of(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "comptoir.db"
    migrations.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template() -> tuple[str, str]:
    """The server, and the name of a migrated database to copy."""
    server = os.environ.get("COMPTOIR_TEST_POSTGRES")
    if not server:
        pytest.fail("COMPTOIR_TEST_POSTGRES is not set: run bin/test, which starts a PostgreSQL of its own")
    name = f"template_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')
    migrations.upgrade(database_of(server, name))
    return server, name


@pytest.fixture
def services(store: str, tmp_path: Path) -> Iterator[Services]:
    """The services on an empty store, open, without anybody in it."""
    made = composition.make_services(settings_of(store, tmp_path), Clock())
    made.database.open()
    yield made
    made.database.close()


@pytest.fixture
def house(services: Services) -> Iterator[House]:
    clock = services.clock
    assert isinstance(clock, Clock)
    made = House(services, clock)
    services.database.write_now(lambda tx: furnish(tx, made))
    yield made
    assert made.read(mislabelled) == [], (
        "whatever was done, a conversation's row names the labels that it has, and no others"
    )


@dataclass
class Served:
    """A server on loopback, with a client for each member."""

    url: str
    services: Services

    def client(self, email: str | None = None, password: str = PASSWORD) -> httpx.Client:
        """A browser's session: cookies kept, the CSRF token echoed; signed in when an address is given."""
        client = httpx.Client(base_url=self.url, timeout=20)
        client.get("/api/start")
        client.headers["x-csrftoken"] = client.cookies["csrftoken"]
        if email:
            answer = client.post("/api/session", json={"email": email, "password": password})
            assert answer.status_code == 201, answer.text
        return client


@pytest.fixture
def served(store: str, tmp_path: Path) -> Iterator[Served]:
    """The whole application, really served, on the machine's own clock, with nobody in it."""
    yield from serve(settings_of(store, tmp_path))


def serve(settings: Settings, clock: Callable[[], datetime] = system_clock) -> Iterator[Served]:
    services = composition.make_services(settings, clock)
    server = composition.Server(composition.make_app(services), settings)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive() and time.monotonic() < until, "the server did not start"
        time.sleep(0.01)
    yield Served(f"http://{settings.host}:{settings.port}", services)
    server.should_exit = True
    thread.join(timeout=20)


def settings_of(store: str, folder: Path) -> Settings:
    return Settings(data=folder / "data", database=store, port=free_port(), sign_in_attempts_per_minute=1000)


def furnish(tx: Transaction, house: House) -> None:
    tx.add(Organisation(id=1, name="Pièces Express", language="fr", is_demo=False, created_at=tx.now))
    members = {}
    for name, role in (("Anne Petit", "owner"), ("Bruno Costa", "member"), ("Chloé Martin", "member")):
        email = f"{name.split()[0].lower().replace('é', 'e')}@pieces.example"
        member = signing_in.new_member(tx, email=email, role=role, language="fr")
        member.name = name
        member.undo_seconds = 0  # a mail leaves at once, but for the tests of taking back
        member.password_hash = _password_hash()
        tx.add(member)
        members[name.split()[0]] = member
    house.anne, house.bruno, house.chloe = members.values()
    house.sav = _channel(tx, "sav@pieces.example", "SAV", [house.anne, house.bruno, house.chloe])
    house.achats = _channel(tx, "achats@pieces.example", "Achats", [house.chloe])
    tx.execute("DELETE FROM events")


def mislabelled(tx: Transaction) -> list[tuple[int, str]]:
    """The conversations whose `label_ids` do not say what their ConversationLabels say."""
    has: dict[int, list[int]] = {}
    for conversation_id, label_id in tx.rows(
        "SELECT conversation_id, label_id FROM conversation_labels ORDER BY label_id"
    ):
        has.setdefault(conversation_id, []).append(label_id)
    rows = tx.rows("SELECT id, label_ids FROM conversations")
    return [(id, said) for id, said in rows if sorted(map(int, said.split(",")[1:-1])) != has.get(id, [])]


@cache
def _password_hash() -> str:
    """Argon2 is slow on purpose: once for all tests."""
    return signing_in.hash_password(PASSWORD)


def _channel(tx: Transaction, address: str, name: str, members: list[Member]) -> Channel:
    channel = Channel(
        kind="email",
        provider="imap",
        name=name,
        address=address,
        settings={},
        secrets="",
        health="connected",
        version=0,
        created_at=tx.now,
    )
    tx.add(channel)
    tx.add(*(ChannelMember(channel_id=channel.id, member_id=member.id) for member in members))
    return channel


def database_of(server: str, name: str) -> str:
    """The URL of another database of the same server."""
    base, _, query = server.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


__all__ = [
    "Clock",
    "Event",
    "House",
    "Served",
    "house",
    "incoming_mail",
    "postgres_template",
    "serve",
    "served",
    "services",
    "sqlite_template",
    "store",
]
