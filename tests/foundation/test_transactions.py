"""What a unit of work promises: all or nothing, seen by nobody before, its events numbered in the order of the commits."""

import asyncio
import shutil
import sqlite3
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from comptoir.customers.models import Customer, CustomerDomain
from comptoir.foundation.among import rows_among
from comptoir.foundation.database import Database
from comptoir.foundation.many import insert_many, new_ids
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Event, Reflex, Transaction
from comptoir.labels.models import Label


def label(tx: Transaction, name: str) -> None:
    tx.add(Label(name=name, colour="blue"))
    tx.record("label.created", name=name)


def names(tx: Transaction) -> list[str]:
    return [name for (name,) in tx.rows("SELECT name FROM labels ORDER BY name")]


def test_what_raises_leaves_nothing(services: Services) -> None:
    def fails(tx: Transaction) -> None:
        label(tx, "Urgent")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        services.database.write_now(fails)

    assert services.database.read_now(names) == []
    assert services.database.read_now(lambda tx: tx.log_position()) == 0


def test_a_failing_unit_does_not_take_its_neighbours_along(services: Services) -> None:
    def work(number: int) -> None:
        def unit(tx: Transaction) -> None:
            label(tx, f"label {number:02}")
            if number % 3 == 0:
                raise ValueError(number)

        services.database.write_now(unit)

    def attempt(number: int) -> None:
        with pytest.raises(ValueError) if number % 3 == 0 else nullcontext():
            work(number)

    threads = [threading.Thread(target=attempt, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert services.database.read_now(names) == [f"label {n:02}" for n in range(12) if n % 3]


def test_what_cannot_follow_at_once_follows_later_and_takes_nothing_along(services: Services) -> None:
    def breaks(tx: Transaction, events: Sequence[Event]) -> None:
        tx.record("test.followed")
        tx.value("SELECT no_such_column FROM labels")

    services.database.reflexes = {"label.created": Reflex(breaks, "test.later")}
    services.database.write_now(lambda tx: label(tx, "Urgent"))

    assert services.database.read_now(names) == ["Urgent"]
    types = services.database.read_now(lambda tx: tx.rows("SELECT type FROM events ORDER BY id"))
    queue = services.database.queue
    assert queue is not None
    assert types == [("label.created",)] and services.database.read_now(queue.waiting) == 1


def test_what_is_put_off_is_done_at_once_with_all_of_its_kind_when_the_unit_ends(services: Services) -> None:
    seen: list[list[str]] = []

    def make(tx: Transaction, wanted: Sequence[str]) -> None:
        seen.append(names(tx))
        for name in wanted:
            label(tx, name)

    def work(tx: Transaction, *, fails: bool) -> None:
        tx.put_off(make, "b")
        tx.put_off(make, "c")
        label(tx, "a")
        if fails:
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        services.database.write_now(lambda tx: work(tx, fails=True))
    services.database.write_now(lambda tx: work(tx, fails=False))

    assert seen == [["a"]]
    assert services.database.read_now(names) == ["a", "b", "c"]


def test_a_reading_keeps_nothing(services: Services) -> None:
    """PostgreSQL refuses the write and says so; SQLite takes it back."""
    with nullcontext() if services.database.is_sqlite else pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        services.database.read_now(lambda tx: label(tx, "Urgent"))

    services.database.write_now(lambda tx: label(tx, "Devis"))
    assert services.database.read_now(names) == ["Devis"]


def test_what_is_asked_again_is_planned_once(services: Services) -> None:
    if services.database.is_sqlite:
        pytest.skip("SQLite plans in microseconds")
    for _ in range(40):  # whichever of the pool's threads takes it
        services.database.read_now(names)

    kept = services.database.read_now(lambda tx: tx.value("SELECT count(*) FROM pg_prepared_statements"))
    assert kept >= 1


def test_what_is_planned_once_is_planned_at_the_first_time_for_any_values(services: Services) -> None:
    def ask(tx: Transaction) -> list[tuple[int, int]]:
        tx.plan_once()
        for id in (1, 2, 3):
            tx.value("SELECT 7 FROM events WHERE id = :id", id=id)
        asked = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE 'SELECT 7 %'"
        return [] if tx.is_sqlite else tx.rows(asked)

    assert services.database.read_now(ask) == ([] if services.database.is_sqlite else [(3, 0)])
    mode = "SELECT 'auto'" if services.database.is_sqlite else "SHOW plan_cache_mode"
    assert services.database.read_now(lambda tx: tx.value(mode)) == "auto", "and in that unit alone"


def test_rows_are_found_by_a_list_of_values(services: Services) -> None:
    def work(tx: Transaction) -> list[int]:
        for name in ("a", "b", "c"):
            label(tx, name)
        return [id for (id,) in tx.rows("SELECT id FROM labels ORDER BY name")]

    a, _, c = services.database.write_now(work)
    asked = "SELECT name FROM labels WHERE id IN ({values}) AND name <> :not ORDER BY name"

    def found(*ids: int) -> list[tuple[str]]:
        return services.database.read_now(lambda tx: rows_among(tx, asked, ids, **{"not": "c"}))

    assert found(a, c, 999) == [("a",)]
    assert found() == []


def test_rows_are_found_by_whatever_their_values_hold(services: Services) -> None:
    given = ["a,b", 'say "x"', "back\\slash", "{}", "é", "null", "two\nlines", " ", "%s", ":name"]

    def work(tx: Transaction) -> list[tuple[str]]:
        for name in given:
            label(tx, name)
        return [
            found
            for value in given
            for found in rows_among(tx, "SELECT name FROM labels WHERE name IN ({values})", [value])
        ]

    assert services.database.write_now(work) == [(name,) for name in given]


def test_what_another_refers_to_by_now_is_looked_at_again(services: Services) -> None:
    """Who takes a row away while another gives it something sees no error: they look again."""
    if services.database.is_sqlite:
        pytest.skip("one unit writes at a time")

    def bring(tx: Transaction) -> int:
        customer = Customer(name="Morel", name_key="morel", is_person=False, tags=[], fields={}, created_at=tx.now)
        tx.add(customer)
        return customer.id

    customer = services.database.write_now(bring)
    looked, came, found = threading.Event(), threading.Event(), list[bool]()

    def take_away(tx: Transaction) -> None:
        found.append(tx.value("SELECT 1 FROM customer_domains WHERE customer_id = :id", id=customer) is not None)
        looked.set()
        assert came.wait(5)
        if not found[-1]:
            tx.execute("DELETE FROM customers WHERE id = :id", id=customer)

    with ThreadPoolExecutor(1) as thread:
        taken = thread.submit(services.database.write_now, take_away)
        assert looked.wait(5)
        services.database.write_now(lambda tx: tx.add(CustomerDomain(domain="morel.example", customer_id=customer)))
        came.set()
        taken.result()

    assert found == [False, True]


def test_thousands_of_rows_come_in_under_ids_that_are_new(services: Services) -> None:
    def work(tx: Transaction, count: int) -> list[tuple[int, str]]:
        ids = new_ids(tx, "labels", count)
        insert_many(tx, "labels", ("id", "name", "colour"), [(id, f"{id} \\ é", "blue") for id in ids])
        return [(id, f"{id} \\ é") for id in ids]

    first, second = (services.database.write_now(lambda tx, n=n: work(tx, n)) for n in (1_363, 2))  # type: ignore[misc]
    services.database.write_now(lambda tx: label(tx, "Devis"))

    rows = services.database.read_now(lambda tx: tx.rows("SELECT id, name FROM labels ORDER BY id"))
    assert rows[:-1] == [*first, *second]
    assert rows[-1][1] == "Devis"


def test_a_cursor_never_steps_over_an_event(services: Services) -> None:
    """Many writers at once, one reader that follows by id: it must see every event, in order, without a gap to come back to."""
    stop = threading.Event()
    seen: list[int] = []

    def follow() -> None:
        position = 0
        while not stop.is_set() or position < services.database.read_now(lambda tx: tx.log_position()):
            rows = services.database.read_now(
                lambda tx, after=position: tx.rows("SELECT id FROM events WHERE id > :after ORDER BY id", after=after)
            )
            seen.extend(id for (id,) in rows)
            position = seen[-1] if seen else 0

    def write(writer: int) -> None:
        for number in range(15):
            services.database.write_now(
                lambda tx, n=number: [tx.record("test.happened", writer=writer, n=n) for _ in range(2)]
            )

    follower = threading.Thread(target=follow)
    writers = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    follower.start()
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    follower.join(timeout=30)

    recorded = [id for (id,) in services.database.read_now(lambda tx: tx.rows("SELECT id FROM events ORDER BY id"))]
    assert len(recorded) == 180
    assert seen == recorded


def test_moments_are_exact_in_both_databases(services: Services) -> None:
    moment = datetime(2026, 3, 29, 1, 59, 59, 999000, tzinfo=UTC)

    def write(tx: Transaction) -> None:
        tx.now = moment
        tx.record("test.happened")

    services.database.write_now(write)

    assert services.database.write_now(lambda tx: tx.find(type(tx.record("x")), 1).at) == moment


def test_sql_text_is_the_same_for_both(services: Services) -> None:
    def work(tx: Transaction) -> tuple[object, ...] | None:
        return tx.row("SELECT :a || '%', 10 % 3", a="x")

    assert services.database.read_now(work) == ("x%", 1)


def test_what_is_committed_is_soon_in_the_database_itself_and_not_in_its_log_alone(tmp_path: Path) -> None:
    """A writer does not stop to copy it: it is copied beside."""
    database = Database(f"sqlite:///{tmp_path / 'kept.db'}", clock=lambda: datetime.now(UTC))
    database.open()
    try:
        database.write_now(lambda tx: tx.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY)"))
        database.write_now(lambda tx: tx.execute("INSERT INTO kept VALUES (7)"))
        until = time.monotonic() + 20
        while not (found := _without_log(tmp_path)) and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        database.close()
    assert found == [(7,)]


def _without_log(folder: Path) -> list[tuple[int, ...]]:
    alone = folder / "alone.db"
    shutil.copyfile(folder / "kept.db", alone)
    with closing(sqlite3.connect(alone)) as connection, suppress(sqlite3.Error):
        return connection.execute("SELECT id FROM kept").fetchall()
    return []


def test_what_can_be_repeated_is_there_for_everybody_at_once_and_the_next_one_lasts_again(services: Services) -> None:
    database = services.database
    usually = database.write_now(_waits)

    asyncio.run(database.write(lambda tx: label(tx, "again"), is_repeatable=True))

    assert database.read_now(names) == ["again"]
    assert asyncio.run(database.write(_waits, is_repeatable=True)) == ("1" if database.is_sqlite else "off")
    assert database.write_now(_waits) == usually


def _waits(tx: Transaction) -> str:
    """How a commit waits for the disk."""
    return str(tx.value("PRAGMA synchronous" if tx.is_sqlite else "SHOW synchronous_commit"))
