"""An unknown person of a known firm writes; the file is suggested, confirmed, seen on the profile, merged and taken apart again."""

from typing import Any

import httpx

from comptoir.channels.models import Channel, ChannelMember
from comptoir.conversations import receiving
from comptoir.foundation.transaction import Transaction
from tests.house import Served, incoming_mail
from tests.journeys.test_journey_email import set_up


def receive(served: Served, channel_id: int, **mail: Any) -> int:
    """The id of the conversation that a mail from Léa lands in."""
    key = served.services.secrets.key("threads")

    def land(tx: Transaction) -> int:
        channel = tx.find(Channel, channel_id)
        return receiving.receive(tx, channel, incoming_mail(tx.now, **mail), token_key=key).conversation_id

    return served.services.database.write_now(land)


def mailbox(served: Served) -> int:
    def make(tx: Transaction) -> int:
        channel = Channel(
            kind="email",
            provider="imap",
            name="SAV",
            address="sav@pieces.example",
            settings={},
            secrets="",
            health="connected",
            version=0,
            created_at=tx.now,
        )
        tx.add(channel)
        tx.add(ChannelMember(channel_id=channel.id, member_id=1))
        return channel.id

    return served.services.database.write_now(make)


def row(client: httpx.Client, conversation_id: int) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/conversations/{conversation_id}").json()["conversation"]
    return found


def test_a_customer_is_known_from_the_first_mail_to_the_profile(served: Served) -> None:
    client = set_up(served)
    channel = mailbox(served)
    facts = {"name": "Garage Morel", "code": "C-0412", "country": "FR", "domains": ["garage-morel.example"]}
    garage = client.post("/api/customers", json=facts).json()["id"]
    first = receive(served, channel)

    beside = client.get(f"/api/conversations/{first}/details").json()
    assert [file["name"] for file in beside["suggestions"]] == ["Garage Morel"]
    lea = beside["contact"]["id"]
    assert client.put(f"/api/contacts/{lea}/customer", json={"customer_id": garage}).status_code == 204
    assert row(client, first)["customer_name"] == "Garage Morel"

    added = client.post(f"/api/contacts/{lea}/identities", json={"value": "06 12 34 56 78"}).json()
    assert [one["shown"] for one in added["identities"]] == ["lea@garage-morel.example", "+33 6 12 34 56 78"]
    for typed in ("morel", "c0412", "0612345678", "lea@garage-morel.example"):
        assert [hit["customer"]["id"] for hit in client.get("/api/customers/search", params={"q": typed}).json()] == [
            garage
        ]

    other = client.post("/api/customers", json={"name": "Garage-Morel"}).json()["id"]
    assert [one["why"] for one in client.get(f"/api/customers/{garage}/duplicates").json()] == ["name"]
    second = receive(served, channel, subject="Facture")
    client.put(f"/api/conversations/{second}/customer", json={"customer_id": other})
    assert client.get(f"/api/customers/{other}/merge", params={"into": garage}).json()["moved"]["conversations"] == 1
    merge = client.post(f"/api/customers/{other}/merge", json={"into_id": garage}).json()["merge_id"]
    timeline = client.get(f"/api/customers/{garage}/conversations").json()["rows"]
    assert {line["id"] for line in timeline} == {first, second}
    assert client.get(f"/api/customers/{garage}/figures").json()["received"] == 2
    assert client.delete(f"/api/merges/{merge}").status_code == 204
    assert row(client, second)["customer_name"] == "Garage-Morel"

    assert client.delete(f"/api/conversations/{second}/customer").status_code == 204
    assert row(client, second)["customer_id"] is None
    assert client.put(f"/api/customers/{garage}/archive").status_code == 204
    assert [line["name"] for line in client.get("/api/customers").json()["rows"]] == ["Garage-Morel"]
    refused = client.put(f"/api/conversations/{second}/customer", json={"customer_id": garage})
    assert (refused.status_code, refused.json()["code"]) == (409, "customer_archived")
