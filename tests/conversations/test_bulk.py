"""One act on many conversations: each as if it were alone, told while it goes on, and taken back as it was."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from comptoir.conversations import assigning, resolving, thread
from comptoir.conversations.bulk import bulking, queries
from comptoir.conversations.bulk.schemas import Act, Assign, BulkView, NewBulk, PutLabel, Reopen, Resolve
from comptoir.conversations.filters.schemas import Filter
from comptoir.conversations.handling import merging
from comptoir.conversations.models import Conversation
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.labels.models import Label
from comptoir.team.models import Member
from tests.house import Clock, House, Served, furnish
from tests.journeys.following import Follower

MANY = 500


def conversations(tx: Transaction, channel_id: int, count: int) -> list[int]:
    made = [
        Conversation(
            channel_id=channel_id,
            subject=f"Sujet {number}",
            status="open",
            version=1,
            created_at=tx.now,
            last_at=tx.now,
            preview="",
            last_incoming_id=0,
            failed_count=0,
            has_files=False,
        )
        for number in range(count)
    ]
    tx.add(*made)
    return [one.id for one in made]


def do(house: House, by: Member, act: Act, ids: list[int] | None = None, asked: Filter | None = None) -> int:
    """Begun as by the door, and run to its end as by the job."""
    id = house.write(lambda tx: bulking.begin(tx, NewBulk(act, ids or [], asked)).id, by=by)
    while house.write(lambda tx: bulking.go_on(tx, id)):
        pass
    return id


def undo(house: House, by: Member, id: int) -> None:
    house.write(lambda tx: bulking.undo(tx, queries.find(tx, id)), by=by)
    while house.write(lambda tx: bulking.go_on(tx, id)):
        pass


def view(house: House, by: Member, id: int) -> BulkView:
    return house.read(lambda tx: queries.view(tx, queries.find(tx, id)), by=by)


def test_a_bulk_act_is_the_act_of_each_one_and_is_taken_back(house: House) -> None:
    ids = house.write(lambda tx: conversations(tx, house.sav.id, 60))
    house.write(lambda tx: assigning.assign(tx, tx.find(Conversation, ids[0]), member_id=house.chloe.id))
    house.write(lambda tx: assigning.assign(tx, tx.find(Conversation, ids[1]), member_id=house.bruno.id))

    id = do(house, house.anne, Assign(house.bruno.id), ids)

    found = view(house, house.anne, id)
    assert (found.phase, found.total, found.done, found.changed, found.skipped) == ("done", 60, 60, 59, [])
    assert {house.conversation(id).assignee_id for id in ids} == {house.bruno.id}
    assert house.events(ids[2]) == ["conversation.assigned"]
    assert house.events(ids[1]) == ["conversation.assigned"], "it was Bruno's already: nothing new is said of it"
    undo(house, house.anne, id)
    owners = [house.conversation(id).assignee_id for id in ids]
    assert owners == [house.chloe.id, house.bruno.id, *[None] * 58]
    assert view(house, house.anne, id).phase == "undone"


def test_what_changed_since_is_not_taken_back(house: House) -> None:
    ids = house.write(lambda tx: conversations(tx, house.sav.id, 3))
    id = do(house, house.anne, Resolve(), ids)
    house.write(lambda tx: resolving.pause(tx, tx.find(Conversation, ids[1])), by=house.bruno)

    undo(house, house.anne, id)

    assert [house.conversation(id).status for id in ids] == ["open", "pending", "open"]


def test_taking_back_leaves_the_one_into_which_another_was_merged_since(house: House) -> None:
    first, second = house.write(lambda tx: conversations(tx, house.sav.id, 2))
    id = do(house, house.anne, Resolve(), [first])
    house.write(lambda tx: resolving.resolve(tx, tx.find(Conversation, second)), by=house.bruno)
    house.write(
        lambda tx: merging.merge(tx, tx.find(Conversation, first), tx.find(Conversation, second)), by=house.bruno
    )

    undo(house, house.anne, id)

    assert house.conversation(second).status == "resolved"
    assert view(house, house.anne, id).changed == 0


def test_a_member_reaches_what_they_see_and_no_more(house: House) -> None:
    seen = house.write(lambda tx: conversations(tx, house.sav.id, 2))
    hidden = house.write(lambda tx: conversations(tx, house.achats.id, 2))

    id = do(house, house.bruno, Resolve(), [*seen, *hidden])
    everything = do(house, house.bruno, Reopen(), asked=Filter(status=["any"]))

    assert view(house, house.bruno, id).total == 2, "what is hidden is not even counted"
    assert view(house, house.bruno, everything).total == 2
    assert house.events(hidden[0]) == []
    with pytest.raises(NotFound):
        view(house, house.anne, id)


def test_access_lost_on_the_way_stops_there(house: House) -> None:
    ids = house.write(lambda tx: conversations(tx, house.sav.id, bulking.CHUNK + 2))
    id = house.write(lambda tx: bulking.begin(tx, NewBulk(Resolve(), ids)).id, by=house.bruno)
    house.write(lambda tx: bulking.go_on(tx, id))
    house.write(lambda tx: tx.execute("DELETE FROM channel_members WHERE member_id = :id", id=house.bruno.id))

    while house.write(lambda tx: bulking.go_on(tx, id)):
        pass

    assert [skip.count for skip in view(house, house.bruno, id).skipped] == [2]
    assert house.conversation(ids[-1]).status == "open"


def test_one_that_cannot_be_done_is_skipped_with_its_sentence(house: House) -> None:
    sav = house.write(lambda tx: conversations(tx, house.sav.id, 2))
    achats = house.write(lambda tx: conversations(tx, house.achats.id, 3))

    id = do(house, house.chloe, Assign(house.bruno.id), [*sav, *achats])  # Bruno does not work in achats

    found = view(house, house.chloe, id)
    assert (found.done, [skip.count for skip in found.skipped]) == (2, [3])
    assert found.skipped[0].reason.startswith("Cette personne ne travaille pas")
    assert house.conversation(achats[0]).assignee_id is None


def test_labels_go_on_and_come_off(house: House) -> None:
    ids = house.write(lambda tx: conversations(tx, house.sav.id, 2))
    house.write(lambda tx: tx.add(Label(id=1, name="Garantie", colour="teal")))

    def rows() -> list[int]:
        threads = [house.read(lambda tx, id=id: thread.read(tx, id), by=house.anne) for id in ids]
        return [len(one.conversation.labels) for one in threads]

    id = do(house, house.anne, PutLabel(1), asked=Filter(label_none=[1]))
    assert rows() == [1, 1]
    undo(house, house.anne, id)
    assert rows() == [0, 0]


@pytest.fixture
def anne(served: Served) -> Iterator[httpx.Client]:
    house = House(served.services, Clock())

    def move_in(tx: Transaction) -> None:
        furnish(tx, house)
        conversations(tx, house.sav.id, MANY)

    served.services.database.write_now(move_in)
    client = served.client("anne@pieces.example")
    yield client
    client.close()


def test_five_hundred_by_filter_within_seconds_told_by_the_stream_and_undone(anne: httpx.Client) -> None:
    screen = Follower(anne)

    def bulk() -> dict[str, Any]:
        found: dict[str, Any] = anne.get("/api/bulks").json()[0]
        return found

    begun = anne.post("/api/bulks", json={"act": {"kind": "resolve"}, "filter": {"tab": "all", "status": ["open"]}})
    assert begun.status_code == 201, begun.text
    screen.wait_for(lambda: bulk()["phase"] == "done", seconds=40)
    assert (bulk()["total"], bulk()["done"], bulk()["changed"]) == (MANY, MANY, MANY)
    assert anne.get("/api/conversations/counts").json()["all"] == 0
    assert any("bulks" in frame["about"] for frame in screen.frames)

    assert anne.delete(f"/api/bulks/{bulk()['id']}").status_code == 204
    screen.wait_for(lambda: bulk()["phase"] == "undone", seconds=40)
    assert anne.get("/api/conversations/counts").json()["all"] == MANY
    screen.wait_for(lambda: {row["id"] for row in screen.put("conversations")} >= set(range(1, MANY + 1)))
    screen.close()


def test_nothing_chosen_and_moments_gone_are_refused_at_once(anne: httpx.Client) -> None:
    nothing = anne.post("/api/bulks", json={"act": {"kind": "resolve"}})
    late = anne.post(
        "/api/bulks", json={"act": {"kind": "snooze", "snooze": {"until": "2020-01-01T00:00:00Z"}}, "ids": [1]}
    )
    assert (nothing.json()["code"], late.json()["code"]) == ("nothing_chosen", "snooze_past")
