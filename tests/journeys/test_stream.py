"""Old state + frames == a fresh GET, whatever happened between; and no screen misses or doubles anything after a cut."""

import contextlib
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from comptoir import stream
from comptoir.channels import connecting, joining
from comptoir.channels.models import Channel, ChannelMember
from comptoir.channels.port import Person
from comptoir.conversations import (
    assigning,
    delivering,
    labelling,
    lists,
    reading,
    resolving,
    snoozing,
    thread,
    truth,
    writing,
)
from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.schemas import Frame
from comptoir.foundation.errors import NotFound, Problem
from comptoir.foundation.transaction import Actor, Transaction
from comptoir.labels import editing as label_editing
from comptoir.labels import queries as labels
from comptoir.team import editing, grouping, signing_in
from comptoir.team.access import visible
from comptoir.team.models import Member, Team
from tests.house import PASSWORD, House, Served
from tests.journeys.following import Follower

OWNER = {"name": "Anne", "email": "anne@pieces.example", "password": PASSWORD, "language": "fr"}
LEA = Person("lea@garage-morel.example")


class Screen:
    """A browser's store, and its one reducer: put or drop by id. It has every conversation open that it sees."""

    def __init__(self, house: House, member: Member) -> None:
        self.house, self.member = house, member
        self.load()

    def load(self) -> None:
        self.seq = self.house.read(lambda tx: tx.log_position())
        self.conversations, self.messages, self.activities, self.readings = self.fresh()

    def apply(self, frame: Frame) -> None:
        for row in frame.put.conversations:
            if row.id not in self.conversations:
                self.open(row.id)
            if row.id not in self.conversations or row.version >= self.conversations[row.id].version:
                self.conversations[row.id] = row
        self.messages |= {message.id: message for message in frame.put.messages}
        self.activities |= {activity.id: activity for activity in frame.put.activities}
        self.readings |= {one.conversation_id: one.upto for one in frame.put.readings}
        for id in frame.drop.messages:
            self.messages.pop(id, None)
        for id in frame.drop.conversations:
            self.close(id)
        self.seq = frame.seq

    def open(self, id: int) -> None:
        found = self.house.read(lambda tx: thread.read(tx, id), by=self.member)
        self.messages |= {message.id: message for message in found.messages}
        self.activities |= {activity.id: activity for activity in found.activities}

    def close(self, id: int) -> None:
        """Nothing of it is left, not even how far it was read."""
        self.conversations.pop(id, None)
        self.readings.pop(id, None)
        self.messages = {key: one for key, one in self.messages.items() if one.conversation_id != id}
        self.activities = {key: one for key, one in self.activities.items() if one.conversation_id != id}

    def catch_up(self) -> None:
        frame = frame_since(self.house, self.member, self.seq)
        if frame.reset:
            self.load()
            return
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


