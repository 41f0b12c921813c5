"""What a customer's message does to a conversation that was resolved: open it again always, within some days, or never."""

from comptoir.channels.models import Channel
from comptoir.foundation.transaction import Transaction
from comptoir.team import access


def reopen_within(tx: Transaction, channel: Channel, days: int | None) -> None:
    """None: always; 0: never, every time is a new conversation. What is resolved already follows it too."""
    access.require_manager(tx.actor)
    if channel.reopens_within == days:
        return
    channel.reopens_within = days
    channel.version += 1
    tx.record("channel.changed", channel_id=channel.id, fields=["reopens_within"])
