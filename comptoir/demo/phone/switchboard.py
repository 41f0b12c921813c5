"""The emulated providers behind the sample numbers, for as long as this process serves browsers.

They have no store of their own: at each start they remember, from the inbox, what was said. Their address is new each time and
is written into the channels, which is all that our providers need, here or in another process of this machine.
"""

import asyncio
from functools import partial

from msgspec import Struct

from comptoir.channels import queries
from comptoir.channels.port import Connection
from comptoir.demo import numbers as sample_numbers
from comptoir.demo.cast import CUSTOMERS, NUMBERS
from comptoir.demo.emulators import Emulator
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.people import Person
from comptoir.demo.emulators.templates import Template
from comptoir.demo.phone import memory
from comptoir.demo.ready import TEMPLATES
from comptoir.foundation.errors import Problem
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction


class NoPhone(Problem):
    status = 409
    code = "no_phone"
    fr = "Le téléphone du client n'existe qu'avec les données d'exemple."
    en = "The customer's phone only exists with the sample data."


class Line(Struct, frozen=True):
    """One sample number, and the channel that it is."""

    number: Number
    channel_id: int
    name: str


class Switchboard:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._emulator: Emulator | None = None
        self._lock = asyncio.Lock()
        self.lines: list[Line] = []
        self.people: dict[str, Person] = {}

    @property
    def emulator(self) -> Emulator:
        if self._emulator is None:
            raise NoPhone
        return self._emulator

    async def open(self) -> None:
        """Where there are sample numbers: connect them to providers of our own. Asked twice, it is done once."""
        async with self._lock:
            if self._emulator is not None or not await self._services.database.read(_connections_are_there):
                return
            emulator = Emulator(self._services.clock, is_live=True)
            await emulator.start()
            settings = self._services.settings
            emulator.world.shortcut = (settings.base_url, f"http://127.0.0.1:{settings.port}")
            await self._services.database.write(partial(sample_numbers.point_at, url=emulator.url))
            await self._services.database.read(partial(self._remember, emulator=emulator))
            self._emulator = emulator

    async def close(self) -> None:
        async with self._lock:
            if self._emulator is not None:
                await self._emulator.stop()
            self._emulator, self.lines, self.people = None, [], {}

    def _remember(self, tx: Transaction, *, emulator: Emulator) -> None:
        world = emulator.world
        self.people = {
            key: emulator.add_person(customer.name, customer.phone)
            for key, customer in CUSTOMERS.items()
            if customer.phone
        }
        base_url = self._services.settings.base_url
        for channel in sample_numbers.channels(tx):
            connection = queries.connection_of(channel, self._services.secrets)
            number = _number(connection, channel.provider, base_url)
            world.numbers.append(number)
            self.lines.append(Line(number, channel.id, channel.name))
            memory.restore(tx, world, number, channel.id, self._services.files)


def _connections_are_there(tx: Transaction) -> bool:
    return bool(sample_numbers.channels(tx))


def _number(connection: Connection, provider: str, base_url: str) -> Number:
    settings, secrets = connection.settings, connection.secrets
    key = next(key for key, _, phone, _, _ in NUMBERS if phone == connection.address)
    is_meta = provider == "meta"
    return Number(
        provider="meta" if is_meta else "twilio",
        id=settings["phone_number_id"] if is_meta else connection.address,
        phone=connection.address,
        name=connection.name,
        account=settings["waba_id"] if is_meta else settings["account_sid"],
        app_id=settings.get("app_id", ""),
        secret=secrets["app_secret"] if is_meta else secrets["auth_token"],
        token=secrets["access_token"] if is_meta else secrets["auth_token"],
        verify_token=secrets.get("verify_token", ""),
        webhook_url=f"{base_url}/api/webhooks/{provider}/{settings['webhook_key']}",
        templates=[Template.of(found) for found in TEMPLATES[key]],
    )
