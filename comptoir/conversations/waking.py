"""Scheduled: conversations whose snooze has ended wake, on every screen, also after the server was down for a week."""

import logging

from comptoir.conversations import snoozing
from comptoir.foundation.services import Services

log = logging.getLogger(__name__)


async def wake_due(services: Services) -> None:
    """All that is due, each in a commit of its own: one that cannot wake holds no other up."""
    failed: set[int] = set()
    while ids := [id for id in await services.database.read(snoozing.due) if id not in failed]:
        for id in ids:
            try:
                await services.database.write(lambda tx, id=id: snoozing.wake(tx, id))  # type: ignore[misc]
            except Exception:
                log.exception("conversation %s could not be woken; it is tried again in a while", id)
                failed.add(id)
