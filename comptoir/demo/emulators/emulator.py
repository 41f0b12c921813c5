"""The whole of it: a world, the two providers at its door, and the hands of those who play with it."""

import asyncio
import contextlib
import json
import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import uvicorn

from comptoir.demo.emulators import envelopes, numbers
from comptoir.demo.emulators.acting import Acting
from comptoir.demo.emulators.arriving import Arriving
from comptoir.demo.emulators.courier import Attempt, Courier
from comptoir.demo.emulators.door import Door
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.people import Person
from comptoir.demo.emulators.templates import Template
from comptoir.demo.emulators.world import World


class _Server(uvicorn.Server):
    """One that leaves the signals to the process it is a guest of."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Emulator:
    """`clock` is the time on the wall. `is_live`: somebody watches; statuses take their time."""

    def __init__(self, clock: Callable[[], datetime], *, is_live: bool = False) -> None:
        self.world = World(clock, is_live=is_live)
        self.courier = Courier(self.world)
        self.arriving = Arriving(self.courier)
        self.acting = Acting(self.arriving)
        self.door = Door(self.world, self.arriving)
        self._server: _Server | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def url(self) -> str:
        return self.world.url

    async def start(self) -> None:
        """Listen on a free port of this machine, and let happen what falls due."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.world.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            self.door, log_level="error", lifespan="off", server_header=False, timeout_graceful_shutdown=1
        )
        self._server = _Server(config)
        self._tasks = [
            asyncio.create_task(self._server.serve(sockets=[listener])),
            asyncio.create_task(self.world.agenda.run()),
        ]
        while not self._server.started:
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.should_exit = True
        self._tasks[1].cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.courier.close()
        self._server = None

    # -- who is there

    def add_meta_number(self, phone: str = "+33199001234", name: str = "Comptoir") -> Number:
        return self._add(numbers.meta_number(phone, name, serial=self.world.serial()))

    def add_twilio_number(self, phone: str = "+33199005678", name: str = "Atelier") -> Number:
        return self._add(numbers.twilio_number(phone, name, serial=self.world.serial()))

    def add_person(self, name: str, phone: str = "", **more: Any) -> Person:
        """`more`: bsuid, parent_bsuid, username, and what of it is shown."""
        return self.world.people.add(Person(name, phone, **more))

    def _add(self, number: Number) -> Number:
        self.world.numbers.append(number)
        return number

    # -- the clock

    async def advance(self, **by: float) -> None:
        """Turn the clock forward (hours=25), and let happen what falls due on the way."""
        self.world.clock.forward(timedelta(**by))
        self.world.agenda.turned()
        await self.settle()

    async def settle(self) -> None:
        await self.world.agenda.settle()

    # -- what a test or a reviewer does

    def review(self, number: Number, template: Template, status: str, *, reason: str = "NONE") -> None:
        """The provider decides on a template, and Meta tells so."""
        template.status, template.reason = status, reason
        if number.provider == "meta":
            change = envelopes.template_status(
                number,
                template.id,
                name=template.name,
                language=template.language,
                event=status,
                reason=reason,
                at=int(self.world.stamp()),
            )
            self.courier.tell(number, change, lane=f"account:{number.account}")

    async def inject(self, number: Number, body: bytes | dict[str, Any]) -> Attempt:
        """Any body, signed as this number's: a captured payload, or a malformed one. Meta tries it again when it is refused."""
        raw = envelopes.encoded(body) if isinstance(body, dict) else body
        return await self.courier.post_json(number, raw)

    async def inject_form(self, number: Number, fields: dict[str, str]) -> Attempt:
        return await self.courier.post_form(number, number.webhook_url, fields)

    def ids(self, number: Number, *, by: str = "customer") -> list[str]:
        """The ids of what was said with this number, in order: each of them is to be found once in the inbox."""
        return [said.id for said in self.world.said.values() if said.number is number and said.by == by]

    def trace(self) -> str:
        """Everything that was asked and told, as JSON lines for a replay."""
        asked = [
            {
                "asked": operation,
                "method": call.method,
                "path": call.path,
                "body": _text(call.body),
                "status": answer.status,
            }
            for operation, call, answer in self.door.calls
        ]
        told = [
            {"told": attempt.number.provider, "url": attempt.url, "body": _text(attempt.body), "status": attempt.status}
            for attempt in self.courier.attempts
        ]
        return "\n".join(json.dumps(line) for line in [*asked, *told])


def _text(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")
