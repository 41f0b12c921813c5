"""When a member leaves the team or a mailbox, what was assigned to them there goes back to everybody."""

from comptoir.conversations import assigning
from comptoir.conversations.models import Conversation
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Event, Transaction

BATCH = 100


async def release(services: Services, job: Job) -> None:
    """Job, after member.left or channel.member_removed: unassign every conversation that is not resolved, a batch at a time."""
    event_id = int(job.args["event_id"])
    while await services.database.write(lambda tx: _release_batch(tx, event_id)):
        pass


def _release_batch(tx: Transaction, event_id: int) -> bool:
    event = tx.find(Event, event_id)
    ids = tx.rows(
        "SELECT id FROM conversations WHERE assignee_id = :member AND status IN ('open', 'pending', 'snoozed')"
        f"{' AND channel_id = :channel' if event.channel_id else ''} LIMIT {BATCH}",
        member=event.data["member_id"],
        channel=event.channel_id,
    )
    for (id,) in ids:
        assigning.unassign(tx, tx.find(Conversation, id))
    return len(ids) == BATCH
