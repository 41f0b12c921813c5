"""Read what the ledger keeps, in the order of its mailbox, a few mails to a commit. A mail that cannot be read is shown as such
and holds nobody up; `comptoir replay` tries it again when the house has learned to read it.
"""

import asyncio
import hashlib
import logging
import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

import msgspec

from comptoir.channels.models import Channel
from comptoir.conversations import echoing, receiving, reporting, understanding
from comptoir.conversations.models import Message
from comptoir.foundation.files import FileMissing
from comptoir.foundation.jobs.port import Job, RetryLater
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import history, ledger
from comptoir.gateway.ledger import DOUBLED, READ, UNREADABLE, Entry
from comptoir.gateway.reader import CannotUnderstand, Readers, Understanding

log = logging.getLogger(__name__)

SUBJECT = re.compile(rb"^subject:[ \t]*([^\r\n]{1,300})", re.IGNORECASE | re.MULTILINE)
AT_ONCE = 10  # mails to a commit: more would keep members' own acts waiting behind it
ROUNDS = 10
PATIENCE = 0.25  # seconds
ONE_MORE_TRY = timedelta(seconds=1)

readers = Readers()  # of this process; app closes them at the end


async def read_mail(services: Services, job: Job) -> None:
    """`ledger_id` -> a message, once: whatever is left of an earlier run is finished, not repeated."""
    entry = await services.database.read(lambda tx: ledger.find(tx, job.args["ledger_id"]))
    if entry is None or entry.state in ledger.SETTLED:
        return
    try:
        if job.is_last:
            raise CannotUnderstand("The house stopped several times in the middle of this mail.")
        understood = await asyncio.to_thread(_understand, services, entry)
    except CannotUnderstand as error:
        await _set_aside(services, entry, str(error))
        return
    await _land(services, entry, understood, job)


async def read_kept(services: Services, job: Job) -> None:
    """`channel_id`, `is_imported`: what that mailbox has brought in, in order, a few mails to a commit. After a run that did
    not end well they are read one by one, so that the one that is to blame is found."""
    channel_id, is_imported = job.args["channel_id"], job.args["is_imported"]
    for _ in range(ROUNDS):
        entries = await services.database.read(
            lambda tx: ledger.unread(tx, channel_id, is_imported=is_imported, limit=AT_ONCE)
        )
        if not entries:
            if is_imported:
                await services.database.write(lambda tx: _once_the_past_is_here(tx, channel_id))
            return
        if job.attempt == 1:
            await _read_together(services, entries, job)
            continue
        for entry in entries:
            await read_mail(services, msgspec.structs.replace(job, args={"ledger_id": entry.id}))
            if job.is_last:
                break  # it never got past this one, which is set aside now; the others have a job of their own
        break
    await services.database.write(lambda tx: ledger.ask_to_read(tx, channel_id, is_imported=is_imported))


def _once_the_past_is_here(tx: Transaction, channel_id: int) -> None:
    if history.running_since(tx, channel_id) is None:
        ledger.read_unmatched_again(tx, channel_id)


async def _read_together(services: Services, entries: Sequence[Entry], job: Job) -> None:
    """What is understood waits for no mail that takes its time."""
    understood: deque[tuple[Entry, Understanding | CannotUnderstand]] = deque()
    reading = asyncio.ensure_future(asyncio.to_thread(_understand_all, services, entries, understood.append))
    while (await asyncio.wait({reading}, timeout=PATIENCE))[1]:
        await _land_all(services, understood, job)
    await _land_all(services, understood, job)
    await reading


def _understand_all(
    services: Services, entries: Sequence[Entry], tell: Callable[[tuple[Entry, Understanding | CannotUnderstand]], None]
) -> None:
    """One after the other, in one thread: to change threads for each costs more than it brings."""
    for entry in entries:
        try:
            tell((entry, _understand(services, entry)))
        except CannotUnderstand as error:
            tell((entry, error))


async def _land_all(
    services: Services, understood: deque[tuple[Entry, Understanding | CannotUnderstand]], job: Job
) -> None:
    """What has been understood until now, in its order."""
    together: list[tuple[Entry, Understanding]] = []
    for _ in range(len(understood)):
        entry, heard = understood.popleft()
        if isinstance(heard, CannotUnderstand):
            await _land_together(services, together, job)
            together = []
            await _set_aside(services, entry, str(heard))
        else:
            together.append((entry, heard))
    await _land_together(services, together, job)


def replay(services: Services, ids: Iterable[int] | None = None, *, state: str = UNREADABLE) -> int:
    """Read entries again: those named, or every one in `state` (unreadable, or kept and forgotten). How many. Blocking."""

    def work(tx: Transaction) -> int:
        named = list(ids) if ids is not None else _all(tx, state)
        found = ledger.channels_of(tx, named)
        for entry in found:
            ledger.read_again(tx, *entry)
        return len(found)

    return services.database.write_now(work)


