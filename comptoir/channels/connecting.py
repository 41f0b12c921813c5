"""Connect a mailbox or a number, change it, let it go. A disconnected one is kept, hidden, with its history and its place in
the mail.

Connecting the address of a disconnected one brings that one back: its conversations, and the mail that came meanwhile.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from comptoir.channels import joining, queries
from comptoir.channels.errors import AddressTaken
from comptoir.channels.models import Channel
from comptoir.channels.port import ChannelKind
from comptoir.foundation.transaction import Transaction
from comptoir.team import access

# For how many days a resolved conversation is opened again by its customer, until somebody decides otherwise. A mail says itself
# what it answers; on WhatsApp all that one person ever wrote is one chat, and weeks later it is about something else.
USUALLY_REOPENS: Mapping[ChannelKind, int | None] = {ChannelKind.EMAIL: None, ChannelKind.WHATSAPP: 7}


def connect(
    tx: Transaction,
    *,
    address: str,
    name: str,
    provider: str,
    settings: Mapping[str, Any],
    secrets: str,
    member_ids: Iterable[int],
    kind: ChannelKind = ChannelKind.EMAIL,
    size_limit: int | None = None,
) -> Channel:
    """`secrets` is sealed already; `size_limit`: the largest mail its server says it takes. Whoever connects a mailbox works in
    it, with the members named. A number that comes back keeps the address that its provider calls."""
    access.require_manager(tx.actor)
    address = address.strip().lower()
    channel = queries.by_address(tx, kind, address)
    if channel is None:
        channel = _new(tx, kind, address)
    elif channel.disconnected_at is None:
        raise AddressTaken(address=address)
    channel.provider = provider
    channel.name = name.strip() or address.partition("@")[0]
    called_at = (channel.settings or {}).get("webhook_key")
    channel.settings = {**settings, "webhook_key": called_at} if called_at else dict(settings)
    channel.secrets = secrets
    channel.size_limit = size_limit
    channel.disconnected_at = None
    _start_afresh(channel)
    tx.add(channel)
    tx.record("channel.connected", channel_id=channel.id)
    if tx.actor.kind == "member" and tx.actor.id is not None:
        joining.add_member(tx, channel, tx.actor.id)
    for member_id in sorted(set(member_ids)):
        joining.add_member(tx, channel, member_id)
    return channel


def change(
    tx: Transaction,
    channel: Channel,
    *,
    name: str | None = None,
    settings: Mapping[str, Any] | None = None,
    secrets: str | None = None,
    aliases: Iterable[str] | None = None,
    quotes_history: bool | None = None,
) -> None:
    """Only what is given changes. Other settings or secrets mean that the mailbox is tried again; its place stays."""
    access.require_manager(tx.actor)
    fields = []
    if name is not None and name.strip() and name.strip() != channel.name:
        channel.name = name.strip()
        fields.append("name")
    if aliases is not None and (others := _others(channel, aliases)) != channel.aliases:
        channel.aliases = others
        fields.append("aliases")
    if quotes_history is not None and quotes_history != channel.quotes_history:
        channel.quotes_history = quotes_history
        fields.append("quotes_history")
    if settings is not None and dict(settings) != channel.settings:
        channel.settings = dict(settings)
        fields.append("settings")
    if secrets is not None:
        channel.secrets = secrets
        fields.append("secrets")
    if not fields:
        return
    if "settings" in fields or "secrets" in fields:
        _start_afresh(channel)
    channel.version += 1
    tx.record("channel.changed", channel_id=channel.id, fields=fields)


def disconnect(tx: Transaction, channel: Channel) -> None:
    """No mail is fetched or sent any more; the secrets are forgotten, the conversations stay."""
    access.require_manager(tx.actor)
    if channel.disconnected_at is not None:
        return
    channel.disconnected_at = tx.now
    channel.secrets = ""
    channel.version += 1
    tx.record("channel.disconnected", channel_id=channel.id)


def _others(channel: Channel, aliases: Iterable[str]) -> list[str]:
    """Each once, in the order given, without the mailbox's own address."""
    given = dict.fromkeys(alias.strip().lower() for alias in aliases)
    return [alias for alias in given if alias != channel.address]


def _new(tx: Transaction, kind: ChannelKind, address: str) -> Channel:
    return Channel(kind=kind, address=address, version=0, created_at=tx.now, reopens_within=USUALLY_REOPENS[kind])


def _start_afresh(channel: Channel) -> None:
    """Nothing is known of the line until it is tried with what it now has."""
    channel.health = "connecting"
    channel.trouble_code = channel.trouble_detail = channel.trouble_side = None
