"""Carries what a provider tells to the webhook of the business: signed, tried again as that provider does, and written down.

Meta tries anything but a 200 again for seven days, each time later. Twilio knows one fallback address and then gives up.
"""

import base64
import hashlib
import hmac
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import httpx

from comptoir.demo.emulators import envelopes, forms
from comptoir.demo.emulators.envelopes import Change
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.world import Said, World

RETRIED_FOR = timedelta(days=7)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=12)
SECONDS = 20.0


@dataclass
class Attempt:
    """One webhook as it was sent. `status` 0: nobody answered. `answer`: the first thousand bytes of what came back."""

    number: Number
    url: str
    body: bytes
    headers: Mapping[str, str]
    at: datetime
    status: int = 0
    answer: bytes = b""

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300 if self.number.provider == "twilio" else self.status == 200


class Courier:
    def __init__(self, world: World) -> None:
        self.world = world
        self.attempts: deque[Attempt] = deque(maxlen=100 if world.is_live else None)
        self.lost: list[Attempt] = []
        self._held: list[tuple[Number, Change]] | None = None
        self._client: httpx.AsyncClient | None = None

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    # -- Meta

    def tell(self, number: Number, change: Change, *, lane: str, after: float = 0.0) -> None:
        """Soon, or with the batch that is being held."""
        if self._held is not None:
            self._held.append((number, change))
        elif number.is_subscribed:
            body = envelopes.encoded(envelopes.envelope([change]))
            self.world.agenda.add(lambda: self.post_json(number, body), lane=lane, after=after)

    async def tell_now(self, number: Number, change: Change) -> None:
        await self.post_json(number, envelopes.encoded(envelopes.envelope([change])))

    def hold(self) -> None:
        """From now on keep what is to be told, until `release`."""
        self._held = []

    def release(self) -> None:
        """All that was held, in one body."""
        held, self._held = self._held or [], None
        if held:
            body = envelopes.encoded(envelopes.envelope([change for _, change in held]))
            number = held[0][0]
            self.world.agenda.add(lambda: self.post_json(number, body), lane="batch")

    async def post_json(self, number: Number, body: bytes, *, since: datetime | None = None) -> Attempt:
        """`since`: when it was first tried."""
        headers = {"content-type": "application/json", "user-agent": "facebookexternalua"}
        secret = "another secret" if self.world.faults.signature == "wrong" else number.secret
        if self.world.faults.signature != "missing":
            digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
            headers["x-hub-signature-256"] = f"sha256={digest}"
        attempt = await self._post(Attempt(number, number.webhook_url, body, headers, self.world.clock()))
        if not attempt.is_taken:
            self._try_later(attempt, since or attempt.at)
        return attempt

    def _try_later(self, attempt: Attempt, since: datetime) -> None:
        waited = attempt.at - since
        wait = min(max(FIRST_WAIT, waited), LONGEST_WAIT)
        if waited + wait > RETRIED_FOR:
            self.lost.append(attempt)
            return
        self.world.agenda.add(
            lambda: self._again(attempt, since), lane=f"retry:{attempt.number.id}", after=wait.total_seconds()
        )

    async def _again(self, attempt: Attempt, since: datetime) -> None:
        await self.post_json(attempt.number, attempt.body, since=since)

    async def handshake(self, url: str, verify_token: str) -> bool:
        """The GET by which Meta makes sure of a webhook."""
        query = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": "1158201444"}
        try:
            answer = await self._http().get(self.world.reached(url), params=query)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 and answer.text == query["hub.challenge"]

    # -- Twilio

    def send_form(self, number: Number, url: str, fields: forms.Fields, *, lane: str, after: float = 0.0) -> None:
        self.world.agenda.add(lambda: self._deliver(number, url, fields), lane=lane, after=after)

    async def _deliver(self, number: Number, url: str, fields: forms.Fields) -> None:
        await self.post_form(number, url, fields)

    async def post_form(self, number: Number, url: str, fields: forms.Fields) -> Attempt:
        attempt = await self._post(self._form(number, url, fields))
        if not attempt.is_taken and number.fallback_url and url == number.webhook_url:
            attempt = await self._post(self._form(number, number.fallback_url, fields))
        if not attempt.is_taken:
            self.lost.append(attempt)
        return attempt

    def _form(self, number: Number, url: str, fields: forms.Fields) -> Attempt:
        headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8", "user-agent": "TwilioProxy/1.1"}
        secret = "another secret" if self.world.faults.signature == "wrong" else number.secret
        if self.world.faults.signature != "missing":
            signed = _without_port(url) if self.world.faults.is_port_unsigned else url
            key = number.shared_key or secret
            algorithm = "sha256" if number.shared_key else "sha1"
            if number.shared_key:
                headers["x-twilio-webhooks-signature-settings"] = "key=SK1,algorithm=HMAC_SHA256"
            headers["x-twilio-signature"] = twilio_signature(
                key, signed, urlencode(fields).encode(), algorithm=algorithm
            )
        return Attempt(number, url, urlencode(fields).encode(), headers, self.world.clock())

    # -- both

    def tell_status(self, said: Said, state: str, *, after: float = 0.0) -> None:
        """What became of a message of the business."""
        lane = f"chat:{said.number.id}:{said.person.key}"
        if said.number.provider == "meta":
            self.tell(said.number, envelopes.status(self.world, said, state), lane=lane, after=after)
        elif said.status_url:
            self.send_form(said.number, said.status_url, forms.status(said, state), lane=lane, after=after)

    async def tell_status_now(self, said: Said, state: str) -> None:
        if said.number.provider == "meta":
            await self.tell_now(said.number, envelopes.status(self.world, said, state))
        elif said.status_url:
            await self.post_form(said.number, said.status_url, forms.status(said, state))

    async def get(self, url: str) -> httpx.Response | None:
        """A file of the business, as a provider fetches it by its link."""
        try:
            return await self._http().get(self.world.reached(url), follow_redirects=True)
        except httpx.HTTPError:
            return None

    async def _post(self, attempt: Attempt) -> Attempt:
        self.attempts.append(attempt)
        try:
            url = self.world.reached(attempt.url)
            answer = await self._http().post(url, content=attempt.body, headers=dict(attempt.headers))
        except (httpx.HTTPError, httpx.InvalidURL):
            return attempt
        attempt.status, attempt.answer = answer.status_code, answer.content[:1000]
        return attempt

    def _http(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=SECONDS, trust_env=False)
        return self._client


def _without_port(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.hostname or ""))


def twilio_signature(secret: str, url: str, body: bytes, *, algorithm: str = "sha1") -> str:
    """HMAC over the address and the fields, sorted by name; repeated values once each, sorted."""
    fields = parse_qs(body.decode(), keep_blank_values=True)
    text = url + "".join(f"{name}{value}" for name in sorted(fields) for value in sorted(set(fields[name])))
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), algorithm).digest()).decode()