def _all(tx: Transaction, state: str) -> list[int]:
    found: list[int] = []
    while page := ledger.in_state(tx, state, after=found[-1] if found else 0):
        found += page
    return found


def _understand(services: Services, entry: Entry) -> Understanding:
    try:
        return readers.understand(
            entry.provider,
            lambda: ledger.opened(entry, services.files),
            entry.received_at,
            keep=services.files.put_parts,
        )
    except FileMissing:
        raise CannotUnderstand("The file that held this mail is missing from the store.") from None


async def _land_together(services: Services, understood: Sequence[tuple[Entry, Understanding]], job: Job) -> None:
    """One commit for all, or one for each when the database refuses one of them."""
    if not understood:
        return
    token_key = services.secrets.key("threads")

    def work(tx: Transaction) -> None:
        channel = tx.find(Channel, understood[0][0].channel_id)  # once: they are of one mailbox
        for entry, heard in understood:
            _write(tx, channel, entry, heard, token_key)

    try:
        await services.database.write(work)
    except Exception:
        for entry, heard in understood:
            await _land(services, entry, heard, job)


async def _land(services: Services, entry: Entry, understood: Understanding, job: Job) -> None:
    """A mail that the database itself refuses is set aside too; a database that is down refuses both, and the job waits."""
    token_key = services.secrets.key("threads")

    def work(tx: Transaction) -> None:
        _write(tx, tx.find(Channel, entry.channel_id), entry, understood, token_key)

    try:
        await services.database.write(work)
    except Exception as error:
        if job.attempt == 1:
            raise RetryLater(f"{type(error).__name__}: {error}", ONE_MORE_TRY) from error
        log.exception("ledger entry %s could not be stored", entry.id)
        await _set_aside(services, entry, f"{type(error).__name__}: {error}")


def _write(tx: Transaction, channel: Channel, entry: Entry, understood: Understanding, token_key: bytes) -> None:
    state, message_id = ledger.what_became_of(tx, entry.id) or (READ, None)
    if state in ledger.SETTLED:
        return
    if message_id is not None and (shown := tx.session.get(Message, message_id)) is not None:
        understanding.understand(
            tx, shown, understood.incoming, files=understood.files, remote_images=understood.remote_images
        )
        ledger.settle(tx, entry.id, state=READ, message_id=shown.id)
        return
    if understood.incoming.bounce is not None:
        is_news = not (entry.is_imported or entry.is_sent)
        about = reporting.take_in(tx, channel, understood.incoming) if is_news else None
        outcome = ledger.UNMATCHED if about is None else ledger.REPORTED
        ledger.settle(tx, entry.id, state=outcome, message_id=about.id if about else None)
        return
    land = echoing.echo if entry.is_sent else receiving.receive
    received = land(
        tx,
        channel,
        understood.incoming,
        files=understood.files,
        remote_images=understood.remote_images,
        ledger_id=entry.id,
        is_imported=entry.is_imported,
        token_key=token_key,
    )
    is_its_own = received.is_new or tx.find(Message, received.message_id).ledger_id == entry.id
    ledger.settle(tx, entry.id, state=READ if is_its_own else DOUBLED, message_id=received.message_id)


async def _set_aside(services: Services, entry: Entry, reason: str) -> None:
    """Show the mail as unreadable, with its source to download and the reason kept."""
    log.warning("ledger entry %s cannot be read: %s", entry.id, reason)
    digest, subject = await asyncio.to_thread(_identify, services, entry)

    def work(tx: Transaction) -> None:
        state, message_id = ledger.what_became_of(tx, entry.id) or (READ, None)
        if state in ledger.SETTLED:
            return
        if message_id is not None:
            ledger.settle(tx, entry.id, state=UNREADABLE, message_id=message_id, error=reason)
            return
        received = receiving.receive_unreadable(
            tx,
            tx.find(Channel, entry.channel_id),
            external_id=f"unreadable:{digest}",
            at_least=subject,
            ledger_id=entry.id,
            reason=reason.replace("\x00", "")[:2000],
            is_imported=entry.is_imported or entry.is_sent,
        )
        outcome = UNREADABLE if received.is_new else DOUBLED
        ledger.settle(tx, entry.id, state=outcome, message_id=received.message_id, error=reason)

    await services.database.write(work)


def _identify(services: Services, entry: Entry) -> tuple[str, str]:
    """What makes this mail itself when nothing in it can be trusted, and its subject as far as a plain look can tell."""
    try:
        raw = ledger.bytes_of(entry, services.files)
    except FileMissing:
        return f"missing-{entry.id}", ""
    found = SUBJECT.search(raw[:65536])
    subject = found[1].decode("utf-8", "replace") if found else ""
    return hashlib.sha256(raw).hexdigest(), "".join(c for c in subject if c.isprintable()).strip()
