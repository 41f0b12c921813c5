"""From what a manager typed to a `Connection`, and what its check list means for the channel."""

import secrets as random
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from comptoir.channels import watching
from comptoir.channels.errors import FieldMissing
from comptoir.channels.models import Channel
from comptoir.channels.port import Connection, Finding
from comptoir.channels.schemas import NumberConnection, NumberSecrets, NumberSettings
from comptoir.foundation.transaction import Transaction

WANTED: Mapping[str, tuple[str, ...]] = {
    "meta": ("phone_number_id", "waba_id", "access_token", "app_secret"),
    "twilio": ("account_sid", "auth_token"),
}
STOPS = frozenset({"token", "number"})  # without these nothing leaves


def address_of(phone: str) -> str:
    """As a number is shown and compared: "+" and its digits."""
    return "+" + "".join(character for character in phone if character.isascii() and character.isdigit()).removeprefix(
        "00"
    )


def typed(data: NumberConnection) -> Connection:
    """FieldMissing names what the provider cannot do without."""
    settings: dict[str, Any] = msgspec.to_builtins(data.settings)
    secrets = given(data.secrets)
    address = address_of(data.address)
    _require(data.provider, settings, secrets)
    if data.provider == "twilio":
        settings["number"] = address
    else:
        secrets["verify_token"] = random.token_urlsafe(18)
    settings["webhook_key"] = random.token_urlsafe(24)
    return Connection(0, address, data.name, settings, secrets)


def changed(
    connection: Connection, provider: str, settings: NumberSettings | None, secrets: NumberSecrets | None
) -> Connection:
    """What is kept, with what was typed over it."""
    merged = {**connection.settings, **(msgspec.to_builtins(settings) if settings is not None else {})}
    kept = {**connection.secrets, **(given(secrets) if secrets is not None else {})}
    _require(provider, merged, kept)
    return msgspec.structs.replace(connection, settings=merged, secrets=kept)


def given(secrets: NumberSecrets) -> dict[str, str]:
    return {name: value for name, value in msgspec.to_builtins(secrets).items() if value}


def stopping(findings: Sequence[Finding]) -> Finding | None:
    """The first line that stops every message."""
    return next((one for one in findings if one.state == "failed" and one.what in STOPS), None)


def note(tx: Transaction, channel: Channel, findings: Sequence[Finding]) -> None:
    """The channel is as well as its check list says."""
    found = stopping(findings)
    if found is None:
        watching.connected(tx, channel)
    else:
        watching.in_trouble(tx, channel, code=found.code, detail=found.detail, side="api")


def _require(provider: str, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
    for field in WANTED[provider]:
        if not settings.get(field) and not secrets.get(field):
            raise FieldMissing(field=field)
