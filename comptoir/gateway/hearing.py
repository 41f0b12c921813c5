"""Understand what providers called with: every entry, and in it every happening, in the order of their times.

A few are heard in one transaction; what cannot be heard loses nothing else: each of the few is then heard alone, its entry is
kept as unreadable, and `comptoir replay` tries it again; what was heard before is then simply known.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct

from comptoir.channels import watching
from comptoir.channels.chat import AnyHappening, ChatMessage, NotUnderstood
from comptoir.channels.models import Channel
from comptoir.conversations import hearing
from comptoir.conversations.landing import Said
from comptoir.foundation.files import FileMissing
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import ledger, numbers
from comptoir.gateway.catching import traffic
from comptoir.gateway.ledger import DOUBLED, READ, UNREADABLE, Entry, Settled
from comptoir.gateway.numbers import Number
from comptoir.providers import NUMBERS

log = logging.getLogger(__name__)

TOGETHER = 32  # in one transaction: what members do must not wait long behind a flood
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

    def note(self, message_id: int | None) -> None:
        self.message_id = self.message_id or message_id


async def hear_kept(services: Services, job: Job) -> None:
    """`ledger_ids`: entries of one channel. Those that are read already are left alone."""
    ids: list[int] = job.args["ledger_ids"]
    entries, known = await services.database.read(lambda tx: (_entries(tx, ids), numbers.every(tx, services.secrets)))
    outcomes = {entry.id: _Outcome(errors=[]) for entry in entries}
    heard = await asyncio.to_thread(_understand, services, entries, known, outcomes)
    heard.sort(key=lambda one: one.place)
    for start in range(0, len(heard), TOGETHER):
        await _hear_together(services, heard[start : start + TOGETHER], outcomes)
    await services.database.write(lambda tx: _settle(tx, outcomes, heard))


def _entries(tx: Transaction, ids: Sequence[int]) -> list[Entry]:
    return [entry for entry in ledger.find_all(tx, ids) if entry.state not in (READ, DOUBLED)]


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
        for happening in _happenings(number, entry, body, outcomes[entry.id]):
            whose = numbers.route(known, number, happening.number_id)
            if whose is None:
                outcomes[entry.id].errors.append(f"{UNKNOWN_NUMBER}: {happening.number_id}")
                continue
            if isinstance(happening, NotUnderstood):
                outcomes[entry.id].errors.append(happening.reason)
            heard.append(_Heard(entry, whose.channel, (happening.at, len(heard)), happening))
    return heard


def _happenings(number: Number, entry: Entry, body: bytes, outcome: _Outcome) -> list[AnyHappening]:
    """None of an entry that breaks its reader: the others of its job are not to wait for it."""
    try:
        return NUMBERS[number.provider].happenings(number.connection, body, entry.received_at)
    except Exception as error:
        log.exception("ledger entry %s could not be read", entry.id)
        outcome.errors.append(f"{type(error).__name__}: {error}"[:500])
        return []


async def _hear_together(services: Services, group: Sequence[_Heard], outcomes: dict[int, _Outcome]) -> None:
    """One commit for all; where any cannot be heard, none of it counts and each is heard alone."""
    await traffic(services.database).lull()
    try:
        found = await services.database.write(partial(_hear, group=group))
    except Exception:
        for one in group:
            await _hear_alone(services, one, outcomes[one.entry.id])
    else:
        for one, message_id in zip(group, found, strict=True):
            outcomes[one.entry.id].note(message_id)


async def _hear_alone(services: Services, one: _Heard, outcome: _Outcome) -> None:
    try:
        outcome.note(*await services.database.write(partial(_hear, group=[one])))
    except Exception as error:
        log.exception("a happening of ledger entry %s could not be heard", one.entry.id)
        outcome.errors.append(f"{type(error).__name__}: {error}"[:500])


def _hear(tx: Transaction, *, group: Sequence[_Heard]) -> list[int | None]:
    return hearing.hear_all(tx, [Said(one.channel, one.happening, one.entry.id) for one in group])


def _settle(tx: Transaction, outcomes: dict[int, _Outcome], heard: Sequence[_Heard]) -> None:
    ledger.settle_all(
        tx,
        [
            Settled(id, UNREADABLE if one.errors else READ, one.message_id, "; ".join(one.errors) or None)
            for id, one in outcomes.items()
        ],
    )
    for channel_id in {one.channel.id for one in heard if isinstance(one.happening, ChatMessage)}:
        newest = max(min(one.happening.at, tx.now) for one in heard if one.channel.id == channel_id)
        watching.received(tx, tx.find(Channel, channel_id), newest)
