"""The connected numbers, at hand for every webhook: reading and unsealing them each time would cost more than all the rest."""

import time
from collections.abc import Sequence

from msgspec import Struct

from comptoir.channels import queries as channels
from comptoir.channels.models import Channel
from comptoir.channels.port import Connection
from comptoir.customers import phones
from comptoir.foundation.database import Database
from comptoir.foundation.secrets import Secrets, WrongKey
from comptoir.foundation.transaction import Transaction

FRESH_FOR = 2.0  # seconds: how long a number that was disconnected elsewhere is still believed


class Number(Struct, frozen=True):
    """`channel` as it was read: to look at, not to change."""

    channel: Channel
    connection: Connection

    @property
    def provider(self) -> str:
        return self.channel.provider

    @property
    def number_ids(self) -> tuple[str, ...]:
        """What the provider calls it in a webhook."""
        settings = self.connection.settings
        shown = str(settings.get("number") or self.connection.address).removeprefix("whatsapp:")
        return (str(settings.get("phone_number_id", "")), phones.normalise(shown))


class Numbers:
    def __init__(self, database: Database, secrets: Secrets) -> None:
        self._database = database
        self._secrets = secrets
        self._numbers: dict[tuple[str, str], Number] = {}
        self._read_at = float("-inf")

    async def find(self, provider: str, webhook_key: str, *, is_fresh: bool = False) -> Number | None:
        """The number of that provider whose address for webhooks holds this key."""
        if is_fresh or time.monotonic() - self._read_at > FRESH_FOR:
            found = await self._database.read(lambda tx: every(tx, self._secrets))
            self._read_at = time.monotonic()
            self._numbers = {
                (number.provider, str(number.connection.settings.get("webhook_key", ""))): number for number in found
            }
        return self._numbers.get((provider, webhook_key)) if webhook_key else None


def every(tx: Transaction, secrets: Secrets) -> Sequence[Number]:
    """All connected ones whose secrets this house can read."""
    found = []
    for channel in channels.numbers(tx):
        try:
            found.append(Number(channel, channels.connection_of(channel, secrets)))
        except WrongKey:
            continue
    return found


def route(numbers: Sequence[Number], number: Number, number_id: str) -> Number | None:
    """Whose it is: one app may carry several numbers, and calls the address of one of them for all. They are of one app when
    they share its secret. None when that number is not connected here."""
    if not number_id or number_id in number.number_ids:
        return number
    shared = number.connection.secrets.get("app_secret") or number.connection.secrets.get("auth_token")
    for other in numbers:
        secret = other.connection.secrets.get("app_secret") or other.connection.secrets.get("auth_token")
        if other.provider == number.provider and number_id in other.number_ids and secret == shared:
            return other
    return None
