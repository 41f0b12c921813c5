"""An SMTP submission server that remembers every envelope and can be told how to misbehave.

Two listeners share one memory: plain with STARTTLS, and TLS from the first byte. Every sender signs in.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.rig.certificate import Certificate
from tests.rig.ports import free_port

LARGEST = 50 * 2**20
WISHES = ("RET=", "ENVID=", "NOTIFY=", "ORCPT=")


@dataclass(frozen=True)
class Sent:
    """One message the server took: what it was told (sender, recipients) and every byte it was given."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    signed_in_as: str


class Outbox(list[Sent]):
    """Messages taken, oldest first."""

    def wait_for(self, count: int, *, seconds: float = 10) -> list[Sent]:
        """Block until at least `count` messages were taken (from a coroutine: `await asyncio.to_thread(...)`)."""
        deadline = time.monotonic() + seconds
        while len(self) < count:
            assert time.monotonic() < deadline, f"{len(self)} of {count} messages left within {seconds} s"
            time.sleep(0.02)
        return list(self)


class Reporting(SMTP):
    """A server that takes the wishes of RFC 3461, and remembers them; the library takes none."""

    async def smtp_MAIL(self, arg: str | None) -> None:
        await super().smtp_MAIL(self._without_wishes(arg))

    async def smtp_RCPT(self, arg: str | None) -> None:
        await super().smtp_RCPT(self._without_wishes(arg))

    def _without_wishes(self, arg: str | None) -> str | None:
        words = (arg or "").split(" ")
        kept = [word for word in words if not word.startswith(WISHES)]
        self.event_handler.wishes += [word for word in words if word.startswith(WISHES)]
        return " ".join(kept) if arg is not None else None


class Reporter(Controller):
    def factory(self) -> SMTP:
        return Reporting(self.handler, **self.SMTP_kwargs)


class Submission:
    def __init__(
        self, certificate: Certificate, passwords: Mapping[str, str], deliver: Callable[[str, bytes, str], None]
    ) -> None:
        self.port = free_port()
        self.tls_port = free_port()
        self.outbox = Outbox()
        self.soft_tries = 2  # how often soft@... is put off before it is taken
        self.lost_replies = 0  # how many of the next messages are taken, delivered and never acknowledged
        self._certificate = certificate
        self._passwords = passwords
        self._deliver = deliver
        self._refusals: dict[str, tuple[str, int | None]] = {}
        self._attempts: Counter[str] = Counter()
        self._listeners: list[Controller] = []
        self.offers_reports = False
        self.wishes: list[str] = []  # what MAIL and RCPT asked to be reported

    def refuse(self, recipient: str, reply: str, *, times: int | None = None) -> None:
        """Answer `reply` (such as "550 5.1.1 no such user") to RCPT for this address: always, or `times` times."""
        self._refusals[recipient.lower()] = (reply, times)

    def behave(self) -> None:
        """Forget every message and every scripted misbehaviour."""
        self.outbox.clear()
        self.soft_tries, self.lost_replies = 2, 0
        self._refusals.clear()
        self._attempts.clear()
        self.offers_reports = False
        self.wishes.clear()

    def start(self) -> None:
        if self._listeners:
            return
        tls = self._certificate.server_context()
        options: dict[str, Any] = {
            "authenticator": self._authenticate,
            "auth_required": True,
            "auth_require_tls": False,
            "enable_SMTPUTF8": True,
            "data_size_limit": LARGEST,
        }
        self._listeners = [
            Reporter(self, hostname="127.0.0.1", port=self.port, **options, tls_context=tls),
            Reporter(self, hostname="127.0.0.1", port=self.tls_port, ssl_context=tls, **options),
        ]
        for listener in self._listeners:
            listener.start()

    def stop(self) -> None:
        for listener in self._listeners:
            listener.stop()
        self._listeners = []

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _method: str, given: Any
    ) -> AuthResult:
        known = (
            isinstance(given, LoginPassword)
            and self._passwords.get(given.login.decode().lower()) == given.password.decode()
        )
        return AuthResult(success=known, handled=False, auth_data=given)

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]] if self.offers_reports else responses

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        reply, times = self._script_for(address)
        self._attempts[address.lower()] += 1
        if reply and (times is None or self._attempts[address.lower()] <= times):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        raw = envelope.content
        user = session.auth_data.login.decode() if session.auth_data else ""
        for recipient in envelope.rcpt_tos:
            if recipient.lower() in self._passwords:
                await asyncio.to_thread(self._deliver, recipient, raw, envelope.mail_from or "")
        self.outbox.append(Sent(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, user))
        if self.lost_replies > 0:
            self.lost_replies -= 1
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 2.0.0 Ok: queued"

    async def handle_exception(self, error: Exception) -> str:
        return f"451 4.3.0 {type(error).__name__}: {error}"

    def _script_for(self, address: str) -> tuple[str, int | None]:
        if address.startswith("hard@"):
            return "550 5.1.1 No such user here", None
        if address.startswith("soft@"):
            return "451 4.7.1 Greylisted, try again later", self.soft_tries
        return self._refusals.get(address.lower(), ("", None))