def acts(
    house: House, dice: random.Random, here: list[Member], team_id: int, label_id: int
) -> list[Callable[[Transaction], object]]:
    """What can happen to a conversation or a message that the actor may see, chosen by the dice."""

    def conversation(tx: Transaction) -> Conversation:
        ids = [id for (id,) in tx.rows(f"SELECT c.id FROM conversations c WHERE {visible(tx.actor)} ORDER BY id")]
        if not ids:
            raise NotFound
        return tx.find(Conversation, dice.choice(ids))

    def message(tx: Transaction, where: str) -> Message | None:
        ids = [
            id
            for (id,) in tx.rows(
                "SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id"
                f" WHERE {where} AND {visible(tx.actor)} ORDER BY m.id"
            )
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
        *[lambda tx: assigning.assign(tx, conversation(tx), member_id=dice.choice(here).id)] * 3,
        lambda tx: assigning.assign_team(tx, conversation(tx), team_id=team_id),
        lambda tx: assigning.unassign_team(tx, conversation(tx)),
        lambda tx: labelling.label(tx, conversation(tx), labels.find(tx, label_id)),
        lambda tx: labelling.unlabel(tx, conversation(tx), labels.find(tx, label_id)),
        lambda tx: snoozing.snooze(tx, conversation(tx), until=tx.now + timedelta(hours=1)),
        lambda tx: resolving.pause(tx, conversation(tx)),
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


def access_changes(
    house: House, dice: random.Random, here: list[Member], team_id: int
) -> list[Callable[[Transaction], object]]:
    """What a manager does to who sees what."""

    def scoped(tx: Transaction) -> Member:
        return tx.find(Member, dice.choice(here[1:]).id)

    return [
        lambda tx: editing.change_scope(tx, scoped(tx), scope=dice.choice(["all", "team", "own"])),
        lambda tx: grouping.add_member(tx, tx.find(Team, team_id), scoped(tx).id),
        lambda tx: grouping.remove_member(tx, tx.find(Team, team_id), scoped(tx).id),
        lambda tx: joining.add_member(tx, tx.find(Channel, house.sav.id), scoped(tx).id),
        lambda tx: joining.remove_member(tx, tx.find(Channel, house.sav.id), scoped(tx).id),
    ]


def hire(house: House, name: str, scope: str) -> Member:
    def work(tx: Transaction) -> Member:
        member = signing_in.new_member(tx, email=f"{name}@pieces.example", role="member", language="fr")
        member.name, member.scope, member.password_hash = name.title(), scope, house.bruno.password_hash
        tx.add(member)
        tx.add(ChannelMember(channel_id=house.sav.id, member_id=member.id))
        return member

    return house.write(work)


@pytest.mark.parametrize("seed", range(5))
def test_stream_converges_to_what_a_fresh_get_says(house: House, seed: int) -> None:
    """For who sees everything, their team's, or their own; half of the runs also change who that is."""
    dice = random.Random(seed)
    everybody = [house.anne, house.bruno, house.chloe, hire(house, "nora", "team"), hire(house, "omar", "own")]
    team_id = house.write(lambda tx: grouping.create(tx, name="Devis").id)
    label_id = house.write(lambda tx: label_editing.create(tx, name="Urgent").id)
    house.write(lambda tx: grouping.add_member(tx, tx.find(Team, team_id), everybody[3].id))
    for number in range(5):
        house.receive(house.achats if number == 2 else house.sav)
    screens = [Screen(house, member) for member in everybody]

    choices = acts(house, dice, everybody, team_id, label_id)
    changes = access_changes(house, dice, everybody, team_id) if seed % 2 else []
    for step in range(90):
        house.clock.forward(seconds=dice.randint(1, 600))
        chance = dice.random()
        with contextlib.suppress(Problem):  # nothing is there for them, or it may not be done
            if chance < 0.1:
                house.receive(dice.choice([house.sav, house.achats]))
            elif chance < 0.17 and changes:
                house.write(dice.choice(changes), by=house.anne)
            else:
                house.write(dice.choice(choices), by=dice.choice(everybody))
        for screen in screens:
            if step % 7 == 6 or dice.random() < 0.3:
                screen.catch_up()

    for screen in screens:
        screen.catch_up()
        assert (screen.conversations, screen.messages, screen.activities, screen.readings) == screen.fresh()


def test_a_screen_that_was_cut_off_resumes_where_it_was(served: Served) -> None:
    client = served.client()
    client.post("/api/setup", json=OWNER)
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


def frame_since(house: House, member: Member, after: int) -> Frame:
    """What a browser of this member is told when it comes back."""
    actor = house.actor(member)
    return house.read(lambda tx: truth.frame_since(tx, after, actor))


def test_a_screen_too_far_behind_fetches_again(house: House) -> None:
    landed = house.receive()
    seen = house.read(lambda tx: tx.log_position())

    def resolve_and_reopen(tx: Transaction, times: int) -> None:
        conversation = tx.find(Conversation, landed.conversation_id)
        for _ in range(times):
            resolving.resolve(tx, conversation)
            resolving.reopen(tx, conversation)

    house.write(lambda tx: resolve_and_reopen(tx, truth.MOST_EVENTS // 2), by=house.bruno)
    assert [row.id for row in frame_since(house, house.anne, seen).put.conversations] == [landed.conversation_id]
    house.write(lambda tx: resolve_and_reopen(tx, 1), by=house.bruno)

    frame = frame_since(house, house.anne, seen)
    assert frame.reset
    assert frame.put.conversations == []
    assert not frame_since(house, house.anne, frame.seq).reset
    assert frame_since(house, house.anne, frame.seq + 1).reset, "a log that goes back was restored from a backup"


def test_a_screen_that_was_away_while_its_member_joined_or_left_a_mailbox_fetches_again(house: House) -> None:
    house.receive(house.achats)
    seen = house.read(lambda tx: tx.log_position())

    house.write(lambda tx: joining.add_member(tx, tx.find(Channel, house.achats.id), house.bruno.id), by=house.anne)
    assert frame_since(house, house.bruno, seen).reset
    assert not frame_since(house, house.chloe, seen).reset

    seen = house.read(lambda tx: tx.log_position())
    house.write(lambda tx: joining.remove_member(tx, tx.find(Channel, house.achats.id), house.chloe.id), by=house.anne)
    assert frame_since(house, house.chloe, seen).reset
    assert not frame_since(house, house.bruno, seen).reset

    seen = house.read(lambda tx: tx.log_position())
    house.write(lambda tx: connecting.disconnect(tx, tx.find(Channel, house.achats.id)), by=house.anne)
    assert frame_since(house, house.bruno, seen).reset


def test_joining_and_leaving_a_mailbox_resets_the_screens_of_that_member_alone(served: Served) -> None:
    anne = served.client()
    anne.post("/api/setup", json=OWNER)
    assert anne.post("/api/demo").status_code == 204
    invited = anne.post("/api/members", json={"email": "nora@pieces.example"}).json()
    nora = served.client()
    accepted = {"name": "Nora", "password": PASSWORD, "language": "fr"}
    nora.post(f"/api/invitations/{invited['link'].rpartition('/')[2]}", json=accepted)
    row = anne.get("/api/conversations").json()["rows"][0]
    hers, owners = Follower(nora), Follower(anne)
    place = f"/api/channels/{row['channel_id']}/members/{invited['member']['id']}"

    assert anne.put(place).status_code == 204
    hers.wait_for(lambda: any(frame["reset"] for frame in hers.frames))
    anne.put(f"/api/conversations/{row['id']}/resolution")
    hers.wait_for(lambda: [one for one in hers.put("conversations") if one["status"] == "resolved"])
    assert anne.delete(place).status_code == 204
    hers.wait_for(lambda: [frame["reset"] for frame in hers.frames].count(True) == 2)
    anne.delete(f"/api/conversations/{row['id']}/resolution")
    owners.wait_for(lambda: owners.put("conversations")[-1]["status"] == "open")

    assert not any(frame["reset"] for frame in owners.frames)
    assert [one["status"] for one in hers.put("conversations")] == ["resolved"]
    assert nora.get(f"/api/conversations/{row['id']}").status_code == 404
    hers.close()
    owners.close()


async def test_a_slow_browser_is_told_to_fetch_again_and_never_forgets_that_it_was() -> None:
    browser = stream.Browser(Actor("member", 1, channel_ids=(1,)))
    for seq in range(stream.MOST_WAITING + 1):
        browser.give(seq, b"frame")

    owed = await browser.next()
    assert owed is not None
    seq, frame = owed
    assert seq is None, "it is sent whatever the browser has seen"
    assert b'"reset":true' in frame

    browser.give(200, b"rendered for what she saw before")
    browser.reset(201, Actor("member", 1, channel_ids=()))
    browser.close()
    owed = await browser.next()
    assert owed is not None
    assert b'"reset":true' in owed[1]
    assert await browser.next() is None


@pytest.mark.parametrize("after", ["-1", "²", "9" * 30, "x", "1;2"])
def test_a_place_in_the_log_that_is_none_is_now(served: Served, after: str) -> None:
    client = served.client()
    client.post("/api/setup", json=OWNER)
    assert Follower(client, after=after).frames[0]["put"]["conversations"] == []


def test_a_stream_needs_a_session(served: Served) -> None:
    assert served.client().get("/api/stream").status_code == 401


def test_a_new_password_closes_the_other_screens(served: Served) -> None:
    client = served.client()
    client.post("/api/setup", json=OWNER)
    screen = Follower(client)

    client.put("/api/me/password", json={"current": PASSWORD, "new": "un autre mot de passe"})

    screen.wait_for(lambda: screen.is_closed)
