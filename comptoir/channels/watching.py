"""What the watcher of a mailbox says of its health. Only a change is an event; being in step is merely noted."""

from datetime import datetime, timedelta

from comptoir.channels.models import Channel
from comptoir.foundation.transaction import Transaction

NOTED_EVERY = timedelta(seconds=60)
DETAIL_LENGTH = 2000


def connected(tx: Transaction, channel: Channel) -> None:
    """The mailbox answers, and everything in it is kept."""
    if channel.health == "connected":
        if channel.checked_at is None or tx.now - channel.checked_at >= NOTED_EVERY:
            channel.checked_at = tx.now
        return
    channel.checked_at = tx.now
    channel.health = "connected"
    channel.trouble_code = channel.trouble_detail = channel.trouble_side = None
    channel.version += 1
    tx.record("channel.connected_again", channel_id=channel.id)


def received(tx: Transaction, channel: Channel, at: datetime) -> None:
    """The newest message that is kept."""
    channel.last_received_at = max(channel.last_received_at or at, at)


def in_trouble(tx: Transaction, channel: Channel, *, code: str, detail: str, side: str) -> None:
    """The mailbox cannot be reached as configured. The same trouble again is no news."""
    if channel.disconnected_at is not None or _trouble(channel) == ("failing", code, side):
        return
    channel.health = "failing"
    channel.trouble_code = code
    channel.trouble_detail = detail[:DETAIL_LENGTH]
    channel.trouble_side = side
    channel.version += 1
    tx.record("channel.failing", channel_id=channel.id, code=code, side=side)


def found_sent(tx: Transaction, channel: Channel, *, folder: str | None) -> None:
    """Which folder holds what is sent from elsewhere; None where none is known by its mark or its name."""
    if channel.sent_folder != folder:
        channel.sent_folder = folder
        channel.version += 1
        tx.record("channel.sent_folder_found", channel_id=channel.id, folder=folder)


def _trouble(channel: Channel) -> tuple[str, str | None, str | None]:
    return channel.health, channel.trouble_code, channel.trouble_side
