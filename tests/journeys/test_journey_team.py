"""A day of a team that shares its work: what one does is on the other's screen at once, and what is taken away leaves it."""

from datetime import UTC, datetime

import httpx

from tests.house import Clock, House, Served, furnish
from tests.journeys.following import Follower


def test_journey_team(served: Served) -> None:
    house = House(served.services, Clock(datetime.now(UTC)))
    served.services.database.write_now(lambda tx: furnish(tx, house))
    anne, bruno = served.client("anne@pieces.example"), served.client("bruno@pieces.example")
    quote, other = house.receive(subject="Devis 434").conversation_id, house.receive(subject="Colis").conversation_id
    place = f"/api/conversations/{quote}"
    team = anne.post("/api/teams", json={"name": "Devis"}).json()
    assert anne.put(f"/api/teams/{team['id']}/members/{house.bruno.id}").status_code == 204
    screen = Follower(bruno)

    # Given to his team: it waits for whoever takes it, and he does.
    assert anne.put(f"{place}/team", json={"team_id": team["id"]}).status_code == 204
    screen.wait_for(lambda: [row for row in screen.put("conversations") if row["team_id"] == team["id"]])
    assert mine(bruno) == []
    assert bruno.put(f"{place}/assignment", json={"member_id": house.bruno.id}).status_code == 204
    screen.wait_for(lambda: [row for row in screen.put("conversations") if row["assignee_id"] == house.bruno.id])
    assert mine(bruno) == [quote]
    lines = [one["type"] for one in bruno.get(place).json()["activities"]]
    assert lines == ["conversation.team_assigned", "conversation.assigned"]

    # From now on he sees his own alone: his screen is told to ask again, and the other one is nowhere.
    anne.patch(f"/api/members/{house.bruno.id}", json={"scope": "own"})
    screen.wait_for(lambda: any(frame["reset"] for frame in screen.frames))
    assert [row["id"] for row in bruno.get("/api/conversations").json()["rows"]] == [quote]
    assert bruno.get(f"/api/conversations/{other}").status_code == 404

    # Handed to a colleague, his own leaves too; assigned to him, the other one comes.
    anne.put(f"{place}/assignment", json={"member_id": house.chloe.id})
    screen.wait_for(lambda: any(quote in frame["drop"]["conversations"] for frame in screen.frames))
    assert bruno.get(place).status_code == 404
    anne.put(f"/api/conversations/{other}/assignment", json={"member_id": house.bruno.id})
    screen.wait_for(lambda: [row for row in screen.put("conversations") if row["id"] == other])
    assert mine(bruno) == [other]

    # The team is archived: what it has goes back to everybody.
    eyes = Follower(anne)
    anne.put(f"/api/teams/{team['id']}/archive")
    eyes.wait_for(lambda: [row for row in eyes.put("conversations") if row["id"] == quote and row["team_id"] is None])
    for follower in (screen, eyes):
        follower.close()


def mine(client: httpx.Client) -> list[int]:
    return [row["id"] for row in client.get("/api/conversations", params={"tab": "mine"}).json()["rows"]]
