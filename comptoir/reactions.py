"""What follows from what: every event that starts work, and the work it starts. All causality of the product, on one page."""

from collections.abc import Mapping, Sequence

from comptoir.conversations import releasing
from comptoir.conversations.bulk import running
from comptoir.conversations.customers import following
from comptoir.conversations.views import following as viewing
from comptoir.customers.imports import running as importing
from comptoir.foundation.jobs.port import JobFunction, job_name
from comptoir.foundation.transaction import Reflex
from comptoir.gateway import (
    approvals,
    digests,
    fetching,
    hearing,
    inquiring,
    messaging,
    pushing,
    reading,
    retelling,
    sending,
    signs,
)
from comptoir.notifications import notifying
from comptoir.privacy import erasing, exporting

REACTIONS: Mapping[str, Sequence[JobFunction]] = {
    "message.queued": [sending.send],
    "message.failed": [messaging.follow_failure],
    "notification.pushed": [pushing.send],
    "message.has_remote_files": [fetching.fetch_files],
    "reaction.chosen": [signs.send_reaction],
    "conversation.seen": [signs.mark_read],
    "channel.connected": [approvals.begin],
    "contact.placed": [following.follow],
    "import.started": [importing.bring_in],
    "privacy.export_asked": [exporting.export],
    "privacy.erasure_asked": [erasing.erase],
    "label.merged": [viewing.follow_merge],
    "member.left": [releasing.release],
    "channel.member_removed": [releasing.release],
    "team.archived": [releasing.release_team],
}

# What follows in the same commit as the event; where that fails, the job does it.
_telling = Reflex(notifying.tell_all, job_name(notifying.notify))
REFLEXES: Mapping[str, Reflex] = dict.fromkeys(notifying.WHO, _telling)

# Jobs that an act asks for by name, rather than an event.
OTHER_JOBS: Sequence[JobFunction] = [
    notifying.notify,
    running.run,
    reading.read_mail,
    reading.read_kept,
    hearing.hear_kept,
    sending.file_copy,
    fetching.fetch,
    approvals.sync,
    retelling.ask_again,
    inquiring.ask,
    messaging.give_up_hoping,
    digests.mail,
]


def reactions() -> dict[str, list[str]]:
    """Event type -> jobs, as a Transaction wants them."""
    return {type: [job_name(function) for function in functions] for type, functions in REACTIONS.items()}


def reflexes() -> Mapping[str, Reflex]:
    return REFLEXES


def functions() -> dict[str, JobFunction]:
    """Job name -> function, for the queue."""
    reacting = [function for functions in REACTIONS.values() for function in functions]
    return {job_name(function): function for function in [*reacting, *OTHER_JOBS]}
