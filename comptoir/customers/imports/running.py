"""The job that brings a file in, part by part: other work comes between two parts, and a killed one goes on where it was."""

import asyncio
from functools import partial

from comptoir.customers.imports import importing
from comptoir.customers.imports.models import FileImport, ImportState
from comptoir.foundation.files import FileMissing
from comptoir.foundation.jobs.port import GiveUp, Job
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Event

BREATH = 0.002  # seconds between two parts, for those who wait


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
        while given.state == ImportState.RUNNING:
            part = await asyncio.to_thread(importing.understand, given, content)
            given = await database.write(partial(importing.take_part, import_id=import_id, part=part))
            await asyncio.sleep(BREATH)
    except Exception:
        if job.is_last:
            await database.write(lambda tx: importing.fail(tx, import_id))
        raise
