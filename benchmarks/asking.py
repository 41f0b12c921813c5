"""Questions to the data itself, to know where its middles and its ends are before the clock runs."""

import sqlite3
from typing import Any

import psycopg

from benchmarks.server import Store


def ask(store: Store, sql: str) -> list[tuple[Any, ...]]:
    if store.cluster is None:
        connection = sqlite3.connect(store.url.removeprefix("sqlite:///"))
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()
    with psycopg.connect(store.url) as other:
        return other.execute(sql).fetchall()
