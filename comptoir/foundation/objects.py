"""Rows as objects of a session, each with one statement: what the session's own unit of work does for many tables and relations
at once costs several times the statement itself. Here no table has relations, and no default asks the database.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Dialect, inspect
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from comptoir.foundation.tables import Table

T = TypeVar("T", bound=Table)
Way = Callable[[Any], Any] | None


class Column(NamedTuple):
    """`to`, `back`: how a value is written for this database, and read from it; None: as it is."""

    default: Callable[[], Any]
    to: Way
    back: Way

    def written(self, value: Any) -> Any:
        return self.to(value) if self.to and value is not None else value

    def read(self, value: Any) -> Any:
        return self.back(value) if self.back and value is not None else value


class Shape(NamedTuple):
    """Columns by their names, in the order in which they are read."""

    table: str
    columns: Mapping[str, Column]
    keys: tuple[str, ...]
    names: tuple[str, ...]


@lru_cache(maxsize=200)
def shape(kind: type[Table], dialect: Dialect) -> Shape:
    columns = {}
    for column in kind.__table__.columns:
        type = column.type.dialect_impl(dialect)
        columns[column.key] = Column(
            _default_of(column), type.bind_processor(dialect), type.result_processor(dialect, None)
        )
    keys = tuple(column.key for column in kind.__table__.primary_key)
    return Shape(kind.__tablename__, columns, keys, tuple(columns))


def _default_of(column: Any) -> Callable[[], Any]:
    default = column.default
    if default is None:
        return lambda: None
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)


def is_new(thing: Table) -> bool:
    return bool(inspect(thing).transient)


def row_of(thing: Table, dialect: Dialect) -> dict[str, Any]:
    """What the database is given for a new object. What was left out is its default, from now on of the object too; an id that
    the database gives is not in it."""
    row = {}
    for name, column in shape(type(thing), dialect).columns.items():
        value = getattr(thing, name)
        if value is None:
            if name == "id":
                continue
            value = column.default()
            set_committed_value(thing, name, value)
        row[name] = column.written(value)
    return row


def keep(session: Session, thing: Table) -> None:
    """The object is a row of the database, as it is; the session knows it from here on."""
    make_transient_to_detached(thing)
    session.add(thing)


def made(session: Session, kind: type[T], row: Sequence[Any], dialect: Dialect) -> T:
    """The object of a row that was read, with the columns of its shape."""
    thing = kind()
    for (name, column), value in zip(shape(kind, dialect).columns.items(), row, strict=True):
        set_committed_value(thing, name, column.read(value))
    keep(session, thing)
    return thing


def write_changes(session: Session, execute: Callable[[str, Mapping[str, Any]], int], dialect: Dialect) -> None:
    """One UPDATE for each object that changed, of what changed."""
    changed_ones: Iterable[Table] = session.dirty
    for thing in changed_ones:
        before = inspect(thing).committed_state
        values = {name: getattr(thing, name) for name in before}
        changed = {name: value for name, value in values.items() if value != before[name]}
        if changed:
            _update(execute, thing, changed, shape(type(thing), dialect))
        for name, value in values.items():
            set_committed_value(thing, name, value)


def _update(
    execute: Callable[[str, Mapping[str, Any]], int], thing: Table, changed: Mapping[str, Any], its: Shape
) -> None:
    given = {name: its.columns[name].written(value) for name, value in changed.items()}
    where = {f"key_{key}": getattr(thing, key) for key in its.keys}
    sets = ", ".join(f"{name} = :{name}" for name in given)
    found = execute(
        f"UPDATE {its.table} SET {sets} WHERE {' AND '.join(f'{key} = :key_{key}' for key in its.keys)}",
        given | where,
    )
    if found != 1:
        raise StaleDataError(f"{its.table} {where} is no longer there")
