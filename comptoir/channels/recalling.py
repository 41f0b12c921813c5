"""Bring in the mail that was in a mailbox before it was connected: begin, stop, go on, and how far it has come.

What is brought in stays. Only what a screen shows is an event, and progress only now and then (gateway/history.py).
"""

from datetime import datetime, timedelta
from typing import Literal

from comptoir.channels.models import Channel, Import, ImportState
from comptoir.foundation.transaction import Transaction
from comptoir.team import access

Period = Literal["month", "all"]
MONTH = timedelta(days=30)


def start(tx: Transaction, channel: Channel, *, period: Period) -> None:
    """Running already: no news. Stopped: it goes on where it stopped, when as much is wanted as before."""
    access.require_manager(tx.actor)
    known = tx.session.get(Import, channel.id)
    wants_all = period == "all"
    if known is None:
        known = Import(channel_id=channel.id)
        _begin(tx, known, wants_all=wants_all)
        tx.add(known)
    elif known.state == ImportState.RUNNING and (known.since is None) == wants_all:
        return
    elif known.state == ImportState.STOPPED and (known.since is None) == wants_all:
        known.state = ImportState.RUNNING
        known.started_at, known.ended_at = tx.now, None
    else:
        _begin(tx, known, wants_all=wants_all)
    _record(tx, channel, "channel.history_started")


def stop(tx: Transaction, channel: Channel) -> None:
    access.require_manager(tx.actor)
    _end(tx, channel, ImportState.STOPPED, "channel.history_stopped")


def finish(tx: Transaction, channel: Channel) -> None:
    """Nothing older is left to bring in."""
    _end(tx, channel, ImportState.DONE, "channel.history_finished")


def count(tx: Transaction, channel: Channel, left: int) -> None:
    """The server has said how many are `left` to bring in."""
    found = tx.session.get(Import, channel.id)
    if found is not None and found.total != found.done + left:
        found.total = found.done + left
        _record(tx, channel, "channel.history_progressed")


def advance(tx: Transaction, channel_id: int, *, folder: str, uidvalidity: int, uid: int, mails: int) -> None:
    """`mails` more are done, down to `uid`. In the commit that keeps them, so that a kill in between does no harm."""
    found = tx.session.get(Import, channel_id)
    if found is not None:
        found.done += mails
        found.places = {**found.places, folder: [uidvalidity, uid]}


def tell(tx: Transaction, channel: Channel) -> None:
    """Now is a moment to show how far it has come."""
    _record(tx, channel, "channel.history_progressed")


def _begin(tx: Transaction, found: Import, *, wants_all: bool) -> None:
    found.state = ImportState.RUNNING
    found.since = None if wants_all else _day_of(tx.now - MONTH)
    found.places, found.total, found.done = {}, None, 0
    found.started_at, found.ended_at = tx.now, None


def _day_of(moment: datetime) -> datetime:
    """Mail servers search by days."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _end(tx: Transaction, channel: Channel, state: ImportState, event: str) -> None:
    found = tx.session.get(Import, channel.id)
    if found is None or found.state != ImportState.RUNNING:
        return
    found.state = state
    found.ended_at = tx.now
    _record(tx, channel, event)


def _record(tx: Transaction, channel: Channel, event: str) -> None:
    channel.version += 1
    tx.record(event, channel_id=channel.id)
