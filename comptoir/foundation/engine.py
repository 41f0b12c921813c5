"""How each of the two databases is opened: what every connection is told before its first statement."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

# Pages of SQLite's log that a writer copies itself; long before, foundation.database does beside it.
LONGEST_LOG = 64_000
PREPARED = 300  # statements that a connection to PostgreSQL keeps planned
POOL = 8  # threads of foundation.database on PostgreSQL, each with a connection


def make_engine(url: str) -> Engine:
    """An engine for one of the two databases. SQLite: WAL, foreign keys, and a commit that is on the disk when it returns."""
    if not url.startswith("sqlite"):
        postgres = create_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1),
            pool_size=POOL + 2,  # and the listener's
            connect_args={
                "prepare_threshold": 1
            },  # planning costs as much as running: what is asked twice is planned once
        )

        @event.listens_for(postgres, "connect")
        def keep(connection: Any, _: object) -> None:
            connection.prepared_max = PREPARED

        return postgres
    engine = create_engine(
        url,
        poolclass=NullPool,
        connect_args={"check_same_thread": False, "timeout": 30},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-65536",
            "mmap_size=268435456",
            f"wal_autocheckpoint={LONGEST_LOG}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("comptoir_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
