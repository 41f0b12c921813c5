"""Understand what providers called with: every entry, and in it every happening alone, in a transaction of its own.

What one customer says is heard in its order, beside what others say. What cannot be heard loses nothing else: its entry is
kept as unreadable, and `comptoir replay` tries it again; what was heard before is then simply known.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from comptoir.channels import watching
from comptoir.channels.chat import (
    AnyHappening,
    ChatEdit,
    ChatMessage,
    ChatReaction,
    ChatRevoke,
    NotUnderstood,
    PartyChanged,
    Receipted,
)
from comptoir.channels.models import Channel
from comptoir.conversations import hearing
from comptoir.foundation.files import FileMissing
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import ledger, numbers
from comptoir.gateway.catching import traffic
from comptoir.gateway.ledger import DOUBLED, READ, UNREADABLE, Entry
from comptoir.gateway.numbers import Number
from comptoir.providers import NUMBERS

log = logging.getLogger(__name__)

AT_ONCE = 6  # units of work of one job: what members do must not wait behind a flood
UNKNOWN_NUMBER = "This number is not connected here"


class _Heard(Struct):
    """One happening on its way: from which entry, for which channel. `place` keeps the order of what came together."""

    entry: Entry
    channel: Channel
    place: tuple[datetime, int]
    happening: AnyHappening


class _Outcome(Struct):
    message_id: int | None = None
    errors: list[str] = []


async def hear_kept(services: Services, job: Job) -> None:
    """`ledger_ids`: entries of one channel. Those that are read already are left alone."""
    ids: list[int] = job.args["ledger_ids"]
    entries, known = await services.database.read(lambda tx: (_entries(tx, ids), numbers.every(tx, services.secrets)))
    outcomes = {entry.id: _Outcome(errors=[]) for entry in entries}
    heard = await asyncio.to_thread(_understand, services, entries, known, outcomes)
    lines: dict[str, list[_Heard]] = {}
    for one in sorted(heard, key=lambda one: one.place):
        lines.setdefault(_line_of(one.happening), []).append(one)
    places = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(_hear_in_order(services, line, outcomes, places) for line in lines.values()))
    await services.database.write(lambda tx: _settle(tx, outcomes, heard))


def _entries(tx: Transaction, ids: Sequence[int]) -> list[Entry]:
    found = (ledger.find(tx, id) for id in ids)
    return [entry for entry in found if entry is not None and entry.state not in (READ, DOUBLED)]


def _understand(
    services: Services, entries: Sequence[Entry], known: Sequence[Number], outcomes: dict[int, _Outcome]
) -> list[_Heard]:
    """Pure but for the bodies that lie in the file store."""
    heard: list[_Heard] = []
    for entry in entries:
        number = next((number for number in known if number.connection.channel_id == entry.channel_id), None)
        if number is None:
            outcomes[entry.id].errors.append(UNKNOWN_NUMBER)
            continue
        try:
            body = ledger.bytes_of(entry, services.files)
        except FileMissing:
            outcomes[entry.id].errors.append("The file that held this call is missing from the store.")
            continue
        for happening in NUMBERS[number.provider].happenings(number.connection, body, entry.received_at):
            whose = numbers.route(known, number, happening.number_id)
            if whose is None:
                outcomes[entry.id].errors.append(f"{UNKNOWN_NUMBER}: {happening.number_id}")
                continue
            if isinstance(happening, NotUnderstood):
                outcomes[entry.id].errors.append(happening.reason)
            heard.append(_Heard(entry, whose.channel, (happening.at, len(heard)), happening))
    return heard


def _line_of(happening: AnyHappening) -> str:
    """What must be heard one after the other: what is from one person or in one group, or about one message."""
    match happening:
        case ChatMessage(party=party, group_id=group_id):
            return group_id or next((alias.value for alias in party.aliases), "")
        case ChatReaction(target_id=target) | ChatEdit(target_id=target) | ChatRevoke(target_id=target):
            return target
        case Receipted(external_id=external_id):
            return external_id
        case PartyChanged(before=before):
            return next((alias.value for alias in before.aliases), "")
    return ""


async def _hear_in_order(
    services: Services, line: Sequence[_Heard], outcomes: dict[int, _Outcome], places: asyncio.Semaphore
) -> None:
    for one in line:
        outcome = outcomes[one.entry.id]
        try:
            async with places:
                await traffic(services.database).lull()
                message_id = await _hear(services, one)
        except Exception as error:
            log.exception("a happening of ledger entry %s could not be heard", one.entry.id)
            outcome.errors.append(f"{type(error).__name__}: {error}"[:500])
        else:
            outcome.message_id = outcome.message_id or message_id


async def _hear(services: Services, one: _Heard) -> int | None:
    def work(tx: Transaction) -> int | None:
        message = hearing.hear(tx, one.channel, one.happening, ledger_id=one.entry.id)
        return None if message is None else message.id

    try:
        return await services.database.write(work)
    except Exception:  # a lost race or a moment's trouble; what is wrong with the happening itself fails again
        return await services.database.write(work)


def _settle(tx: Transaction, outcomes: dict[int, _Outcome], heard: Sequence[_Heard]) -> None:
    for id, outcome in outcomes.items():
        state = UNREADABLE if outcome.errors else READ
        ledger.settle(tx, id, state=state, message_id=outcome.message_id, error="; ".join(outcome.errors) or None)
    for channel_id in {one.channel.id for one in heard if isinstance(one.happening, ChatMessage)}:
        newest = max(min(one.happening.at, tx.now) for one in heard if one.channel.id == channel_id)
        watching.received(tx, tx.find(Channel, channel_id), newest)
