"""Work that happens after a commit: one port, an engine for SQLite, an engine for PostgreSQL, one set of promises."""

from comptoir.foundation.jobs.lease import LeaseQueue
from comptoir.foundation.jobs.port import Queue


def queue_for(url: str) -> Queue:
    """The engine that goes with a database."""
    return LeaseQueue()
