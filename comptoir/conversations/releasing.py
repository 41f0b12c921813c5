"""What nobody is there for any more goes back to everybody: a member left the house or a mailbox, a team was archived.

What was resolved by then keeps who had it, and lets go when it is opened again (assigning.let_go).
"""

from collections.abc import Callable

from comptoir.conversations import assigning
from comptoir.conversations.models import Conversation
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Event, Transaction

BATCH = 100


async def release(services: Services, job: Job) -> None:
    """Job, after member.left or channel.member_removed: unassign every conversation that is not resolved."""
    await _release(services, job, _of_member, assigning.unassign)


async def release_team(services: Services, job: Job) -> None:
    """Job, after team.archived: the same for what the team had."""
    await _release(services, job, _of_team, assigning.unassign_team)


async def _release(
    services: Services,
    job: Job,
    find: Callable[[Transaction, Event], list[tuple[int]]],
    act: Callable[[Transaction, Conversation], None],
) -> None:
    event_id = int(job.args["event_id"])

    def batch(tx: Transaction) -> bool:
        found = find(tx, tx.find(Event, event_id))
        for (id,) in found:
            act(tx, tx.find(Conversation, id))
        return len(found) == BATCH

    while await services.database.write(batch):
        pass


def _of_member(tx: Transaction, event: Event) -> list[tuple[int]]:
    return tx.rows(
        "SELECT id FROM conversations WHERE assignee_id = :member AND status IN ('open', 'pending', 'snoozed')"
        f"{' AND channel_id = :channel' if event.channel_id else ''} LIMIT {BATCH}",
        member=event.data["member_id"],
        channel=event.channel_id,
    )


def _of_team(tx: Transaction, event: Event) -> list[tuple[int]]:
    """None where the team has come back before the job ran."""
    return tx.rows(
        "SELECT c.id FROM conversations c JOIN teams t ON t.id = c.team_id AND t.archived_at IS NOT NULL"
        f" WHERE c.team_id = :team AND c.status IN ('open', 'pending', 'snoozed') LIMIT {BATCH}",
        team=event.data["team_id"],
    )
