"""The job of a bulk act: one commit after the other, until it is done. Stopped in between, it goes on where it was."""

from comptoir.conversations.bulk import bulking
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.services import Services


async def run(services: Services, job: Job) -> None:
    bulk_id = int(job.args["bulk_id"])
    while await services.database.write(lambda tx: bulking.go_on(tx, bulk_id)):
        pass
