"""The job that brings a file in, part by part: other work comes between two parts, and a killed one goes on where it was.

Where there is one writer (SQLite), others wait for one part at the most: it has as many lines as go into a tenth of a second, by
what the last one took, so few on a busy machine. The next part is understood while this one is written.
"""

import asyncio
import time
from functools import partial

from comptoir.customers.imports import importing, parts
from comptoir.customers.imports.models import FileImport, ImportState
from comptoir.foundation.files import FileMissing
from comptoir.foundation.jobs.port import GiveUp, Job
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Event

BREATH = 0.002  # seconds between two parts, for those who wait
PART, PART_AMONG_WRITERS = 0.1, 0.2  # seconds of a transaction: where others wait for it whole, and where they do not
FIRST, LEAST, MOST = 200, 50, 1_000  # lines


class Pace:
    """How many lines the next part has."""

    def __init__(self, seconds: float = PART) -> None:
        self.lines = FIRST
        self._wanted = seconds

    def took(self, lines: int, seconds: float) -> None:
        self.lines = max(LEAST, min(MOST, 2 * self.lines, int(lines * self._wanted / max(seconds, 0.001))))


async def bring_in(services: Services, job: Job) -> None:
    """At the event import.started."""
    database = services.database
    event_id = int(job.args["event_id"])
    given = await database.read(lambda tx: tx.find(FileImport, int(tx.find(Event, event_id).data["import_id"])))
    import_id = given.id
    try:
        content = await asyncio.to_thread(services.files.get, given.file_key)
    except FileMissing:
        await database.write(lambda tx: importing.fail(tx, import_id))
        raise GiveUp("its file is gone") from None
    try:
        await _bring_in(services, given, content)
    except Exception:
        if job.is_last:
            await database.write(lambda tx: importing.fail(tx, import_id))
        raise


async def _bring_in(services: Services, given: FileImport, content: bytes) -> None:
    pace, part = Pace(PART if services.database.is_sqlite else PART_AMONG_WRITERS), None
    while given.state == ImportState.RUNNING:
        if part is None or part.position != given.position:  # the first one; or somebody else went on meanwhile
            part = await asyncio.to_thread(parts.understand, given, content, most=pace.lines)
        ahead = asyncio.create_task(asyncio.to_thread(parts.understand, given, content, most=pace.lines, after=part))
        begun = time.perf_counter()
        given = await services.database.write(
            partial(importing.take_part, import_id=given.id, part=part), is_repeatable=True
        )
        pace.took(len(part.lines), time.perf_counter() - begun)
        part = await ahead
        await asyncio.sleep(BREATH)
