"""A business with one number at each provider, and a customer; `heard` is its webhook."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.people import Person
from comptoir.demo.emulators.world import Said
from tests.rig.emulator import EmulatedWhatsApp
from tests.rig.listener import Listener, listening


@pytest.fixture
def heard() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


@dataclass
class Business:
    """`api` speaks to the provider as our own provider code does."""

    emulator: EmulatedWhatsApp
    number: Number
    lea: Person
    api: httpx.Client
    listener: Listener = field(repr=False)

    def hears(self, text: str = "Bonjour", **more: Any) -> Said:
        return self.emulator.says(self.number, self.lea, text, **more)

    def settle(self) -> None:
        self.emulator.settle()


@pytest.fixture
def meta(emulator: EmulatedWhatsApp, heard: Listener) -> Iterator[Business]:
    number = emulator.meta_number(webhook_url=f"{heard.url}/meta")
    headers = {"authorization": f"Bearer {number.token}", "user-agent": "test"}
    with httpx.Client(base_url=f"{emulator.url}/v26.0", headers=headers, timeout=10) as api:
        yield Business(emulator, number, emulator.person("Léa Morel", "33639980001"), api, heard)


@pytest.fixture
def twilio(emulator: EmulatedWhatsApp, heard: Listener) -> Iterator[Business]:
    number = emulator.twilio_number(webhook_url=f"{heard.url}/twilio")
    with httpx.Client(base_url=emulator.url, auth=(number.account, number.token), timeout=10) as api:
        yield Business(emulator, number, emulator.person("Léa Morel", "33639980001"), api, heard)
