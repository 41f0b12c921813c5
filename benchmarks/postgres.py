"""A PostgreSQL of the benchmark's own: private socket, no TCP, fsync on, 1 GB of shared buffers, kept between runs."""

import hashlib
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg

SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "maintenance_work_mem": "512MB",
    "max_parallel_workers_per_gather": "0",  # one query, one core: what a busy server has to give
    "autovacuum": "off",  # its moments would fall into the figures; the data is vacuumed and analyzed when made
}


class Cluster:
    """`folder` keeps the data; the socket lies beside it. As root, PostgreSQL runs as the system's `postgres` user."""

    def __init__(self, folder: Path) -> None:
        self.folder = _reachable(folder)
        self.data = self.folder / "data"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        if not (self.data / "PG_VERSION").exists():
            self._run("initdb", "-D", str(self.data), "-A", "trust", "-U", "comptoir", "-E", "UTF8", "--locale=C.UTF-8")
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = ["postgres", "-D", str(self.data), "-k", str(self.folder), *settings]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(_as_user(command), stdout=log, stderr=log)
        self._wait()

    def stop(self) -> None:
        if self._process is not None:
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w")
            self._process.wait()

    def url(self, database: str) -> str:
        return f"postgresql://comptoir@/{database}?host={self.folder}"

    def ask(self, sql: str, database: str = "postgres") -> list[tuple[object, ...]]:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []

    def has(self, database: str) -> bool:
        return bool(self.ask(f"SELECT 1 FROM pg_database WHERE datname = '{database}'"))

    def _run(self, *command: str) -> None:
        subprocess.run(_as_user(list(command)), check=True, stdout=sys.stderr)

    def _wait(self) -> None:
        assert self._process is not None
        while self._process.poll() is None:
            ready = subprocess.run([_program("pg_isready"), "-q", "-h", str(self.folder), "-t", "1"])
            if ready.returncode == 0:
                return
        raise RuntimeError(f"PostgreSQL did not start: see {self.folder / 'log'}")


def _as_user(command: list[str]) -> list[str]:
    command = [_program(command[0]), *command[1:]]
    if os.geteuid() != 0:
        return command
    user = pwd.getpwnam("postgres")
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *command]


def _program(name: str) -> str:
    """Debian keeps the server's programs out of the path."""
    found = shutil.which(name) or next(
        iter(sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None
    )
    if found is None:
        raise FileNotFoundError(f"{name}: PostgreSQL is not installed (apt-get install postgresql)")
    return str(found)


def _reachable(folder: Path) -> Path:
    """The same folder, or, where its parents are closed to the user that PostgreSQL runs as, one in /var/tmp. A socket's
    path has 107 characters at most."""
    folder = folder.resolve()
    closed = os.geteuid() == 0 and any(not p.stat().st_mode & 0o001 for p in folder.parents if p.exists())
    if not closed and len(str(folder)) < 80:
        return folder
    return Path(f"/var/tmp/comptoir-bench-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}")
