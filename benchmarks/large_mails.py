"""`import-large`: one mail of 50 MB on its way in. How many times its size all processes together grow, and how long, at the most,
the event loop (and so every browser's stream) could not be reached meanwhile.
"""

import asyncio
import os
import threading
import time
from collections.abc import Awaitable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.figures import figure
from benchmarks.processes import memory_kb
from benchmarks.server import Store
from comptoir import app, reactions
from comptoir.channels.port import RawMail
from comptoir.foundation.services import Services
from comptoir.gateway import keeping, reading
from comptoir.gateway.ledger import KEPT
from comptoir.settings import Settings

CHANNEL = 1
LONGEST_PAUSE_MS = 100
HEAD = b"From: lea@garage-morel.example\r\nSubject: Photos\r\nMIME-Version: 1.0\r\n"
FILE = HEAD + (
    b"Content-Type: application/octet-stream; name=photos.zip\r\nContent-Disposition: attachment\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n"
)
LINES = 640_000  # of 78 bytes


def run(store: Store) -> dict[str, Any]:
    return asyncio.run(_run(store))


async def _run(store: Store) -> dict[str, Any]:
    services = app.make_services(Settings(data=store.data, database=store.url))
    services.database.open()
    services.database.write_now(
        lambda tx: tx.execute("UPDATE channels SET provider = 'imap' WHERE id = :id", id=CHANNEL)
    )
    stop, queue = asyncio.Event(), services.database.queue
    assert queue is not None
    worker = asyncio.create_task(queue.work(services, reactions.functions(), stop))
    folder = services.settings.data
    await _bring(services, 1, _written(folder / "small", HEAD + b"\r\nBonjour"))
    for name, line in (("heavy", b"QUJD"), ("long", b"RUZH")):
        _written(folder / name, FILE + (line * 19 + b"\r\n") * LINES)
    before = memory_kb(os.getpid())
    watching, highest = threading.Event(), [before]
    watcher = threading.Thread(target=_watch_memory, args=(highest, watching))
    watcher.start()
    await _bring(services, 2, folder / "heavy")
    watching.set()
    watcher.join()
    pauses = await _pauses(_bring(services, 3, folder / "long"))  # apart, for looking at the memory holds up everything
    stop.set()
    await worker
    reading.readers.close()
    services.database.close()
    size = len(FILE) + LINES * 78
    pause = max(pauses) * 1000
    return figure(
        store,
        "import-large",
        (highest[0] - before) * 1024 / size,
        "times its size",
        [pause * 1000 for pause in pauses],
        longest_pause_ms=round(pause, 1),
        ok_too=pause <= LONGEST_PAUSE_MS,
    )


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


async def _bring(services: Services, number: int, mail: Path) -> None:
    """Kept as a mailbox's thread keeps it, then read by the job."""

    def keep() -> None:
        raw = RawMail("INBOX", 9, number, mail.read_bytes(), datetime.now(UTC))
        key = keeping.put_aside(services.files, raw.raw)
        services.database.write_now(lambda tx: keeping.keep(tx, CHANNEL, raw, file_key=key))

    await asyncio.to_thread(keep)
    assert services.database.queue is not None
    services.database.queue.wake()
    while await services.database.read(
        lambda tx: tx.value("SELECT 1 FROM ledger WHERE state = :kept LIMIT 1", kept=KEPT)
    ):
        await asyncio.sleep(0.05)


async def _pauses(during: Awaitable[None]) -> list[float]:
    """Seconds by which the loop woke up later than asked, again and again."""
    task, pauses = asyncio.ensure_future(during), []
    while not task.done():
        before = time.monotonic()
        await asyncio.sleep(0.005)
        pauses.append(time.monotonic() - before - 0.005)
    await task
    return pauses


def _watch_memory(highest: list[int], stop: threading.Event) -> None:
    while not stop.wait(0.02):
        highest[0] = max(highest[0], memory_kb(os.getpid()))
