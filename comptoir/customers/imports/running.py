"""The job that brings a file in, part by part: other work comes between two parts, and a killed one goes on where it was."""

import asyncio

from comptoir.customers.imports import importing
from comptoir.customers.imports.models import FileImport
from comptoir.foundation.files import FileMissing
from comptoir.foundation.jobs.port import GiveUp, Job
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Event

BREATH = 0.002  # seconds between two parts, for those who wait


async def bring_in(services: Services, job: Job) -> None:
    """At the event import.started."""
    database = services.database
    event_id = int(job.args["event_id"])
    import_id, key = await database.read(
        lambda tx: (id := int(tx.find(Event, event_id).data["import_id"]), tx.find(FileImport, id).file_key)
    )
    try:
        content = await asyncio.to_thread(services.files.get, key)
    except FileMissing:
        await database.write(lambda tx: importing.fail(tx, import_id))
        raise GiveUp("its file is gone") from None
    try:
        while await database.write(lambda tx: importing.take_part(tx, import_id, content)):
            await asyncio.sleep(BREATH)
    except Exception:
        if job.is_last:
            await database.write(lambda tx: importing.fail(tx, import_id))
        raise
