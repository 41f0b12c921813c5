"""WhatsApp for tests: the product's own emulator, in a thread of its own, on a free port.

    def test_it(emulator: EmulatedWhatsApp) -> None:
        number = emulator.meta_number(webhook_url=f"{served.url}/api/webhooks/meta/key")
        lea = emulator.person("Léa Morel", "33639980001")
        emulator.says(number, lea, "Bonjour")            # and waits until the webhook was answered
        emulator.advance(hours=25)                       # its window has closed

`number.settings(emulator.url, webhook_key="key")` and `number.secrets()` are what a channel keeps. Faults are set on
`emulator.faults`, limits on `emulator.limits`; `emulator.attempts` are the webhooks sent, `emulator.calls` what it was asked.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from comptoir.demo.emulators import Emulator
from comptoir.demo.emulators.acting import Acting
from comptoir.demo.emulators.courier import Attempt
from comptoir.demo.emulators.faults import Faults
from comptoir.demo.emulators.limits import Limits
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.people import Person
from comptoir.demo.emulators.templates import Template
from comptoir.demo.emulators.world import Said, World
from comptoir.foundation.services import system_clock

T = TypeVar("T")
SECONDS = 30


class EmulatedWhatsApp:
    """Every method returns when what it caused has happened."""

    def __init__(self) -> None:
        self.emulator = Emulator(system_clock)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="whatsapp")

    def start(self) -> None:
        self._thread.start()
        self.do(self.emulator.start())

    def close(self) -> None:
        self.do(self.emulator.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS)
        self._loop.close()

    # -- what it is

    @property
    def url(self) -> str:
        return self.emulator.url

    @property
    def world(self) -> World:
        return self.emulator.world

    @property
    def faults(self) -> Faults:
        return self.emulator.world.faults

    @property
    def limits(self) -> Limits:
        return self.emulator.world.limits

    @property
    def attempts(self) -> list[Attempt]:
        return list(self.emulator.courier.attempts)

    @property
    def calls(self) -> list[tuple[str, int]]:
        """(operation, status) of everything that was asked."""
        return [(operation, answer.status) for operation, _, answer in self.emulator.door.calls]

    # -- who is there

    def meta_number(self, phone: str = "+33199001234", *, webhook_url: str = "") -> Number:
        number = self.emulator.add_meta_number(phone)
        number.webhook_url = webhook_url
        return number

    def twilio_number(self, phone: str = "+33199005678", *, webhook_url: str = "") -> Number:
        number = self.emulator.add_twilio_number(phone)
        number.webhook_url = webhook_url
        return number

    def person(self, name: str, phone: str = "", **more: Any) -> Person:
        return self.emulator.add_person(name, phone, **more)

    # -- what happens

    def says(self, number: Number, person: Person, text: str, **more: Any) -> Said:
        return self.act(lambda acting: acting.say(number, person, text, **more))

    def act(self, act: Callable[[Acting], T]) -> T:
        """Any act of a customer: `emulator.act(lambda acting: acting.react(number, lea, message_id, "👍"))`."""
        return self.do(self._act(act))

    def review(self, number: Number, template: Template, status: str, **more: Any) -> None:
        self.do(self._act(lambda _: self.emulator.review(number, template, status, **more)))

    def inject(self, number: Number, body: bytes | dict[str, Any]) -> Attempt:
        return self.do(self.emulator.inject(number, body))

    def inject_form(self, number: Number, fields: dict[str, str]) -> Attempt:
        return self.do(self.emulator.inject_form(number, fields))

    def advance(self, **by: float) -> None:
        self.do(self.emulator.advance(**by))

    def settle(self) -> None:
        self.do(self.emulator.settle())

    def received(self, number: Number) -> list[Said]:
        """What the business said that arrived with customers, oldest first."""
        return [said for said in self.world.said.values() if said.number is number and said.by == "business"]

    def do(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(SECONDS)

    async def _act(self, act: Callable[[Acting], T]) -> T:
        result = act(self.emulator.acting)
        await self.emulator.settle()
        return result
