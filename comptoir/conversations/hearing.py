"""What a number hears lands: a customer's words, our own from the phone, the past, and all that is said about them later.

Nothing here depends on the order in which it comes, nor on how often: providers promise neither.
"""

from collections.abc import Sequence

from comptoir.channels import queries as channels
from comptoir.channels import watching
from comptoir.channels.chat import (
    AccountNotice,
    AnyHappening,
    ChatEdit,
    ChatMessage,
    ChatReaction,
    ChatRevoke,
    Notice,
    NotUnderstood,
    PartyChanged,
    Receipted,
    TemplateChanged,
    Unsupported,
)
from comptoir.channels.models import Channel
from comptoir.conversations import conversing, early, joining, landing, receipting, remarking
from comptoir.conversations.landing import Said
from comptoir.conversations.models import Message
from comptoir.customers import identifying
from comptoir.foundation.transaction import Transaction
from comptoir.templates import syncing


def hear_all(tx: Transaction, said: Sequence[Said]) -> list[int | None]:
    """What many became, or are about, in one unit; those that can, at once, then the others one by one."""
    found: dict[int, int | None] = {**landing.land_plain(tx, said)}
    for number, one in enumerate(said):
        if number not in found:
            message = hear(tx, one.channel, one.happening, ledger_id=one.ledger_id)
            found[number] = None if message is None else message.id
            tx.forget()
    return [found[number] for number in range(len(said))]


def hear(tx: Transaction, channel: Channel, happening: AnyHappening, *, ledger_id: int | None = None) -> Message | None:
    """Twice is once; `channel` is only read. The message that it became, or that it is about; None when there is none (yet)."""
    match happening:
        case ChatMessage():
            return conversing.land(tx, channel, happening, ledger_id=ledger_id)
        case NotUnderstood():
            return _not_understood(tx, channel, happening, ledger_id)
        case ChatReaction() | ChatEdit() | ChatRevoke():
            return remarking.remark(tx, channel.id, happening)
        case Receipted():
            return receipting.receipt(tx, channel.id, happening)
        case PartyChanged():
            return _party_changed(tx, channel, happening, ledger_id)
        case TemplateChanged():
            syncing.change(tx, channel, happening)
        case AccountNotice():
            _noticed(tx, channel, happening)
    return None


def _not_understood(tx: Transaction, channel: Channel, said: NotUnderstood, ledger_id: int | None) -> Message | None:
    """A bubble that says so where a customer is known to be behind it; its source is in the ledger."""
    if said.party is None:
        return None
    bubble = ChatMessage(
        number_id=said.number_id,
        at=said.at,
        external_id=said.external_id,
        party=said.party,
        content=Unsupported(reason=said.reason),
    )
    return conversing.land(tx, channel, bubble, ledger_id=ledger_id, is_unreadable=True)


def _party_changed(tx: Transaction, channel: Channel, said: PartyChanged, ledger_id: int | None) -> Message | None:
    """The same person under another number or user id: their conversation goes on, with a line that says so."""
    scope = channels.account_of(channel)
    before, after = conversing.names(said.before), conversing.names(said.after)
    early.one_at_a_time(tx, *(f"{scope} {value}" for _, value in (*before, *after)))
    contact, other_id = identifying.rename(tx, before, after, scope=scope, at=said.at)
    if other_id is not None:
        joining.join(tx, contact, other_id)
    line = ChatMessage(
        number_id=said.number_id,
        at=said.at,
        external_id=said.external_id,
        party=said.after,
        content=Notice("number_changed", said.text),
    )
    return conversing.land(tx, channel, line, ledger_id=ledger_id)


def _noticed(tx: Transaction, channel: Channel, said: AccountNotice) -> None:
    """What stops our sending is a trouble of the channel; the rest is a line of the log."""
    if said.stops_sending:
        changing = tx.find(Channel, channel.id)
        detail = f"{said.code} {said.detail}".strip()
        watching.in_trouble(tx, changing, code="account_stopped", detail=detail, side="api")
    else:
        tx.record("channel.noticed", channel_id=channel.id, code=said.code, detail=said.detail)
