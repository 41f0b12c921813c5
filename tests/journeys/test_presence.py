"""Who is in a conversation, as the browsers of those who are in it hear it, also through another process."""

from pathlib import Path

import httpx

from comptoir.channels.models import Channel, ChannelMember
from comptoir.conversations import receiving
from comptoir.foundation.transaction import Transaction
from comptoir.team import editing
from comptoir.team.models import Member
from tests.house import PASSWORD, Served, incoming_mail, serve, settings_of
from tests.journeys.following import Follower


def test_presence_is_told_to_those_present_and_to_nobody_else(served: Served, store: str, tmp_path: Path) -> None:
    conversation_id, ids = served.services.database.write_now(lambda tx: _furnish(tx, served))
    others = iter(()) if store.startswith("sqlite") else serve(settings_of(store, tmp_path))
    elsewhere = next(others, served)  # on PostgreSQL, another process of the same house
    anne, bruno = served.client("anne@pieces.example"), elsewhere.client("bruno@pieces.example")
    zoe = served.client("zoe@pieces.example")
    hers, outside = Follower(anne), Follower(zoe)

    def present(client: httpx.Client, doing: str) -> httpx.Response:
        return client.put(f"/api/conversations/{conversation_id}/presence", json={"tab": "tab-1", "doing": doing})

    assert present(anne, "looking").status_code == 200
    assert present(bruno, "reply").status_code == 200
    hers.wait_for(lambda: _now(hers) == {ids["anne"]: "looking", ids["bruno"]: "reply"})
    assert present(zoe, "looking").status_code == 404, "who may not see it is not told who else does"

    bruno.delete(f"/api/conversations/{conversation_id}/presence", params={"tab": "tab-1"})
    hers.wait_for(lambda: _now(hers) == {ids["anne"]: "looking"})
    assert outside.presences == []
    for follower in (hers, outside):
        follower.close()
    next(others, None)


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
