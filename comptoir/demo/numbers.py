"""The WhatsApp numbers of the sample data: channels like any other, of a range that nobody real can have."""

from collections.abc import Sequence

from sqlalchemy import select

from comptoir.channels import queries
from comptoir.channels.models import Channel
from comptoir.demo.cast import NUMBERS
from comptoir.demo.emulators import numbers
from comptoir.foundation.secrets import Secrets
from comptoir.foundation.transaction import Transaction

NOWHERE = "http://127.0.0.1:9"  # until the emulated providers run: nothing of the sample data leaves the machine
PHONES = tuple(phone for _, _, phone, _, _ in NUMBERS)


def channels(tx: Transaction) -> Sequence[Channel]:
    """Those that are connected."""
    wanted = select(Channel).where(Channel.kind == "whatsapp", Channel.address.in_(PHONES))
    return list(tx.session.scalars(wanted.where(Channel.disconnected_at.is_(None)).order_by(Channel.id)))


def connect(tx: Transaction, secrets: Secrets, *, name: str, phone: str, provider: str, serial: int) -> Channel:
    """A channel with credentials of its own; `point_at` says later where its provider is."""
    make = numbers.meta_number if provider == "meta" else numbers.twilio_number
    number = make(phone, name, serial=serial)
    channel = Channel(
        kind="whatsapp",
        provider=provider,
        name=name,
        address=phone,
        settings=number.settings(NOWHERE),
        secrets=queries.sealed(number.secrets(), secrets),
        health="connected",
        version=0,
        created_at=tx.now,
        checked_at=tx.now,
    )
    tx.add(channel)
    return channel


def point_at(tx: Transaction, *, url: str) -> None:
    """The emulated providers are at `url` from now on."""
    for channel in channels(tx):
        channel.settings = dict(channel.settings) | {"base_url": url}
