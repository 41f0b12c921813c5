"""Old state + frames == a fresh GET, whatever happened between; and no screen misses or doubles anything after a cut."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from comptoir import stream
from comptoir.channels.port import Person
from comptoir.conversations import assigning, delivering, lists, reading, resolving, thread, writing
from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.schemas import Frame
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import visible_channels
from comptoir.team.models import Member
from tests.house import House, Served
from tests.journeys.following import Follower

LEA = Person("lea@garage-morel.example")


class Screen:
    """A browser's store, and its one reducer: put or drop by id. Nothing personal but readings."""

    def __init__(self, house: House, member: Member) -> None:
        self.house, self.member = house, member
        self.conversations: dict[int, Any] = {}
        self.messages: dict[int, Any] = {}
        self.activities: dict[int, Any] = {}
        self.readings: dict[int, int] = {}
        self.seq = house.read(lambda tx: tx.log_position())

    def apply(self, frame: Frame) -> None:
        for row in frame.put.conversations:
            if row.id not in self.conversations or row.version >= self.conversations[row.id].version:
                self.conversations[row.id] = row
        self.messages |= {message.id: message for message in frame.put.messages}
        self.activities |= {activity.id: activity for activity in frame.put.activities}
        self.readings |= {one.conversation_id: one.upto for one in frame.put.readings}
        for id in frame.drop.messages:
            self.messages.pop(id, None)
        self.seq = frame.seq

    def catch_up(self) -> None:
        channels = frozenset(self.house.actor(self.member).channel_ids or ())
        frame = self.house.read(lambda tx: stream.frame_since(tx, self.seq, channels, self.member.id))
        assert not frame.reset
        self.apply(frame)
        self.apply(frame)  # replay is harmless

    def fresh(self) -> tuple[dict[int, Any], dict[int, Any], dict[int, Any], dict[int, int]]:
        """The same by asking: every page of the list, every thread."""
        page = self.house.read(
            lambda tx: lists.page(tx, tab="all", status="any", cursor=None, limit=100), by=self.member
        )
        threads = [self.house.read(lambda tx, id=row.id: thread.read(tx, id), by=self.member) for row in page.rows]
        return (
            {row.id: row for row in page.rows},
            {message.id: message for one in threads for message in one.messages},
            {activity.id: activity for one in threads for activity in one.activities},
            {one.conversation_id: one.upto for one in page.readings},
        )


def acts(house: House, dice: random.Random) -> list[Callable[[Transaction], object]]:
    """What can happen to a conversation or a message that the actor may see, chosen by the dice."""

    def conversation(tx: Transaction) -> Conversation:
        ids = [
            id for (id,) in tx.rows(f"SELECT c.id FROM conversations c WHERE {visible_channels(tx.actor)} ORDER BY id")
        ]
        return tx.find(Conversation, dice.choice(ids))

    def message(tx: Transaction, where: str) -> Message | None:
        ids = [
            id for (id,) in tx.rows(f"SELECT id FROM messages m WHERE {where} AND {visible_channels(tx.actor, 'm')}")
        ]
        return tx.find(Message, dice.choice(ids)) if ids else None

    def on(tx: Transaction, where: str, act: Callable[[Transaction, Message], object]) -> None:
        found = message(tx, where)
        if found is not None:
            act(tx, found)

    def words() -> writing.Words:
        return writing.Words(client_id=f"client-{dice.random()}", text=f"Mot {dice.randint(1, 99)}", to=[LEA])

    key = house.services.secrets.key("threads")
    return [
        lambda tx: assigning.assign(tx, conversation(tx), member_id=house.chloe.id),
        lambda tx: assigning.unassign(tx, conversation(tx)),
        lambda tx: resolving.resolve(tx, conversation(tx)),
        lambda tx: resolving.reopen(tx, conversation(tx)),
        lambda tx: writing.reply(tx, conversation(tx), words(), token_key=key),
        lambda tx: writing.note(tx, conversation(tx), words()),
        lambda tx: reading.read(tx, conversation(tx), upto=2**31),
        lambda tx: on(tx, "delivery = 'queued'", delivering.start),
        lambda tx: on(tx, "delivery = 'sending'", delivering.sent),
        lambda tx: on(tx, "delivery = 'sending'", lambda tx, m: delivering.failed(tx, m, code="refused", detail="550")),
        lambda tx: on(
            tx, "delivery = 'sending'", lambda tx, m: delivering.delayed(tx, m, code="temporary", detail="451")
        ),
        lambda tx: on(tx, "delivery = 'failed'", delivering.retry),
        lambda tx: on(tx, "delivery = 'failed'", delivering.discard),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_stream_converges_to_what_a_fresh_get_says(house: House, seed: int) -> None:
    dice = random.Random(seed)
    for number in range(3):
        house.receive(house.achats if number == 2 else house.sav)
    screens = [Screen(house, member) for member in (house.anne, house.bruno, house.chloe)]
    for screen in screens:
        screen.conversations, screen.messages, screen.activities, screen.readings = screen.fresh()

    choices = acts(house, dice)
    for step in range(60):
        house.clock.forward(seconds=dice.randint(1, 600))
        if dice.random() < 0.1:
            house.receive(dice.choice([house.sav, house.achats]))
        else:
            house.write(dice.choice(choices), by=dice.choice([house.anne, house.bruno, house.chloe]))
        for screen in screens:
            if step % 7 == 6 or dice.random() < 0.3:
                screen.catch_up()

    for screen in screens:
        screen.catch_up()
        assert (screen.conversations, screen.messages, screen.activities, screen.readings) == screen.fresh()


def test_a_screen_that_was_cut_off_resumes_where_it_was(served: Served, tmp_path: Any) -> None:
    client = served.client()
    owner = {"name": "Anne", "email": "anne@pieces.example", "password": "un mot de passe long", "language": "fr"}
    client.post("/api/setup", json=owner)
    assert client.post("/api/demo").status_code == 204
    first = Follower(client)
    row = client.get("/api/conversations").json()["rows"][0]
    client.put(f"/api/conversations/{row['id']}/resolution")
    first.wait_for(lambda: [one for one in first.put("conversations") if one["status"] == "resolved"])
    seen = first.seq
    first.close()

    client.delete(f"/api/conversations/{row['id']}/resolution")
    note = client.post(
        f"/api/conversations/{row['id']}/notes", json={"client_id": "while-away", "text": "Pendant la coupure"}
    ).json()
    again = Follower(client, after=seen)

    assert [one["status"] for one in again.put("conversations") if one["id"] == row["id"]] == ["open"]
    assert note["id"] in [message["id"] for message in again.put("messages")]
    assert not any(frame["reset"] for frame in again.frames)
    again.close()
    far = Follower(client, after=1)
    assert far.frames[0]["reset"] or far.seq - 1 <= stream.MOST_EVENTS
    far.close()


def test_a_stream_needs_a_session(served: Served) -> None:
    assert served.client().get("/api/stream").status_code == 401


def test_a_new_password_closes_the_other_screens(served: Served) -> None:
    client = served.client()
    owner = {"name": "Anne", "email": "anne@pieces.example", "password": "un mot de passe long", "language": "fr"}
    client.post("/api/setup", json=owner)
    screen = Follower(client)

    client.put("/api/me/password", json={"current": "un mot de passe long", "new": "un autre mot de passe"})

    screen.wait_for(lambda: screen.is_closed)
