"""Who is in a conversation, as the browsers of those who may see it hear it, also through another process."""

from pathlib import Path

import httpx
import pytest

from comptoir.channels import joining
from comptoir.channels.models import Channel, ChannelMember
from comptoir.conversations import assigning, receiving
from comptoir.conversations.models import Conversation
from comptoir.foundation.transaction import Transaction
from comptoir.team import editing
from comptoir.team.models import Member
from tests.house import PASSWORD, Served, incoming_mail, serve, settings_of
from tests.journeys.following import Follower


def test_presence_is_told_to_those_who_may_see_the_conversation_and_to_nobody_else(
    served: Served, store: str, tmp_path: Path
) -> None:
    conversation_id, ids = served.services.database.write_now(lambda tx: _furnish(tx, served))
    others = iter(()) if store.startswith("sqlite") else serve(settings_of(store, tmp_path))
    elsewhere = next(others, served)  # on PostgreSQL, another process of the same house
    anne, bruno = served.client("anne@pieces.example"), elsewhere.client("bruno@pieces.example")
    zoe = served.client("zoe@pieces.example")
    hers, his, outside = Follower(anne), Follower(bruno), Follower(zoe)

    def present(client: httpx.Client, doing: str) -> httpx.Response:
        return client.put(f"/api/conversations/{conversation_id}/presence", json={"tab": "tab-1", "doing": doing})

    assert present(anne, "looking").status_code == 200
    his.wait_for(lambda: _now(his) == {ids["anne"]: "looking"})  # in his list: he is not in it himself
    assert present(bruno, "reply").status_code == 200
    hers.wait_for(lambda: _now(hers) == {ids["anne"]: "looking", ids["bruno"]: "reply"})
    assert present(zoe, "looking").status_code == 404, "who may not see it is not told who else does"

    bruno.delete(f"/api/conversations/{conversation_id}/presence", params={"tab": "tab-1"})
    hers.wait_for(lambda: _now(hers) == {ids["anne"]: "looking"})
    later = Follower(bruno)  # who comes is told who is where
    assert later.wait_for(lambda: later.everywhere)[0] == [
        {"conversation_id": conversation_id, "members": [{"member_id": ids["anne"], "doing": "looking"}]}
    ]
    assert outside.presences == [] and outside.wait_for(lambda: outside.everywhere) == [[]]
    for follower in (hers, his, later, outside):
        follower.close()
    next(others, None)


@pytest.mark.parametrize("taken", ["out of the channel", "own ones only"])
def test_who_lost_access_hears_no_more_who_is_there(served: Served, taken: str) -> None:
    """Not even for as long as their own last sign stands."""
    database = served.services.database
    conversation_id, ids = database.write_now(lambda tx: _furnish(tx, served))
    anne, bruno = served.client("anne@pieces.example"), served.client("bruno@pieces.example")
    hers, his = Follower(anne), Follower(bruno)

    def present(client: httpx.Client, doing: str) -> None:
        client.put(f"/api/conversations/{conversation_id}/presence", json={"tab": "tab-1", "doing": doing})

    present(bruno, "looking")
    present(anne, "looking")
    his.wait_for(lambda: _now(his) == {ids["anne"]: "looking", ids["bruno"]: "looking"})

    database.write_now(lambda tx: _take_away(tx, taken, ids["bruno"]))
    present(anne, "reply")
    hers.wait_for(lambda: _now(hers).get(ids["anne"]) == "reply")
    assert his.wait_for(lambda: his.everywhere[1:])[0] == [], "what was on his screen goes, too"
    assert _now(his)[ids["anne"]] == "looking"

    database.write_now(lambda tx: _give_back(tx, taken, conversation_id, ids["bruno"]))
    his.wait_for(lambda: _now(his).get(ids["anne"]) == "reply" or _anywhere(his).get(ids["anne"]) == "reply")
    for follower in (hers, his):
        follower.close()


def _take_away(tx: Transaction, taken: str, member_id: int) -> None:
    if taken == "own ones only":
        editing.change_scope(tx, tx.find(Member, member_id), scope="own")
    else:
        joining.remove_member(tx, tx.find(Channel, 1), member_id)


def _give_back(tx: Transaction, taken: str, conversation_id: int, member_id: int) -> None:
    if taken == "own ones only":
        assigning.assign(tx, tx.find(Conversation, conversation_id), member_id=member_id)
    else:
        joining.add_member(tx, tx.find(Channel, 1), member_id)


def _anywhere(follower: Follower) -> dict[int, str]:
    return {one["member_id"]: one["doing"] for where in follower.everywhere[-1] for one in where["members"]}


def _now(follower: Follower) -> dict[int, str]:
    members = follower.presences[-1]["members"] if follower.presences else []
    return {one["member_id"]: one["doing"] for one in members}


def _furnish(tx: Transaction, served: Served) -> tuple[int, dict[str, int]]:
    """Anne and Bruno in a mailbox with one mail; Zoé in the house, but not there."""
    people: list[Member] = [
        editing.add(tx, email=f"{name}@pieces.example", name=name, role="member", password=PASSWORD)
        for name in ("anne", "bruno", "zoe")
    ]
    channel = Channel(
        kind="email", provider="imap", name="SAV", address="sav@pieces.example", settings={}, secrets="",
        health="connected", version=0, created_at=tx.now,
    )  # fmt: skip
    tx.add(channel)
    tx.add(*(ChannelMember(channel_id=channel.id, member_id=member.id) for member in people[:2]))
    key = served.services.secrets.key("threads")
    received = receiving.receive(tx, channel, incoming_mail(tx.now), token_key=key)
    return received.conversation_id, {member.name: member.id for member in people}
