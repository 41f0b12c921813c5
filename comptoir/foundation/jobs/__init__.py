"""Work that happens after a commit: one port, an engine for SQLite, an engine for PostgreSQL, one set of promises."""

from comptoir.foundation.jobs.port import Queue
from comptoir.foundation.jobs.running import Timing


def queue_for(url: str, timing: Timing | None = None) -> Queue:
    """The engine that goes with a database. Each is imported only where it is used."""
    if url.startswith("sqlite"):
        from comptoir.foundation.jobs.lease import LeaseQueue

        return LeaseQueue(timing)
    from comptoir.foundation.jobs.procrastinate import ProcrastinateQueue

    return ProcrastinateQueue(timing)
