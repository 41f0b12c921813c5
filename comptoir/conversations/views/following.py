"""Job, after label.merged: views that ask for the label that is no more ask for the one it became."""

from comptoir.conversations.views import editing
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Event, Transaction


async def follow_merge(services: Services, job: Job) -> None:
    def work(tx: Transaction) -> None:
        merged = tx.find(Event, int(job.args["event_id"])).data
        editing.replace_label(tx, merged["label_id"], merged["into_id"])

    await services.database.write(work)
