"""A company that upgrades keeps what it has, and its database is then the one a new company gets."""

import os
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from comptoir import migrations
from comptoir.foundation.engine import make_engine
from comptoir.migrations.tables import METADATA
from tests.house import database_of

FIRST = "0001"  # the first version that anybody installed


@pytest.fixture(params=["sqlite", "postgresql"])
def first(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database as the first version made it, with one conversation of one message."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'comptoir.db'}"
    else:
        server, _ = request.getfixturevalue("postgres_template")
        name = f"upgrading_{os.getpid()}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
        url = database_of(server, name)
    migrations.upgrade(url, FIRST)
    return url


def test_an_upgraded_database_is_the_one_a_new_company_gets(first: str) -> None:
    migrations.upgrade(first)
    assert migrations.is_current(first)
    engine = make_engine(first)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_what_the_first_version_kept_is_still_there_and_no_id_is_given_twice(first: str) -> None:
    engine = make_engine(first)
    with engine.begin() as connection:
        for table in ("channels", "conversations", "messages"):
            _insert(connection, table, id=7)
    migrations.upgrade(first)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT conversation_id FROM messages")).all() == [(7,)]
        if engine.dialect.name == "sqlite":
            connection.execute(text("DELETE FROM messages"))
            assert _insert(connection, "messages") == 8, "what named message 7 would now name another one"
            assert connection.execute(text("PRAGMA integrity_check")).all() == [("ok",)]
    engine.dispose()


def test_what_was_labelled_before_says_so_in_its_row(first: str) -> None:
    engine = make_engine(first)
    with engine.begin() as connection:
        _insert(connection, "channels", id=7)
        for id in (7, 8):
            _insert(connection, "conversations", id=id)
        for id in (3, 9):
            connection.execute(text(f"INSERT INTO labels (id, name, colour) VALUES ({id}, 'L{id}', 'teal')"))
            connection.execute(text(f"INSERT INTO conversation_labels (conversation_id, label_id) VALUES (7, {id})"))
    migrations.upgrade(first)
    with engine.begin() as connection:
        labelled, other = connection.execute(text("SELECT label_ids FROM conversations ORDER BY id")).scalars()
        assert (sorted(labelled.split(",")), other) == (["", "", "3", "9"], ",")
    engine.dispose()


def _is_ours(_: object, name: str | None, kind: str, is_found: bool, model: object | None) -> bool:
    """Not the index of search, which is no model, nor the job engines' tables, of which each store has its own."""
    return kind != "table" or (name != "jobs" and (model is not None or not is_found))


def _insert(connection: Connection, table: str, **given: int) -> int:
    """A row with the least that its table asks for: 7 and 'seven' in every column that must have a value."""
    columns = [column for column in inspect(connection).get_columns(table) if not column["nullable"]]
    row = {
        column["name"]: {int: 7, str: "seven", bool: False}[column["type"].python_type]
        for column in columns
        if column["name"] != "id" and column.get("default") is None
    } | given
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    return int(
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values}) RETURNING id"), row).scalar_one()
    )
