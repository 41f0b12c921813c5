"""A closed page is told through a real push service on loopback, which reads what only its browser can read."""

import asyncio
import base64
import dataclasses
import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comptoir.conversations import assigning, thread
from comptoir.foundation.jobs.port import Job, RetryLater
from comptoir.foundation.services import Services
from comptoir.gateway import pushing
from comptoir.notifications import dismissing, subscribing
from comptoir.notifications.schemas import Subscription
from comptoir.notifications.subscribing import BadEndpoint
from comptoir.team import signing_in
from comptoir.team.models import Member
from tests.house import House


class PushService:
    """The service and the browser behind it: it takes what is sent, and opens it with the browser's own key."""

    def __init__(self) -> None:
        self.status = 201
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self._key, self._auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                service.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(service.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def subscription(self) -> Subscription:
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Subscription(f"{self.url}/browser/1", _text(point), _text(self._auth))

    def read(self, body: bytes) -> dict[str, Any]:
        words: dict[str, Any] = json.loads(
            http_ece.decrypt(body, private_key=self._key, auth_secret=self._auth, version="aes128gcm")
        )
        return words

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture
def service() -> Iterator[PushService]:
    made = PushService()
    yield made
    made.close()


@pytest.fixture
def private(house: House) -> Services:
    """The house, allowed to reach a push service on its own machine."""
    settings = msgspec.structs.replace(house.services.settings, private_push=True)
    return dataclasses.replace(house.services, settings=settings)


def subscribe(house: House, member: Member, service: PushService) -> None:
    house.write(lambda tx: subscribing.subscribe(tx, service.subscription, allows_private=True), by=member)


def give_to(house: House, member: Member) -> list[Job]:
    """Anne gives the member a mail of Léa's; the jobs that push it."""
    lea = house.receive()
    before = house.read(lambda tx: tx.log_position())
    house.write(
        lambda tx: assigning.assign(tx, thread.find(tx, lea.conversation_id), member_id=member.id), by=house.anne
    )

    asked = "SELECT id FROM events WHERE type = 'notification.pushed' AND id > :before ORDER BY id"
    found = house.read(lambda tx: tx.rows(asked, before=before))
    return [Job(id, "gateway.pushing.send", {"event_id": id}, 1) for (id,) in found]


def browsers(house: House) -> int:
    return int(house.read(lambda tx: tx.value("SELECT count(*) FROM push_subscriptions")))


def test_a_closed_page_is_told_in_words_that_only_its_browser_reads(
    house: House, service: PushService, private: Services
) -> None:
    subscribe(house, house.chloe, service)
    subscribe(house, house.chloe, service)
    (job,) = give_to(house, house.chloe)
    asyncio.run(pushing.send(private, job))

    ((headers, body),) = service.taken
    said = service.read(body)
    assert said["title"] == "Anne Petit vous assigne : Léa Morel"
    assert said["body"] == "Bonjour, avez-vous les plaquettes en stock ?" and said["body"].encode() not in body
    assert said["url"].startswith("/conversations/") and said["lang"] == "fr"
    assert headers["content-encoding"] == "aes128gcm" and int(headers["ttl"]) > 0
    _check_token(headers["authorization"], private, service.url, house.clock())


def _check_token(given: str, services: Services, audience: str, now: datetime) -> None:
    """RFC 8292: signed by the key that browsers subscribed with, for this service, for less than a day."""
    token, _, key = given.removeprefix("vapid t=").partition(", k=")
    assert key == subscribing.public_key(services.secrets)
    point = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = jwt.decode(token, public, algorithms=["ES256"], audience=audience, options={"verify_exp": False})
    assert 0 < (datetime.fromtimestamp(claims["exp"], UTC) - now).total_seconds() < 86_400
    assert claims["sub"].startswith(("http", "mailto:"))


def test_what_was_read_or_may_not_be_seen_any_more_is_not_pushed(
    house: House, service: PushService, private: Services
) -> None:
    subscribe(house, house.chloe, service)
    (read,) = give_to(house, house.chloe)
    house.write(lambda tx: dismissing.read(tx), by=house.chloe)
    asyncio.run(pushing.send(private, read))
    (hidden,) = give_to(house, house.chloe)
    house.write(lambda tx: tx.execute("DELETE FROM channel_members WHERE channel_id = :id", id=house.sav.id))
    asyncio.run(pushing.send(private, hidden))
    assert service.taken == []


@pytest.mark.parametrize(("status", "left"), [(410, 0), (404, 0), (403, 1)])
def test_a_browser_that_is_gone_is_forgotten_and_a_refusal_is_not_repeated(
    house: House, service: PushService, private: Services, status: int, left: int
) -> None:
    subscribe(house, house.chloe, service)
    service.status = status
    (job,) = give_to(house, house.chloe)
    asyncio.run(pushing.send(private, job))
    assert browsers(house) == left


def test_a_service_in_trouble_is_asked_again_and_an_ended_session_is_told_nothing(
    house: House, service: PushService, private: Services
) -> None:
    subscribe(house, house.chloe, service)
    service.status = 503
    (job,) = give_to(house, house.chloe)
    with pytest.raises(RetryLater):
        asyncio.run(pushing.send(private, job))

    service.status, service.taken = 201, []
    house.write(lambda tx: signing_in.set_password(tx.find(Member, house.chloe.id), "un autre mot de passe"))
    asyncio.run(pushing.send(private, job))
    assert service.taken == [] and browsers(house) == 0


def test_a_service_of_our_own_network_is_not_reached_unless_the_house_allows_it(
    house: House, service: PushService
) -> None:
    with pytest.raises(BadEndpoint):
        house.write(lambda tx: subscribing.subscribe(tx, service.subscription, allows_private=False), by=house.chloe)
    inside = Subscription(
        service.url.replace("http:", "https:"), service.subscription.p256dh, service.subscription.auth
    )
    house.write(lambda tx: subscribing.subscribe(tx, inside, allows_private=False), by=house.chloe)
    (job,) = give_to(house, house.chloe)
    asyncio.run(pushing.send(house.services, job))
    assert service.taken == []
