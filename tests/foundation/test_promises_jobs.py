"""What a queue of jobs promises, held against both engines: SQLite's lease table and procrastinate on PostgreSQL.

The clock here is the machine's: PostgreSQL compares moments with its own.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comptoir.foundation.database import Database
from comptoir.foundation.files import DiskFiles
from comptoir.foundation.jobs import queue_for
from comptoir.foundation.jobs.port import DeadJob, GiveUp, Job, JobFunction, RetryLater
from comptoir.foundation.jobs.running import Timing
from comptoir.foundation.secrets import Secrets
from comptoir.foundation.services import Services, system_clock
from comptoir.foundation.transaction import Transaction
from comptoir.settings import Settings

QUICK = Timing(lease=0.9, poll=0.2, first_wait=0.2, longest_wait=0.4, jitter=0.0, attempts=3, concurrency=4)


def open_services(store: str, folder: Path, timing: Timing = QUICK) -> Services:
    database = Database(store, clock=system_clock, queue=queue_for(store, timing))
    database.open()
    database.on_commit.append(lambda committed: committed.jobs and database.queue.wake())
    return Services(Settings(data=folder), database, DiskFiles(folder), Secrets(b"x" * 32), system_clock)


@pytest.fixture
def opened(store: str, tmp_path: Path) -> Iterator[Services]:
    services = open_services(store, tmp_path)
    yield services
    services.database.close()


@contextlib.asynccontextmanager
async def working(services: Services, **functions: JobFunction) -> AsyncIterator[None]:
    """A worker of this process, until the block ends."""
    stop = asyncio.Event()
    task = asyncio.create_task(services.database.queue.work(services, functions, stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


async def until(true: Callable[[], Any], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.01)


async def enqueue(services: Services, name: str = "note", *, times: int = 1, **given: Any) -> None:
    args = given.pop("args", {})

    def work(tx: Transaction) -> None:
        for number in range(times):
            tx.enqueue(name, {"n": number} | args, **given)

    await services.database.write(work)


async def dead(services: Services) -> list[DeadJob]:
    return await services.database.read(services.database.queue.dead)


async def test_a_rollback_leaves_nothing(opened: Services) -> None:
    ran: list[int] = []

    async def note(services: Services, job: Job) -> None:
        ran.append(job.args["n"])

    def fails(tx: Transaction) -> None:
        tx.enqueue("note", {"n": 1})
        raise ValueError

    with pytest.raises(ValueError):
        await opened.database.write(fails)
    await enqueue(opened, args={"n": 2})
    async with working(opened, note=note):
        await until(lambda: ran)
        await asyncio.sleep(0.3)

    assert ran == [2]


async def test_a_commit_is_followed_at_once(opened: Services) -> None:
    at: list[float] = []

    async def note(services: Services, job: Job) -> None:
        at.append(time.monotonic())

    async with working(opened, note=note):
        await asyncio.sleep(0.5)
        waits = []
        for _ in range(5):
            at.clear()
            start = time.monotonic()
            await enqueue(opened)
            await until(lambda: at)
            waits.append(at[0] - start)

    assert sorted(waits)[2] < QUICK.poll, "woken, not found by the poll"


async def test_a_failure_is_tried_again_later_and_then_is_done(opened: Services) -> None:
    attempts: list[tuple[int, float]] = []

    async def note(services: Services, job: Job) -> None:
        attempts.append((job.attempt, time.monotonic()))
        if job.attempt < 3:
            raise OSError("the network is away")
        assert job.is_last

    await enqueue(opened)
    async with working(opened, note=note):
        await until(lambda: len(attempts) == 3)
        await asyncio.sleep(0.6)

    assert [attempt for attempt, _ in attempts] == [1, 2, 3]
    assert attempts[1][1] - attempts[0][1] >= 0.19, "the back-off was waited for"
    assert await dead(opened) == []
    assert await opened.database.read(opened.database.queue.waiting) == 0


async def test_a_job_says_itself_when_to_try_again(opened: Services) -> None:
    at: list[float] = []

    async def note(services: Services, job: Job) -> None:
        at.append(time.monotonic())
        if job.attempt == 1:
            raise RetryLater("greylisted", timedelta(seconds=0.7))

    await enqueue(opened)
    async with working(opened, note=note):
        await until(lambda: len(at) == 2)

    assert at[1] - at[0] >= 0.69


async def test_it_runs_at_its_moment_and_not_before(opened: Services) -> None:
    at: list[datetime] = []

    async def note(services: Services, job: Job) -> None:
        at.append(datetime.now(UTC))

    moment = datetime.now(UTC) + timedelta(seconds=1)
    await enqueue(opened, at=moment)
    async with working(opened, note=note):
        await until(lambda: at)

    assert at[0] >= moment - timedelta(milliseconds=20)


async def test_a_lane_is_one_at_a_time_and_in_order_with_two_workers(
    opened: Services, store: str, tmp_path: Path
) -> None:
    order: dict[str, list[int]] = {"a": [], "b": []}
    running = {"a": 0, "b": 0}
    most = {"a": 0, "b": 0}

    async def note(services: Services, job: Job) -> None:
        lane = job.args["lane"]
        running[lane] += 1
        most[lane] = max(most[lane], running[lane])
        await asyncio.sleep(0.02)
        order[lane].append(job.args["n"])
        running[lane] -= 1

    for number in range(8):
        for lane in ("a", "b"):
            await enqueue(opened, lane=lane, args={"n": number, "lane": lane})
    other = open_services(store, tmp_path)
    async with working(opened, note=note), working(other, note=note):
        await until(lambda: len(order["a"]) == len(order["b"]) == 8)
    other.database.close()

    assert order == {"a": list(range(8)), "b": list(range(8))}
    assert most == {"a": 1, "b": 1}


async def test_a_lane_goes_on_when_its_job_has_ended_and_not_at_the_next_poll(store: str, tmp_path: Path) -> None:
    ran: list[int] = []

    async def note(services: Services, job: Job) -> None:
        ran.append(job.args["n"])

    services = open_services(store, tmp_path, Timing(poll=5.0))
    async with working(services, note=note):
        await asyncio.sleep(0.5)
        start = time.monotonic()
        await enqueue(services, times=20, lane="léa")
        await until(lambda: len(ran) == 20)
        took = time.monotonic() - start
    services.database.close()

    assert ran == list(range(20))
    assert took < 5, "less than one poll for all of them"


async def test_a_job_that_waits_for_its_next_attempt_holds_its_lane(opened: Services) -> None:
    order: list[tuple[int, int]] = []

    async def note(services: Services, job: Job) -> None:
        order.append((job.args["n"], job.attempt))
        if job.args["n"] == 0 and job.attempt < 3:
            raise OSError("not yet")

    await enqueue(opened, times=2, lane="conversation:1")
    async with working(opened, note=note):
        await until(lambda: len(order) == 4)

    assert order == [(0, 1), (0, 2), (0, 3), (1, 1)]


async def test_a_job_that_fails_for_good_frees_its_lane_and_stays_visible(opened: Services) -> None:
    ran: list[int] = []

    async def note(services: Services, job: Job) -> None:
        if job.args["n"] == 0:
            raise GiveUp("this address does not exist")
        ran.append(job.args["n"])

    await enqueue(opened, times=2, lane="conversation:1")
    async with working(opened, note=note):
        await until(lambda: ran == [1])

    (failed,) = await dead(opened)
    assert (failed.name, failed.args["n"], failed.attempts) == ("note", 0, 1)
    assert "this address does not exist" in failed.error


async def test_a_dead_job_can_be_revived(opened: Services) -> None:
    ran: list[int] = []
    is_mended = False

    async def note(services: Services, job: Job) -> None:
        if not is_mended:
            raise OSError("broken")
        ran.append(job.attempt)

    await enqueue(opened)
    async with working(opened, note=note):
        end = time.monotonic() + 15
        while not (found := await dead(opened)):
            assert time.monotonic() < end
            await asyncio.sleep(0.05)
        assert found[0].attempts == QUICK.attempts
        is_mended = True
        await opened.database.write(lambda tx: opened.database.queue.revive(tx, found[0].id))
        await until(lambda: ran)

    assert ran == [1]
    assert await dead(opened) == []


async def test_one_job_of_a_key_waits_at_a_time(opened: Services) -> None:
    ran: list[int] = []

    async def note(services: Services, job: Job) -> None:
        ran.append(job.args["n"])

    for number in range(3):
        await enqueue(opened, key="refresh", args={"n": number})
    async with working(opened, note=note):
        await until(lambda: ran)
        await asyncio.sleep(0.4)
        await enqueue(opened, key="refresh", args={"n": 3})
        await until(lambda: len(ran) == 2)

    assert ran == [0, 3]


async def test_a_job_does_not_begin_before_what_joined_it_is_committed(opened: Services) -> None:
    """Otherwise a mail that is kept while the job before it is taken up would wait unread for the next mail."""
    seen: list[str | None] = []
    has_joined, may_commit = threading.Event(), threading.Event()

    async def note(services: Services, job: Job) -> None:
        seen.append(await services.database.read(lambda tx: tx.value("SELECT max(word) FROM words_kept")))

    def keep(tx: Transaction) -> None:
        tx.execute("INSERT INTO words_kept (word) VALUES ('news')")
        tx.enqueue("note", {}, key="refresh")
        has_joined.set()
        assert may_commit.wait(10)

    await opened.database.write(lambda tx: tx.execute("CREATE TABLE words_kept (word TEXT)"))
    await enqueue(opened, key="refresh")
    keeping = asyncio.create_task(opened.database.write(keep))
    await asyncio.to_thread(has_joined.wait, 10)
    async with working(opened, note=note):
        await asyncio.sleep(QUICK.poll * 4)
        may_commit.set()
        await keeping
        await until(lambda: seen)

    assert seen[-1] == "news"


async def test_a_retry_and_a_new_job_of_its_key_both_run_in_the_order_of_their_lane(opened: Services) -> None:
    ran: list[tuple[int, int]] = []

    async def note(services: Services, job: Job) -> None:
        ran.append((job.args["n"], job.attempt))
        if ran == [(0, 1)]:
            await enqueue(services, key="refresh", lane="conversation:1", args={"n": 1})
            raise OSError("not yet")

    await enqueue(opened, key="refresh", lane="conversation:1", args={"n": 0})
    async with working(opened, note=note):
        await until(lambda: len(ran) == 3)

    assert ran == [(0, 1), (0, 2), (1, 1)]


async def test_a_dead_job_can_be_revived_while_another_of_its_key_waits(opened: Services) -> None:
    ran: list[int] = []

    async def note(services: Services, job: Job) -> None:
        ran.append(job.args["n"])
        if ran == [0]:
            raise GiveUp("broken")

    await enqueue(opened, key="refresh", args={"n": 0})
    async with working(opened, note=note):
        await until(lambda: ran)
    (failed,) = await dead(opened)
    await enqueue(opened, key="refresh", args={"n": 1})
    await opened.database.write(lambda tx: opened.database.queue.revive(tx, failed.id))
    async with working(opened, note=note):
        await until(lambda: len(ran) == 3)

    assert sorted(ran) == [0, 0, 1]


async def test_a_worker_outlives_a_queue_that_cannot_be_reached(opened: Services) -> None:
    ran: list[int] = []

    async def note(services: Services, job: Job) -> None:
        ran.append(job.args["n"])

    table = "jobs" if opened.database.is_sqlite else "procrastinate_jobs"
    async with working(opened, note=note):
        await opened.database.write(lambda tx: tx.execute(f"ALTER TABLE {table} RENAME TO away"))
        await asyncio.sleep(3 * QUICK.poll)
        await opened.database.write(lambda tx: tx.execute(f"ALTER TABLE away RENAME TO {table}"))
        await enqueue(opened)
        await until(lambda: ran)

    assert ran == [0]


async def test_stopping_lets_running_jobs_end(opened: Services) -> None:
    events: list[str] = []

    async def note(services: Services, job: Job) -> None:
        events.append("begun")
        await asyncio.sleep(0.5)
        events.append("ended")

    await enqueue(opened)
    async with working(opened, note=note):
        await until(lambda: events)

    assert events == ["begun", "ended"]
    assert await opened.database.read(opened.database.queue.waiting) == 0


async def test_what_a_killed_worker_held_is_taken_over_by_another_process(
    opened: Services, store: str, tmp_path: Path
) -> None:
    ran: list[int] = []

    async def hang(services: Services, job: Job) -> None:
        ran.append(job.attempt)

    await enqueue(opened, "hang", lane="conversation:1")
    worker = start_worker(store, tmp_path)
    wait_for(tmp_path / "begun", worker)
    worker.send_signal(signal.SIGKILL)
    worker.wait()

    async with working(opened, hang=hang):
        await until(lambda: ran, seconds=20)

    assert ran == [2]


async def test_a_job_that_kills_its_worker_again_and_again_is_dead_in_the_end(
    opened: Services, store: str, tmp_path: Path
) -> None:
    await enqueue(opened, "kill")
    for _ in range(QUICK.attempts):
        worker = start_worker(store, tmp_path)
        await asyncio.to_thread(worker.wait, 30)
        assert worker.returncode == -signal.SIGKILL

    async with working(opened):
        end = time.monotonic() + 20
        while not (found := await dead(opened)):
            assert time.monotonic() < end
            await asyncio.sleep(0.1)

    assert found[0].name == "kill"
    assert "stopped in the middle" in found[0].error


def start_worker(store: str, folder: Path) -> "subprocess.Popen[bytes]":
    """Another process that works the same queue: this very file, run as a program."""
    settings = msgspec.json.encode({"store": store, "folder": str(folder)}).decode()
    root = Path(__file__).parent.parent.parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), *filter(None, sys.path)])}
    return subprocess.Popen([sys.executable, __file__, settings], env=environment, cwd=root)


def wait_for(path: Path, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 30
    while not path.exists():
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.02)


async def be_a_worker(settings: dict[str, str]) -> None:
    folder = Path(settings["folder"])

    async def hang(services: Services, job: Job) -> None:
        (folder / "begun").touch()
        await asyncio.sleep(60)

    async def kill(services: Services, job: Job) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    services = open_services(settings["store"], folder)
    await services.database.queue.work(services, {"hang": hang, "kill": kill}, asyncio.Event())


if __name__ == "__main__":
    asyncio.run(be_a_worker(msgspec.json.decode(sys.argv[1])))
