"""recognize, complete, profile and csv-rows: a directory of 200,000 customers, 500,000 contacts and 2,000,000 documents.

It is put beside the conversations of the store in bulk, with the rows and the words that the product's own acts would have
written. What a browser asks is measured over HTTP; recognition and the import, which nobody waits for at a door, in a process.
"""

import asyncio
import gc
import random
import sqlite3
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import quote

import psycopg

from benchmarks import processes
from benchmarks.client import Client
from benchmarks.figures import figure, measure, percentile, progress
from benchmarks.server import Server, Store, serving
from benchmarks.words import Language
from comptoir.app import make_services
from comptoir.channels.port import RawMail
from comptoir.customers import recognizing, words
from comptoir.customers.imports import importing, running, tables
from comptoir.customers.imports.models import FileImport
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import keeping
from comptoir.settings import Settings

CUSTOMERS, CONTACTS, DOCUMENTS = 200_000, 500_000, 2_000_000
FIRST = 10_000_000  # ids, far above those of the store's own contacts
BIG = 5_000  # conversations of the customer whose profile is read
LINES, LINES_BESIDE = 30_000, 15_000
CALM_SECONDS = 5.0
NOW = 1_790_000_000_000
Row = Sequence[Any]


def run(store: Store) -> Iterator[dict[str, Any]]:
    names = Names(Language())
    fill(store, names)
    progress(f"directory {store.name} is filled")
    with serving(store) as server:
        yield complete(server, names)
        yield profile(server)
    services = make_services(Settings(data=store.data, database=store.url))
    services.database.open()
    gc.collect()
    gc.freeze()  # the names are the benchmark's own, not what a server holds
    try:
        yield recognize(store, services, names)
        yield csv_rows(store, services, names)
    finally:
        services.database.close()


class Names:
    """Firms and people, the same at each run."""

    def __init__(self, language: Language) -> None:
        chance = random.Random(6)
        self.surnames, self.words = language.surnames, language.vocabulary[2:4000]
        self.firms = [
            f"{chance.choice(('Garage', 'Auto', 'Carrosserie', 'Sarl'))} {self.surname(n)} {self.word(n)}"
            for n in range(CUSTOMERS)
        ]

    def surname(self, n: int) -> str:
        return self.surnames[n * 7919 % len(self.surnames)]

    def word(self, n: int) -> str:
        return self.words[n * 104729 % len(self.words)]

    def person(self, n: int) -> str:
        return f"{self.word(n * 3 + 1).capitalize()} {self.surname(n * 31 + 5).capitalize()}"

    def email(self, n: int) -> str:
        return f"{words.fold(self.surname(n * 31 + 5))}.{n}@firm{n % CUSTOMERS}.example"


def rows(names: Names) -> Iterator[tuple[str, str, Iterable[Row]]]:
    """Table, columns, rows."""
    yield (
        "customers",
        "id name name_key code code_key is_person tags fields created_at",
        (
            (FIRST + n, firm, words.key(firm), f"C-{n:06}", f"c{n:06}", False, "[]", "{}", NOW)
            for n, firm in enumerate(names.firms)
        ),
    )
    yield (
        "customer_words",
        "word customer_id",
        ((word, FIRST + n) for n, firm in enumerate(names.firms) for word in words.of_customer(firm, f"C-{n:06}")),
    )
    yield (
        "contacts",
        "id name name_key address created_at customer_id",
        (
            (FIRST + n, names.person(n), words.key(names.person(n)), names.email(n), NOW, FIRST + n % CUSTOMERS)
            for n in range(CONTACTS)
        ),
    )
    yield (
        "identities",
        "contact_id kind value scope",
        ((FIRST + n, kind, value, "") for n in range(CONTACTS) for kind, value in identities(names, n)),
    )
    yield (
        "contact_words",
        "word contact_id",
        ((word, FIRST + n) for n in range(CONTACTS) for word in words_of(names, n)),
    )
    yield (
        "documents",
        "kind number normalised issued_on state total_cents currency link customer_code customer_id source changed_at",
        (
            (
                *(
                    ("order", "invoice", "delivery", "quote")[n % 4],
                    f"D-{n:07}",
                    f"d{n:07}",
                    f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}",
                ),
                *("Payée", n * 7 % 900_000, "EUR", "", f"c{n % CUSTOMERS:06}", FIRST + n % CUSTOMERS, "file", NOW),
            )
            for n in range(DOCUMENTS)
        ),
    )


def identities(names: Names, n: int) -> list[tuple[str, str]]:
    return [("email", names.email(n)), ("phone", f"336{n:08}")]


def words_of(names: Names, n: int) -> set[str]:
    """As words.of_contact, without asking for the plan of numbers a million times."""
    return words.of_contact(names.person(n), [("email", names.email(n))]) | {f"336{n:08}", f"6{n:08}"}


