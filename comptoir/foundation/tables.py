"""The base of every model, and the three column types that read the same on SQLite and on PostgreSQL, also in raw SQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Dialect, Integer, MetaData, Text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

# SQLite numbers rows only in a column declared exactly INTEGER PRIMARY KEY; PostgreSQL wants 64 bits.
Id = BigInteger().with_variant(Integer(), "sqlite")


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970, from an aware datetime."""
    return (moment - EPOCH) // MILLISECOND


def from_ms(ms: int) -> datetime:
    """An aware UTC datetime; exact, where float timestamps round."""
    return EPOCH + ms * MILLISECOND


class Moment(TypeDecorator[datetime]):
    """A point in time, stored as milliseconds since 1970 in UTC: sorts, compares and pages alike in both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_ms(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_ms(value)


def packed(value: Any) -> str | None:
    """As a `Packed` column stores it."""
    return None if value is None else msgspec.json.encode(value).decode()


class Packed(TypeDecorator[Any]):
    """A small JSON value in a text column, so that hand-written SQL gets the same bytes from both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return packed(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else msgspec.json.decode(value)


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
