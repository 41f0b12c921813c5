"""The sample data is a whole inbox: every kind of mail, message and state, as the screens read it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import httpx
import msgspec
import pytest

from comptoir.channels.port import Connection, Outgoing, Person, SendError
from comptoir.conversations import lists, thread
from comptoir.conversations.contents import bodies
from comptoir.conversations.models import Message
from comptoir.conversations.schemas import ConversationRow, Thread
from comptoir.conversations.search import searching
from comptoir.demo import opening, stage
from comptoir.demo.cast import COLLEAGUES
from comptoir.demo.chats import CHATS
from comptoir.demo.everyday import EVERYDAY
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Actor, Transaction
from comptoir.providers import PROVIDERS
from comptoir.team.queries import demo_actor, seen_channels
from tests.house import House, Served

R = TypeVar("R")


def play(services: Services, query: Callable[[Transaction], R], actor: Actor | None = None) -> R:
    return services.database.read_now(query, **({"actor": actor} if actor else {}))


def count(services: Services, rows: str) -> int:
    return play(services, lambda tx: int(tx.value(f"SELECT count(*) FROM {rows}")))


def as_owner(tx: Transaction) -> Actor:
    owner = demo_actor(tx)
    assert owner.id is not None
    return msgspec.structs.replace(owner, channel_ids=tuple(seen_channels(tx, owner.id)))


def rows_of(demo: Services) -> list[ConversationRow]:
    anne = play(demo, as_owner)
    return play(demo, lambda tx: lists.page(tx, tab="all", status="any", cursor=None, limit=100).rows, anne)


def threads_of(demo: Services) -> list[Thread]:
    anne = play(demo, as_owner)
    return [play(demo, lambda tx, id=row.id: thread.read(tx, id), anne) for row in rows_of(demo)]


def test_the_curtain_rises_on_a_whole_inbox(demo: Services) -> None:
    rows, threads = rows_of(demo), threads_of(demo)
    messages = [message for one in threads for message in one.messages]
    files = {file.name.rpartition(".")[2] for message in messages for file in message.attachments}

    assert len(rows) == len(stage.scenes()) + len(CHATS) >= 40, "each scene is a conversation of its own"
    assert {row.status for row in rows} == {"open", "resolved"}
    assert {row.channel_id for row in rows} == set(play(demo, as_owner).channel_ids or ())
    assert {row.assignee_id for row in rows} >= {None, *(member_id(demo, each.key) for each in COLLEAGUES)}
    assert rows[0].last_at < demo.clock() < rows[0].last_at + timedelta(hours=1)
    assert demo.clock() - rows[-1].last_at > timedelta(days=18)
    assert any(row.has_failed for row in rows)
    assert any(message.is_unreadable for message in messages)
    assert any(message.is_automatic for message in messages)
    assert any(message.remote_images for message in messages)
    assert any(message.cc for message in messages if message.kind == "incoming")
    assert {message.kind for message in messages} == {"incoming", "reply", "note"}
    assert files >= {"png", "pdf", "csv", "xlsx", "ogg"}
    assert {message.content.__class__.__name__ for message in messages} >= {"Voice", "Location", "TemplateSent"}
    assert any(message.reactions for message in messages) and any(message.quoted for message in messages)
    assert any(file.is_inline for message in messages for file in message.attachments)
    assert sum(one.older is not None for one in threads) == 1, "one thread is longer than a page"


def test_every_mail_opens_and_every_file_is_there(demo: Services) -> None:
    anne = play(demo, as_owner)
    shown = [message for one in threads_of(demo) for message in one.messages if message.body_url]

    assert len(shown) >= 7
    for message in shown:
        page = play(demo, lambda tx, id=message.id: body_of(tx, id), anne)
        assert "images.example" not in page, "remote images are left out until asked for"
    for (key,) in play(demo, lambda tx: tx.rows("SELECT file_key FROM attachments")):
        assert demo.files.get(key)


def body_of(tx: Transaction, message_id: int) -> str:
    return bodies.body(tx, tx.find(Message, message_id), image_proxy=None)


def test_a_thread_holds_the_answers_to_its_own_mail(demo: Services) -> None:
    long = max(threads_of(demo), key=lambda one: len(one.messages))

    assert count(demo, f"messages WHERE conversation_id = {long.conversation.id}") >= 60
    assert long.conversation.contact_name == "Ambulances du Val"
    assert count(demo, "messages WHERE match_reason = 'token'") > 30, "our own token found the thread"


def test_it_can_be_searched(demo: Services) -> None:
    anne = play(demo, as_owner)

    found = play(demo, lambda tx: searching.search(tx, "0986494123"), anne)

    assert {hit.conversation.contact_name for hit in found.hits} >= {"Thomas Fournier"}


def test_nothing_of_it_waits_to_be_sent(demo: Services) -> None:
    assert count(demo, "messages WHERE delivery IN ('queued', 'sending')") == 0
    assert count(demo, "ledger WHERE state = 'kept'") == 0


def test_opening_twice_changes_nothing(demo: Services) -> None:
    before = play(demo, lambda tx: tx.log_position())

    asyncio.run(opening.prepare(demo))

    assert play(demo, lambda tx: tx.log_position()) == before


def test_an_interrupted_opening_begins_again(demo: Services) -> None:
    whole = count(demo, "conversations")
    demo.database.write_now(lambda tx: tx.execute("DELETE FROM events WHERE type = 'demo.opened'"))

    asyncio.run(opening.prepare(demo))

    assert count(demo, "conversations") == whole
    assert count(demo, "channels") == 4


def test_sample_data_is_not_mixed_with_real_mailboxes(house: House) -> None:
    with pytest.raises(opening.NotEmpty):
        house.read(opening.require_empty, by=house.anne)
    with pytest.raises(opening.NotAllowed):
        house.read(opening.require_empty, by=house.bruno)


def test_asked_twice_at_once_it_comes_once(services: Services) -> None:
    owner_id = services.database.write_now(opening._move_in)

    async def both() -> list[object]:
        return await asyncio.gather(*(opening.fill(services, owner_id) for _ in range(2)), return_exceptions=True)

    outcomes = asyncio.run(both())

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "NotEmpty"]
    assert count(services, "channels") == 4


def test_brought_in_and_taken_away_over_http(served: Served) -> None:
    client = httpx.Client(base_url=served.url, timeout=60)
    client.get("/api/start")
    client.headers["x-csrftoken"] = client.cookies["csrftoken"]
    given = {"name": "Anne", "email": "anne@vrai.example", "password": "un mot de passe long", "language": "fr"}
    assert client.post("/api/setup", json=given).status_code == 201

    assert client.delete("/api/demo").json()["code"] == "no_demo"
    assert client.post("/api/demo").status_code == 204
    again = client.post("/api/demo")
    assert client.get("/api/conversations", params={"status": "any"}).json()["rows"]
    assert client.get("/api/start").json()["organisation"]["is_demo"]
    assert client.delete("/api/demo").status_code == 204

    assert again.status_code == 409 and again.json()["code"] == "not_empty"
    assert client.get("/api/conversations", params={"status": "any"}).json()["rows"] == []
    assert client.get("/api/channels").json() == []
    assert [member["name"] for member in client.get("/api/members").json()] == ["Anne"]


def test_the_demo_mailbox_shows_what_a_failure_looks_like() -> None:
    provider, connection = PROVIDERS["demo"], Connection(1, "sav@pieces-express.example", "SAV", {}, {})

    def send(*to: str) -> list[str]:
        outgoing = Outgoing(
            header_id="<1@pieces-express.example>",
            at=datetime(2026, 11, 24, tzinfo=UTC),
            sender=Person("sav@pieces-express.example"),
            to=tuple(Person(address) for address in to),
            subject="",
            text="Bonjour",
        )
        return [refusal.address for refusal in asyncio.run(provider.send(connection, outgoing)).refused]

    assert send("lea@garage-morel.example") == []
    assert send("lea@garage-morel.example", "il-refuse@garage.example") == ["il-refuse@garage.example"]
    with pytest.raises(SendError) as refused:
        send("il-refuse@garage.example")
    with pytest.raises(SendError) as later:
        send("plus-tard@garage.example")
    assert refused.value.permanent and refused.value.code == "recipients_refused"
    assert not later.value.permanent and later.value.code == "temporary"


def test_no_two_everyday_mails_are_the_same() -> None:
    assert len({(one.customer, one.subject) for one in EVERYDAY}) == len(EVERYDAY)


def member_id(demo: Services, key: str) -> int:
    name = next(each.name for each in COLLEAGUES if each.key == key)
    return play(demo, lambda tx: int(tx.value("SELECT id FROM members WHERE name = :name", name=name)))


__all__ = ["as_owner", "count", "play"]
