"""The world into a database, in bulk, once: kept under var/bench by size and by everything that shapes it, copied for each run.

The indexes end up with what the product's own statements would have put there; only the way is shorter: SQLite rows by
executemany, PostgreSQL rows by COPY, secondary indexes last. SQLite gets no ANALYZE, because the product runs none.
"""

import hashlib
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import psycopg

from benchmarks.postgres import Cluster
from benchmarks.words import Language
from benchmarks.world import COLUMNS, Row, World
from comptoir import migrations

HERE = Path(__file__).parent
SHAPES = (
    *(HERE / name for name in ("words.py", "world.py", "loading.py")),
    *(HERE.parent / "comptoir/conversations/search" / name for name in ("index.py", "words.py")),
    *sorted((migrations.FOLDER / "versions").glob("*.py")),
)


class Sink(Protocol):
    def put(self, table: str, rows: Iterable[Row]) -> None: ...


def sqlite_file(folder: Path, size: int) -> Path:
    """The database of this size, made if it is not there yet."""
    path = folder / f"sqlite-{size}-{_shape()}.db"
    if path.exists():
        return path
    making = path.with_suffix(".making")
    for left in (making, Path(f"{making}-wal"), Path(f"{making}-shm")):
        left.unlink(missing_ok=True)
    migrations.upgrade(f"sqlite:///{making}")
    with _telling(f"sqlite, {size} conversations"):
        connection = sqlite3.connect(making, isolation_level=None)
        for pragma in ("synchronous=OFF", "journal_mode=OFF", "cache_size=-1000000", "foreign_keys=OFF"):
            connection.execute(f"PRAGMA {pragma}")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f'DROP INDEX "{name}"')
        connection.execute("BEGIN")
        _fill(_SqliteSink(connection), size)
        for _, sql in indexes:
            connection.execute(sql)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
    making.rename(path)
    return path


def postgres_database(cluster: Cluster, size: int) -> str:
    name = f"bench_{size}_{_shape()}"
    if cluster.has(name):
        return name
    making = f"making_{size}"
    cluster.ask(f"DROP DATABASE IF EXISTS {making}")
    cluster.ask(f"CREATE DATABASE {making}")
    migrations.upgrade(cluster.url(making))
    with _telling(f"postgresql, {size} conversations"):
        with psycopg.connect(cluster.url(making)) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("SET synchronous_commit = off")
            _bulk(connection, size)
        cluster.ask("VACUUM ANALYZE", making)
    cluster.ask(f"ALTER DATABASE {making} RENAME TO {name}")
    return name


def copy_sqlite(path: Path, data: Path) -> str:
    """A copy of its own for a server to write in; its URL."""
    data.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, data / "comptoir.db")
    return f"sqlite:///{data / 'comptoir.db'}"


def copy_postgres(cluster: Cluster, name: str, size: int) -> str:
    drop_copy(cluster, size)
    cluster.ask(f"CREATE DATABASE running_{size} TEMPLATE {name} STRATEGY file_copy")
    return cluster.url(f"running_{size}")


def drop_copy(cluster: Cluster, size: int) -> None:
    cluster.ask(f"DROP DATABASE IF EXISTS running_{size} WITH (FORCE)")


def _fill(sink: Sink, size: int) -> None:
    world = World(size, Language())
    for table, rows in world.few():
        sink.put(table, rows)
    for batch in world.messages():
        for table, found in batch.items():
            sink.put(table, found)
    for table, rows in world.conversations():
        sink.put(table, rows)


class _SqliteSink:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def put(self, table: str, rows: Iterable[Row]) -> None:
        if table == "search":
            sql = "INSERT INTO message_search (rowid, words, channel) VALUES (?, ?, ?)"
        else:
            names = COLUMNS[table].split()
            sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        self.connection.executemany(sql, rows)


class _PostgresSink:
    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    def put(self, table: str, rows: Iterable[Row]) -> None:
        names = "message_id words channel" if table == "search" else COLUMNS[table]
        into = "message_words" if table == "search" else table
        with self.connection.cursor().copy(f"COPY {into} ({', '.join(names.split())}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _bulk(connection: psycopg.Connection, size: int) -> None:
    indexes = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'ix_%'"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    connection.execute("CREATE UNLOGGED TABLE message_words (message_id bigint, words text, channel text)")
    _fill(_PostgresSink(connection), size)
    connection.execute(
        "INSERT INTO message_search (message_id, words)"
        " SELECT message_id, to_tsvector('simple', words || ' ' || channel) FROM message_words"
    )
    connection.execute("DROP TABLE message_words")
    for _, sql in indexes:
        connection.execute(sql)
    _go_on_counting(connection)


def _go_on_counting(connection: psycopg.Connection) -> None:
    """The sequences go on after the last row."""
    for table, columns in COLUMNS.items():
        if columns.startswith("id ") and table != "organisations":
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 1) FROM {table}))"
            )


def _shape() -> str:
    digest = hashlib.sha256()
    for path in SHAPES:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


class _telling:
    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self.start = time.monotonic()
        print(f"making the data: {self.what} (once)", file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        print(f"made in {time.monotonic() - self.start:.0f} s", file=sys.stderr, flush=True)
