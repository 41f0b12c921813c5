"""The channels as a member sees them, and as a provider does."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import select

from comptoir.channels import policy
from comptoir.channels.models import Channel, ChannelMember, Import, MailboxCursor
from comptoir.channels.port import ChannelKind, Connection, Cursor
from comptoir.channels.schemas import ChannelView, HistoryView, ImapSettings, NumberSettings, NumberView
from comptoir.foundation.errors import NotFound
from comptoir.foundation.secrets import Secrets
from comptoir.foundation.transaction import Transaction
from comptoir.team import access


def channels(tx: Transaction) -> list[ChannelView]:
    """Every connected one for who manages them, their own for the others; by name."""
    wanted = select(Channel).where(Channel.disconnected_at.is_(None)).order_by(Channel.name, Channel.id)
    if not access.can_manage(tx.actor):
        wanted = wanted.where(Channel.id.in_(tx.actor.channel_ids or ()))
    found = list(tx.session.scalars(wanted))
    members = _members(tx)
    return [_view(tx, channel, members.get(channel.id, [])) for channel in found]


def view(tx: Transaction, channel: Channel) -> ChannelView:
    return _view(tx, channel, _members(tx).get(channel.id, []))


def find(tx: Transaction, id: int) -> Channel:
    """A channel that is connected and that this member manages or works in; else NotFound."""
    channel = tx.session.get(Channel, id)
    if channel is None or channel.disconnected_at is not None:
        raise NotFound
    if not access.can_manage(tx.actor) and not access.works_in(tx.actor, id):
        raise NotFound
    return channel


def managed(tx: Transaction, id: int) -> Channel:
    """A connected channel, for who may change it."""
    access.require_manager(tx.actor)
    return find(tx, id)


def by_address(tx: Transaction, kind: ChannelKind, address: str) -> Channel | None:
    """Connected or not."""
    return tx.session.scalar(select(Channel).where(Channel.kind == kind, Channel.address == address))


def own_addresses(tx: Transaction) -> set[str]:
    """The addresses of all our channels, with their aliases, past ones too: mail from them is never a customer's."""
    own = set()
    for address, aliases in tx.rows("SELECT address, aliases FROM channels"):
        own.update([address, *msgspec.json.decode(aliases, type=list[str])])
    return own


def is_own(address: str, own: set[str]) -> bool:
    """Among `own`, or one of those with something behind a plus."""
    local, _, domain = address.lower().rpartition("@")
    return address.lower() in own or f"{local.partition('+')[0]}@{domain}" in own


def mailboxes(tx: Transaction) -> list[Channel]:
    """Every connected mailbox, for who watches them."""
    wanted = select(Channel).where(Channel.kind == ChannelKind.EMAIL, Channel.disconnected_at.is_(None))
    return list(tx.session.scalars(wanted.order_by(Channel.id)))


def numbers(tx: Transaction) -> list[Channel]:
    """Every connected number, for who answers its provider's calls."""
    wanted = select(Channel).where(Channel.kind == ChannelKind.WHATSAPP, Channel.disconnected_at.is_(None))
    return list(tx.session.scalars(wanted.order_by(Channel.id)))


def cursor(tx: Transaction, channel_id: int, folder: str) -> Cursor | None:
    """How far that folder is durably read; None before the first time."""
    found = tx.session.get(MailboxCursor, (channel_id, folder))
    return Cursor(found.uidvalidity, found.last_uid, found.since) if found else None


def account_of(channel: Channel) -> str:
    """Within which account a phone or a user id means one person: the provider's account, which may have several numbers."""
    account = channel.settings.get("waba_id") or channel.settings.get("account_sid")
    return f"{channel.provider}:{account}"[:64] if account else f"channel:{channel.id}"


def connection_of(channel: Channel, secrets: Secrets) -> Connection:
    """The channel as its provider sees it. WrongKey when its secrets were sealed with another key."""
    return Connection(
        channel_id=channel.id,
        address=channel.address,
        name=channel.name,
        settings=dict(channel.settings),
        secrets=msgspec.json.decode(secrets.unseal(channel.secrets), type=dict[str, str]) if channel.secrets else {},
    )


def sealed(given: Mapping[str, str], secrets: Secrets) -> str:
    """A channel's secrets as its row keeps them."""
    return secrets.seal(msgspec.json.encode(given).decode())


def _members(tx: Transaction) -> dict[int, list[int]]:
    members: dict[int, list[int]] = {}
    for row in tx.session.execute(select(ChannelMember.channel_id, ChannelMember.member_id).order_by("member_id")):
        members.setdefault(row.channel_id, []).append(row.member_id)
    return members


def _view(tx: Transaction, channel: Channel, member_ids: list[int]) -> ChannelView:
    return ChannelView(
        id=channel.id,
        kind=channel.kind,
        provider=channel.provider,
        name=channel.name,
        address=channel.address,
        health=channel.health,  # type: ignore[arg-type]
        trouble_code=channel.trouble_code,
        trouble_detail=channel.trouble_detail,
        trouble_side=channel.trouble_side,
        checked_at=channel.checked_at,
        last_received_at=channel.last_received_at,
        sent_folder=channel.sent_folder,
        history=_history(tx, channel),
        member_ids=member_ids,
        settings=_settings(channel) if access.can_manage(tx.actor) else None,
        aliases=channel.aliases,
        quotes_history=channel.quotes_history,
        reopens_within=channel.reopens_within,
        abilities=policy.ABILITIES.get(channel.provider),
        number=_number(channel) if access.can_manage(tx.actor) else None,
    )


def _settings(channel: Channel) -> ImapSettings | None:
    """None for a channel that has none: sample data, or a number."""
    return msgspec.convert(channel.settings, ImapSettings) if "imap_host" in channel.settings else None


def _number(channel: Channel) -> NumberView | None:
    """None for a mailbox."""
    if channel.kind != ChannelKind.WHATSAPP:
        return None
    known = {key: value for key, value in channel.settings.items() if key in NumberSettings.__struct_fields__}
    return NumberView(msgspec.convert(known, NumberSettings), channel.last_webhook_at, channel.refused_webhooks)


def _history(tx: Transaction, channel: Channel) -> HistoryView | None:
    found = tx.session.get(Import, channel.id)
    if found is None:
        return None
    return HistoryView(
        state=found.state,  # type: ignore[arg-type]
        since=found.since,
        total=found.total,
        done=found.done,
        ended_at=found.ended_at,
    )
