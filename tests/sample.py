"""The sample house of `--demo` in tests: opened once for each store, then copied for whoever asks."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from comptoir import app as composition
from comptoir.demo import opening
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.settings import Settings
from comptoir.team import queries, signing_in
from tests.house import PASSWORD, Clock, new_store, settings_of

Make = Callable[[str, bool], Settings]


@pytest.fixture(scope="session")
def sample_templates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """`make(kind, is_now)`: the settings of a sample house, closed: to copy. It opened now, or at the tests' own time."""
    made: list[Iterator[str]] = []

    @cache
    def make(kind: str, is_now: bool) -> Settings:
        folder = tmp_path_factory.mktemp(f"sample-{kind}")
        made.append(new_store(kind, request, folder))
        settings = settings_of(next(made[-1]), folder)
        clock = Clock(datetime.now(UTC)) if is_now else Clock()
        with ThreadPoolExecutor(1) as thread:  # Playwright may have a loop in this one
            thread.submit(asyncio.run, _open(composition.make_services(settings, clock))).result()
        if kind == "sqlite":
            _into_one_file(settings.database.removeprefix("sqlite:///"))
        return settings

    yield make
    for each in made:
        next(each, None)


async def _open(services: Services) -> None:
    services.database.open()
    await opening.prepare(services)
    await services.database.write(_give_passwords)
    services.database.close()


def _into_one_file(path: str) -> None:
    """Its connections close at the same time, and then none of them may be the last, which would empty the log beside it."""
    with closing(sqlite3.connect(path)) as connection:
        (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not is_busy


def _give_passwords(tx: Transaction) -> None:
    """Anne and Chloé can sign in; a mail of theirs leaves at once."""
    for name in ("anne", "chloe"):
        member = queries.member_by_email(tx, f"{name}@pieces-express.example")
        assert member is not None
        signing_in.set_password(member, PASSWORD)
        member.undo_seconds = 0


def sample_house(kind: str, request: pytest.FixtureRequest, folder: Path, *, is_now: bool) -> Iterator[Settings]:
    """A sample house of one's own, in `folder`."""
    template = request.getfixturevalue("sample_templates")(kind, is_now)
    shutil.copytree(template.data, folder / "data")
    file = template.database.removeprefix("sqlite:///")
    name = template.database.partition("?")[0].rpartition("/")[2]
    for store in new_store(kind, request, folder, file if kind == "sqlite" else name):
        yield settings_of(store, folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def demo(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Services]:
    """The services of a sample house, open, at the tests' own time."""
    for settings in sample_house(request.param, request, tmp_path, is_now=False):
        services = composition.make_services(settings, Clock())
        services.database.open()
        yield services
        services.database.close()
