"""The statements behind every screen walk their indexes: SQLite's plans, on an empty database without statistics, are the plans
of two million messages. The traps are in DESIGN's notes; the figures are bin/bench's.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from comptoir.channels.models import Channel
from comptoir.conversations import lists, thread
from comptoir.conversations.beginning import people
from comptoir.conversations.filters import pages
from comptoir.conversations.filters.conditions import FEW
from comptoir.conversations.filters.schemas import Filter
from comptoir.conversations.schemas import Tab
from comptoir.conversations.search import searching
from comptoir.conversations.truth import truth_after
from comptoir.foundation.transaction import Actor, Transaction
from comptoir.labels.models import Label
from tests.house import House

SMALL = ("ch", "channels", "l", "m", "cm")  # tables of at most some dozens of rows
MERGED = re.compile(r"SCAN (w|n|e|r|k|s|sources|hits|found|\(subquery-\d+\)|\(join-\d+\)|CONSTANT ROW)$")

Reading = Callable[[Transaction], Any]


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[str]:
    """SQLite only: PostgreSQL plans by statistics, and bin/bench measures it."""
    path = tmp_path / "comptoir.db"
    path.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
    yield f"sqlite:///{path}"


def plans(house: House, read: Reading) -> list[tuple[str, str]]:
    """(statement, line of its plan) of everything that `read` asks, by a member of eight channels."""
    found: list[tuple[str, str]] = []

    def explained(tx: Transaction) -> None:
        tx.actor = Actor("member", house.bruno.id, "member", "fr", tuple(range(1, 9)))
        connection = tx.connection.connection.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        asked: list[str] = []
        connection.set_trace_callback(asked.append)
        read(tx)
        connection.set_trace_callback(None)
        for statement in dict.fromkeys(s for s in asked if s.startswith(("SELECT", "WITH"))):
            for line in connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall():
                found.append((statement, line[3]))

    house.read(explained)
    assert found
    return found


def assert_walks(found: list[tuple[str, str]]) -> None:
    """No table is read whole, and nothing but the rows of a few pages is sorted."""
    for statement, line in found:
        if line.startswith("SCAN"):
            is_short = MERGED.match(line) or line.split()[1] in SMALL or "VIRTUAL TABLE INDEX" in line
            assert is_short, f"{line}\n{statement}"


def sorts(found: list[tuple[str, str]]) -> list[str]:
    return [statement for statement, line in found if "TEMP B-TREE" in line]


@pytest.mark.parametrize("tab", ["mine", "unassigned", "all"])
@pytest.mark.parametrize("status", ["open", "resolved", "any"])
@pytest.mark.parametrize("cursor", [None, "1795500000000.7"])
def test_a_page_of_the_list_is_short_index_walks(house: House, tab: str, status: str, cursor: str | None) -> None:
    found = plans(house, lambda tx: lists.page(tx, tab=tab, status=status, cursor=cursor))

    assert_walks(found)
    walks = [line for _, line in found if "conversations USING" in line]
    # SQLite asks the row for what a partial index already says of it, for the channel of one's own, and whether it is spam.
    assert walks and all("COVERING INDEX" in line or tab != "all" or status == "any" for line in walks)
    for statement in sorts(found):
        assert statement.count("LIMIT 26") >= 2 or "FROM labels" in statement, "only what the walks gave is sorted"


@pytest.mark.parametrize("status", ["open", "any"])
def test_counts_read_indexes_up_to_their_limit(house: House, status: str) -> None:
    found = plans(house, lambda tx: lists.counts(tx, status=status))

    assert_walks(found)
    for statement in sorts(found):
        assert f"LIMIT {lists.NEWEST}" in statement


@pytest.mark.parametrize("tab", ["mine", "unassigned", "all"])
@pytest.mark.parametrize(
    "asked",
    [
        Filter(status=["any"], unread=True, priority=["urgent"]),
        Filter(status=["open", "snoozed"], label_any=[1, 2], label_none=[3], kind=["email"]),
        Filter(status=["any"], active_to=date(2026, 11, 1), created_from=date(2025, 1, 1)),
        Filter(status=["resolved"], assignee=["me", "nobody"]),
    ],
)
def test_a_page_through_a_filter_asks_no_row_that_it_does_not_show(house: House, tab: Tab, asked: Filter) -> None:
    house.write(lambda tx: _label_many(tx, house))

    found = plans(house, lambda tx: pages.page(tx, replace(asked, tab=tab), cursor="1795500000000.7", limit=25))

    walked = [(statement, line) for statement, line in found if statement.startswith("WITH k")]
    walks = [line for _, line in walked if "conversations USING" in line]
    assert walks and all("COVERING INDEX" in line for line in walks), walks
    assert_walks([(statement, line) for statement, line in found if line != "SCAN c"])
    rows = [line for _, line in walked if line.startswith("SEARCH c ")]
    assert rows == ["SEARCH c USING INTEGER PRIMARY KEY (rowid=?)"], (
        "of those that are shown: what is asked is in the index"
    )
    times = Counter(sorts(walked)).values()
    assert max(times) <= 2, "the merge is in order: what it found is sorted, and its last row is looked for"


def _label_many(tx: Transaction, house: House) -> None:
    """So many that the list is walked rather than the label."""
    for label in (1, 2, 3):
        tx.add(Label(name=f"Étiquette {label}", colour="teal"))
    received = list(range(1, FEW + 2))
    tx.execute(
        "INSERT INTO conversations (id, channel_id, subject, status, version, created_at, last_at, preview, last_incoming_id,"
        " failed_count, has_files, label_ids) SELECT value, :channel, '', 'open', 1, value, value, '', 0, 0, false, ',1,'"
        " FROM json_each(:ids)",
        channel=house.sav.id,
        ids=str(received),
    )
    tx.execute(
        "INSERT INTO conversation_labels (conversation_id, label_id) SELECT value, 1 FROM json_each(:ids)",
        ids=str(received),
    )


def test_a_thread_reads_one_page_and_its_own_lines(house: House) -> None:
    landed = house.receive()

    found = plans(house, lambda tx: thread.read(tx, landed.conversation_id))

    assert_walks(found)
    assert not [s for s in sorts(found) if "FROM messages" in s]
    assert any("ix_events_conversation (conversation_id=? AND type=?)" in line for _, line in found)


def test_a_search_sorts_nothing(house: House) -> None:
    house.receive()

    found = plans(house, lambda tx: searching.search(tx, "bonjour plaq"))

    assert_walks(found)
    assert not [s for s in sorts(found) if "MATCH" in s], "by rowid, never by rank"


def test_whom_to_write_to_is_found_without_walking_the_conversations_of_the_channel(house: House) -> None:
    house.receive()

    found = plans(house, lambda tx: people.find(tx, tx.find(Channel, house.sav.id), "lea"))

    assert_walks([(statement, line) for statement, line in found if line != "SCAN c"])  # theirs, found before
    walks = [line for _, line in found if "conversations USING" in line]
    assert walks and all("ix_conversations_contact (contact_id=? AND channel_id=?)" in line for line in walks), walks


def test_the_stream_reads_from_its_position(house: House) -> None:
    house.receive()

    found = plans(house, lambda tx: truth_after(tx, 0))

    assert_walks(found)
    assert any("events USING INTEGER PRIMARY KEY (rowid>?)" in line for _, line in found)
