"""Ways by which a member could learn of a conversation that they may not see, or somebody outside of what has not left the house:
each is tried as it would happen, over HTTP, with the roles of the access matrix.
"""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.house import Clock, House, Served, furnish
from tests.journeys.following import Follower
from tests.journeys.test_access_matrix import SECRET, hide, join

TO = [{"address": "lea@garage-morel.example"}]


@pytest.fixture
def house(served: Served) -> House:
    made = House(served.services, Clock(datetime.now(UTC)))
    served.services.database.write_now(lambda tx: furnish(tx, made))
    return made


@pytest.fixture
def chloe(served: Served, house: House) -> httpx.Client:
    """She sees everything."""
    return served.client("chloe@pieces.example")


def member(served: Served, house: House, scope: str) -> httpx.Client:
    house.write(lambda tx: join(tx, f"{scope}@pieces.example", "member", scope, house.sav.id))
    return served.client(f"{scope}@pieces.example")


def me(client: httpx.Client) -> int:
    return int(client.get("/api/start").json()["me"]["id"])


def test_what_a_role_hides_stays_hidden_in_what_is_shown_of_others(
    served: Served, house: House, chloe: httpx.Client
) -> None:
    own = member(served, house, "own")
    ids = hide(house, house.sav.id)
    hidden = ids["conversation_id"]
    what_a_browser_kept_is_not_for_who_signs_in_next(chloe, ids)
    a_preview_counts_what_one_sees(house, chloe, own, hidden)
    nobody_is_added_to_what_they_cannot_see(house, chloe, own, hidden)
    an_undone_merge_leaves_no_subject_behind(house, chloe, own, hidden)


def what_a_browser_kept_is_not_for_who_signs_in_next(chloe: httpx.Client, ids: dict[str, int]) -> None:
    for path in (f"/api/attachments/{ids['attachment_id']}/preview", f"/api/messages/{ids['message_id']}/body"):
        kept = chloe.get(path)
        assert kept.status_code == 200 and kept.headers["vary"].lower() == "cookie", path


def a_preview_counts_what_one_sees(house: House, chloe: httpx.Client, own: httpx.Client, hidden: int) -> None:
    contact = house.conversation(hidden).contact_id
    customer, other = (chloe.post("/api/customers", json={"name": name}).json()["id"] for name in ("Verrier", "Autre"))
    assert chloe.put(f"/api/contacts/{contact}/customer", json={"customer_id": customer}).status_code == 204
    stranger = house.conversation(house.receive().conversation_id).contact_id
    for path in (f"/api/customers/{customer}/merge?into={other}", f"/api/contacts/{contact}/merge?into={stranger}"):
        assert chloe.get(path).json()["moved"]["conversations"] == 1
        assert own.get(path).json()["moved"]["conversations"] == 0


def nobody_is_added_to_what_they_cannot_see(house: House, chloe: httpx.Client, own: httpx.Client, hidden: int) -> None:
    for id, status in ((me(own), 422), (house.bruno.id, 204)):
        assert chloe.put(f"/api/conversations/{hidden}/participants/{id}").status_code == status


def an_undone_merge_leaves_no_subject_behind(house: House, chloe: httpx.Client, own: httpx.Client, hidden: int) -> None:
    """While they are one, who sees the one sees all of it; afterwards only what is theirs, in the thread and in frames."""
    theirs = house.receive(subject="Livraison").conversation_id
    chloe.put(f"/api/conversations/{theirs}/assignment", json={"member_id": me(own)})
    chloe.put(f"/api/conversations/{hidden}/assignment", json={"member_id": house.chloe.id})
    merged = chloe.put(f"/api/conversations/{hidden}/merge", json={"conversation_id": theirs})
    assert merged.status_code == 204, merged.text
    assert SECRET in own.get(f"/api/conversations/{theirs}").text

    assert chloe.delete(f"/api/conversations/{hidden}/merge").status_code == 204

    assert own.get(f"/api/conversations/{hidden}").status_code == 404
    for path in (f"/api/conversations/{theirs}", "/api/changes?after=0", "/api/search?q=dossier"):
        assert SECRET not in own.get(path).text, path
    for path in (f"/api/conversations/{theirs}", "/api/changes?after=0"):
        assert chloe.get(path).text.count(f'"subject":"Dossier {SECRET}"') >= 2, "who sees both is told of both"


def test_a_team_that_is_back_shows_its_members_what_it_has(served: Served, house: House, chloe: httpx.Client) -> None:
    anne, team = served.client("anne@pieces.example"), member(served, house, "team")
    id = anne.post("/api/teams", json={"name": "Atelier"}).json()["id"]
    assert anne.put(f"/api/teams/{id}/members/{me(team)}").status_code == 204
    assert anne.put(f"/api/teams/{id}/archive").status_code == 204
    screen = Follower(team)

    assert anne.delete(f"/api/teams/{id}/archive").status_code == 204
    screen.wait_for(lambda: any(frame["reset"] for frame in screen.frames))
    given = house.receive(subject="Pour l'atelier").conversation_id
    chloe.put(f"/api/conversations/{given}/team", json={"team_id": id})

    screen.wait_for(lambda: [row for row in screen.put("conversations") if row["team_id"] == id])
    assert not [frame for frame in screen.frames if given in frame["drop"]["conversations"]]
    screen.close()


def test_what_has_not_left_the_house_leaves_by_no_other_mail(house: House, chloe: httpx.Client) -> None:
    """A note, a reply that waits for its moment, a file of a note: not quoted, not forwarded, not attached, not shown."""
    place = f"/api/conversations/{house.receive(subject='Prix').conversation_id}"
    file = chloe.post("/api/uploads", files={"file": ("marge.png", b"\x89PNG", "image/png")}).json()["id"]
    secret: dict[str, Any] = {"client_id": "note-of-chloe", "text": "Marge de 40 %", "attachment_ids": [file]}
    note = chloe.post(f"{place}/notes", json=secret).json()["id"]
    secret = {
        "client_id": "leaves-later",
        "text": "Marge",
        "to": TO,
        "later": {"local": f"{house.clock().year + 1}-01-01T09:00:00"},
    }
    waiting = chloe.post(f"{place}/messages", json=secret).json()["id"]

    for id in (note, waiting):
        reply = {"client_id": f"answer-to-{id}", "text": "Oui", "to": TO, "in_reply_to_id": id}
        answer = chloe.post(f"{place}/messages", json=reply)
        assert answer.status_code == 201, answer.text
        said = left(house, answer.json()["id"])
        assert "plaquettes" in said and "Marge" not in said, "it answers what the customer wrote"
        forward = {
            "client_id": f"forward-of-{id}",
            "text": "",
            "to": [{"address": "n@niss.example"}],
            "forwarded": {"message_ids": [id]},
        }
        assert chloe.post(f"{place}/forwards", json=forward).status_code == 404

    reply = {"client_id": "reply-with-file", "text": "Voici", "to": TO}
    assert chloe.post(f"{place}/messages", json=reply | {"attachment_ids": [file]}).status_code == 422
    answer = chloe.post(
        f"{place}/messages", json=reply | {"html": f'<p>Voici <img src="/api/attachments/{file}/preview"></p>'}
    )
    assert answer.status_code == 201, answer.text
    assert not [word for word in ("/api/attachments", "cid:", "marge") if word in left(house, answer.json()["id"])]


def left(house: House, message_id: int) -> str:
    """All that this mail says outside."""
    row = house.read(lambda tx: tx.row("SELECT text, html FROM reply_bodies WHERE message_id = :id", id=message_id))
    return " ".join(row or ())
