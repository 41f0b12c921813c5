"""Rows as objects: each is written and read with one statement, and is what SQLAlchemy's own session would make of it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from comptoir import app
from comptoir.foundation import objects
from comptoir.foundation.errors import NotFound
from comptoir.foundation.services import Services
from comptoir.foundation.tables import Table
from comptoir.foundation.transaction import Transaction
from comptoir.team.models import Member

AT = datetime(2026, 11, 28, 9, 30, 0, 123000, tzinfo=UTC)
assert app  # it knows every room, and so every table


def anne() -> Member:
    words = {"email": "anne@example.com", "name": "Anne", "role": "owner", "language": "fr", "timezone": "Europe/Paris"}
    flags = dict.fromkeys(("is_active", "enter_sends_email", "enter_sends_whatsapp", "letter_keys"), True)
    return Member(**words, **flags, stamp="s", theme="system", created_at=AT)


def test_every_table_is_read_by_its_columns(services: Services) -> None:
    def work(tx: Transaction) -> int:
        there = inspect(tx.connection).get_table_names()  # one of the two has its own queue
        kinds = [mapper.class_ for mapper in Table.registry.mappers if mapper.class_.__tablename__ in there]
        for kind in kinds:
            its = objects.shape(kind, tx.connection.dialect)
            assert its.keys
            tx.rows(f"SELECT {', '.join(its.names)} FROM {its.table} LIMIT 1")
        return len(kinds)

    assert services.database.read_now(work) > 30


def test_what_is_added_is_what_a_session_would_read(services: Services) -> None:
    def add(tx: Transaction) -> int:
        added = anne()
        tx.add(added)
        assert (added.scope, added.undo_seconds, added.signature) == ("all", 10, ""), "its defaults are its own at once"
        assert tx.find(Member, added.id) is added
        return added.id

    id = services.database.write_now(add)

    def compare(tx: Transaction) -> None:
        found, theirs = tx.find(Member, id), Session(tx.connection).get_one(Member, id)
        columns = Member.__table__.columns.keys()
        assert [getattr(found, name) for name in columns] == [getattr(theirs, name) for name in columns]
        assert found.created_at == AT
        assert not tx.session.dirty

    services.database.read_now(compare)


def test_a_change_is_written_before_the_next_statement_and_only_once(services: Services) -> None:
    id = services.database.write_now(lambda tx: tx.add(one := anne()) or one.id)  # type: ignore[func-returns-value]

    def change(tx: Transaction) -> None:
        found = tx.find(Member, id)
        found.name, found.undo_seconds = "Anne Petit", 20
        assert tx.row("SELECT name, undo_seconds FROM members WHERE id = :id", id=id) == ("Anne Petit", 20)
        tx.execute("UPDATE members SET name = 'Another' WHERE id = :id", id=id)
        assert tx.value("SELECT name FROM members WHERE id = :id", id=id) == "Another", (
            "what is written is not written again"
        )
        found.name = "Anne"
        tx.session.refresh(tx.find(Member, id))
        assert found.name == "Another"
        found.signature = "A."

    services.database.write_now(change)

    told = services.database.read_now(lambda tx: tx.row("SELECT name, signature FROM members WHERE id = :id", id=id))
    assert told == ("Another", "A.")


def test_what_is_not_there_is_neither_found_nor_changed(services: Services) -> None:
    with pytest.raises(NotFound):
        services.database.write_now(lambda tx: tx.find(Member, 4711))

    def change(tx: Transaction) -> None:
        tx.add(gone := anne())
        tx.execute("DELETE FROM members WHERE id = :id", id=gone.id)
        gone.name = "Nobody"

    with pytest.raises(StaleDataError):
        services.database.write_now(change)