def fill(store: Store, names: Names) -> None:
    if store.cluster is None:
        connection = sqlite3.connect(store.url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        for table, columns, found in rows(names):
            fields = columns.split()
            connection.executemany(
                f"INSERT INTO {table} ({', '.join(fields)}) VALUES ({', '.join('?' * len(fields))})", found
            )
        connection.execute(BIG_SQL, (BIG,))
        connection.execute("COMMIT")
        connection.close()
        return
    with psycopg.connect(store.url) as connection:
        connection.execute("SET session_replication_role = replica")
        for table, columns, found in rows(names):
            with connection.cursor().copy(f"COPY {table} ({', '.join(columns.split())}) FROM STDIN") as copy:
                for row in found:
                    copy.write_row(row)
        connection.execute(BIG_SQL.replace("?", "%s"), (BIG,))
    with psycopg.connect(store.url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")  # as autovacuum, which is off here, would have by the next minute


BIG_SQL = (
    f"UPDATE conversations SET customer_id = {FIRST} WHERE id IN (SELECT id FROM conversations ORDER BY id LIMIT ?)"
)


def complete(server: Server, names: Names) -> dict[str, Any]:
    """While one types: two letters, three, whole words, two words, a code, an address, a number, a document."""
    chance = random.Random(1)
    lines = []
    for _ in range(20):
        n = chance.randrange(CONTACTS)
        first, last = names.person(n).split()
        lines += [
            last[:2],
            last[:3],
            last,
            f"{first[:2]} {last[:3]}",
            f"garage {last[:3]}",
            f"c-{n % CUSTOMERS:06}"[:6],
        ]
        lines += [names.email(n)[:12], f"06{n % 10**8:08}"[:8], f"d-{n:07}"]
    client = Client(server.port).sign_in(1)
    costs, wall = [], []
    for line in lines:
        request = client.request("GET", f"/api/channels/1/people?q={quote(line)}")
        client.timed(request)
        cost, times = measure(server, client, [request] * 5)
        costs.append((cost, line))
        wall += times
    client.close()
    slowest = max(costs)
    value = percentile([cost for cost, _ in costs], 0.95)
    return figure(server.store, "complete", value, "cpu_ms", wall, slowest=[round(slowest[0], 2), slowest[1]])


def profile(server: Server) -> dict[str, Any]:
    """A page of a customer with 5,000 conversations: the first, and those below."""
    client = Client(server.port).sign_in(1)
    request = client.request("GET", f"/api/customers/{FIRST}/conversations")
    client.timed(request)
    cost, wall = measure(server, client, [request] * 40)
    client.close()
    return figure(server.store, "profile", cost, "cpu_ms", wall)


def recognize(store: Store, services: Services, names: Names) -> dict[str, Any]:
    """Whose address is it?"""
    chance = random.Random(2)
    asked = [names.email(chance.randrange(CONTACTS)) for _ in range(2000)]
    wall: list[float] = []

    def work(tx: Transaction) -> None:
        for value in asked:
            begun = time.perf_counter()
            recognizing.recognize(tx, kind="email", value=value, name="")
            wall.append((time.perf_counter() - begun) * 1000)

    services.database.read_now(work)
    wall.clear()
    cost = spent(store, lambda: services.database.read_now(work)) * 1000 / len(asked)
    return figure(store, "recognize", cost, "cpu_ms", wall)


def csv_rows(store: Store, services: Services, names: Names) -> dict[str, Any]:
    """A French file of customers and contacts, half of them known, as the job brings it in; then another, while mails are kept:
    p50_ms and p95_ms are of how long each of those waits for its commit, beside what it waits where nothing comes in."""
    job = _begun(services, names, CUSTOMERS - LINES // 2, LINES)
    begun, spent_before = time.perf_counter(), _spent(store)
    asyncio.run(running.bring_in(services, job))
    seconds = time.perf_counter() - begun
    cpu = round(LINES / (_spent(store) - spent_before))
    [given] = services.database.read_now(_newest)
    counts = {name: getattr(given, f"{name}_count") for name in ("created", "updated", "refused", "warned")}
    calm = asyncio.run(_kept_for(services, asyncio.sleep(CALM_SECONDS)))
    job = _begun(services, names, CUSTOMERS + LINES, LINES_BESIDE)
    wall = asyncio.run(_kept_for(services, running.bring_in(services, job)))
    waits = {
        "writer_wait_p95_ms": round(percentile(wall, 0.95), 1),
        "writer_wait_max_ms": round(max(wall), 1),
        "writer_calm_p95_ms": round(percentile(calm, 0.95), 1),
        "writer_calm_max_ms": round(max(calm), 1),
    }
    return figure(store, "csv-rows", LINES / seconds, "rows/s", wall, at_least=True, per_cpu_s=cpu, **waits, **counts)


def _begun(services: Services, names: Names, first: int, lines: int) -> Job:
    """A file is taken and started; its job."""
    text = "".join(
        f"C-{first + n:06};{names.firms[n]} bis;FR;{names.person(n)};neuf.{first + n}@import.example;07{first + n:08}\r\n"
        for n in range(lines)
    )
    read = tables.read(f"Code client;Nom;Pays;Contact;E-mail;Téléphone\r\n{text}".encode("cp1252"))
    key = services.files.put(read.content)

    def start(tx: Transaction) -> int:
        given = importing.take(tx, kind="customers", file_name="clients.csv", file_key=key, lines=read)
        importing.start(tx, given)
        return tx.events[-1].id

    return Job(1, "import", {"event_id": services.database.write_now(start)}, 1)


def _newest(tx: Transaction) -> list[FileImport]:
    return [tx.find(FileImport, tx.value("SELECT max(id) FROM file_imports"))]


async def _kept_for(services: Services, work: Coroutine[Any, Any, None]) -> list[float]:
    """Milliseconds until each mail is kept, one at a time, a few a second, until that work is done."""
    task, waits = asyncio.create_task(work), list[float]()
    while not task.done():
        uid = time.monotonic_ns() // 1_000_000
        mail = RawMail("INBOX", 1, uid, f"Subject: {uid}\r\n\r\n.".encode(), datetime.now(UTC))
        begun = time.perf_counter()
        await services.database.write(partial(keeping.keep, channel_id=1, mail=mail, file_key=None))
        waits.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(random.random() / 10)
    await task
    return waits


def spent(store: Store, work: Callable[[], object]) -> float:
    before = _spent(store)
    work()
    return _spent(store) - before


def _spent(store: Store) -> float:
    """CPU seconds of this process, and of the database's, until now."""
    return time.process_time() + (processes.cpu_seconds(store.cluster.pid) if store.cluster else 0.0)
