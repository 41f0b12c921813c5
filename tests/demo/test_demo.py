"""The sample data is a whole inbox, is alive, and goes away without a trace."""

import asyncio

import pytest

from comptoir.channels.port import Person
from comptoir.conversations import lists, thread, writing
from comptoir.conversations.models import Conversation, Message
from comptoir.demo import living, opening
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Actor, Transaction
from comptoir.team import queries
from tests.house import Clock, House


@pytest.fixture
def demo(services: Services) -> Services:
    asyncio.run(opening.prepare(services))
    return services


def as_anne(tx: Transaction) -> Actor:
    channels = tuple(id for (id,) in tx.rows("SELECT id FROM channels"))
    owner = queries.demo_actor(tx)
    return Actor("member", owner.id, owner.role, owner.language, channels)


def test_the_curtain_rises_on_a_whole_inbox(demo: Services) -> None:
    anne = demo.database.read_now(as_anne)
    page = demo.database.read_now(
        lambda tx: lists.page(tx, tab="all", status="any", cursor=None, limit=100), actor=anne
    )
    threads = [demo.database.read_now(lambda tx, id=row.id: thread.read(tx, id), actor=anne) for row in page.rows]

    assert len(page.rows) >= 40
    assert {row.status for row in page.rows} == {"open", "resolved"}
    assert any(row.has_failed for row in page.rows)
    assert any(message.is_unreadable for one in threads for message in one.messages)
    assert any(message.kind == "note" for one in threads for message in one.messages)
    assert any(one.older for one in threads), "one thread is longer than a page"
    assert any(
        attachment.is_inline for one in threads for message in one.messages for attachment in message.attachments
    )


def test_opening_twice_changes_nothing(demo: Services) -> None:
    before = demo.database.read_now(lambda tx: tx.log_position())

    asyncio.run(opening.prepare(demo))

    assert demo.database.read_now(lambda tx: tx.log_position()) == before


def test_customers_write_and_answer(demo: Services) -> None:
    clock = demo.clock
    assert isinstance(clock, Clock)
    anne = demo.database.read_now(as_anne)
    mails = "SELECT count(*) FROM ledger"
    before = demo.database.read_now(lambda tx: tx.value(mails))
    conversation_id = demo.database.read_now(
        lambda tx: tx.value("SELECT id FROM conversations WHERE subject LIKE 'URGENT%'")
    )
    words = writing.Words(
        client_id="from-anne-1", text="Il est au comptoir.", to=[Person("karim@taxi-mistral.example")]
    )

    clock.forward(seconds=50)
    asyncio.run(living.go_on(demo))
    written = demo.database.write_now(
        lambda tx: writing.reply(tx, tx.find(Conversation, conversation_id), words, token_key=b"k" * 32), actor=anne
    )
    demo.database.write_now(lambda tx: setattr(tx.find(Message, written.message.id), "delivery", "sent"))
    clock.forward(seconds=20)
    asyncio.run(living.go_on(demo))

    assert demo.database.read_now(lambda tx: tx.value(mails)) == before + 2
    newest = demo.database.read_now(lambda tx: tx.value("SELECT body FROM ledger ORDER BY id DESC LIMIT 1"))
    assert written.message.header_id.encode() in bytes(newest)


def test_clearing_leaves_nothing(demo: Services) -> None:
    asyncio.run(opening.clear(demo))

    for table in (
        "channels",
        "conversations",
        "messages",
        "message_html",
        "attachments",
        "ledger",
        "contacts",
        "labels",
        "message_search",
    ):
        assert demo.database.read_now(lambda tx, table=table: tx.value(f"SELECT count(*) FROM {table}")) == 0, table
    assert demo.database.read_now(lambda tx: tx.value("SELECT count(*) FROM members")) == 1


def test_sample_data_is_not_mixed_with_real_mailboxes(house: House) -> None:
    with pytest.raises(opening.NotEmpty):
        house.read(opening.require_empty, by=house.anne)
