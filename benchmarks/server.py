"""The product as it is run: `comptoir serve`, a process of its own, on a copy of the data, on a free port of loopback."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from benchmarks import loading, processes
from benchmarks.client import Client
from benchmarks.postgres import Cluster
from comptoir.foundation.engine import make_engine

REPOSITORY = Path(__file__).parent.parent


class Store:
    """One database of one size, and where a server keeps the rest. `cluster` is None on SQLite."""

    def __init__(self, name: str, size: int, url: str, data: Path, cluster: Cluster | None) -> None:
        self.name = name
        self.size = size
        self.url = url
        self.data = data
        self.cluster = cluster


class Server:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.port = _free_port()
        environment = os.environ | {
            "COMPTOIR_DATA": str(store.data),
            "COMPTOIR_DATABASE": store.url,
            "COMPTOIR_SIGN_IN_ATTEMPTS_PER_MINUTE": "100000",
            "COMPTOIR_LOG_LEVEL": "WARNING",
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "comptoir.cli", "serve"], env=environment, cwd=REPOSITORY, stdout=sys.stderr
        )

    @property
    def roots(self) -> list[int]:
        """Every process that works for an answer."""
        return [self.process.pid, *([self.store.cluster.pid] if self.store.cluster else [])]

    def cpu_seconds(self) -> float:
        return processes.cpu_seconds(*self.roots)

    def memory_kb(self) -> int:
        """Of the server and its children; PostgreSQL's is its own affair."""
        return processes.memory_kb(self.process.pid)

    def wait(self) -> None:
        """Until it answers."""
        until = time.monotonic() + 120
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError):
                client = Client(self.port)
                client.ask("GET", "/api/health")
                client.close()
                return
            time.sleep(0.005)
        raise RuntimeError("the server did not start")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def serving(store: Store) -> Iterator[Server]:
    server = Server(store)
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def stored(name: str, size: int, folder: Path, cluster: Cluster | None) -> Iterator[Store]:
    """A fresh copy of the data of this size."""
    data = folder / f"running-{size}"
    shutil.rmtree(data, ignore_errors=True)
    if cluster is None:
        url = loading.copy_sqlite(loading.sqlite_file(folder, size), data)
    else:
        data.mkdir(parents=True)
        url = loading.copy_postgres(cluster, loading.postgres_database(cluster, size), size)
    _put_off_waking(url)
    try:
        yield Store(name, size, url, data, cluster)
    finally:
        if cluster is not None:
            loading.drop_copy(cluster, size)
        shutil.rmtree(data, ignore_errors=True)


def _put_off_waking(url: str) -> None:
    """What sleeps until the world's own tomorrow sleeps until ours: else a server spends its first minutes waking it."""
    engine = make_engine(url)
    with engine.begin() as connection:
        until = int((time.time() + 24 * 3600) * 1000)
        connection.execute(
            text("UPDATE conversations SET snoozed_until = :until WHERE status = 'snoozed'"), {"until": until}
        )
    engine.dispose()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
