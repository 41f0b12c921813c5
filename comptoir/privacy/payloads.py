"""The raw payloads of the ledger. An erased one stays as an empty line under its key: the same mail, seen again, is not new."""

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from comptoir.foundation.files import FileMissing
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.privacy.finding import Scope, numbers

ERASED = "erased"
_ABOUT = re.compile(r'"(?:contact|customer|other)_id":\d+')
PART = 500  # entries that are looked into at a time
EVENTS = 20_000

Step = Callable[
    [Transaction, Counter[str]], list[str]
]  # erases, counts what it erased, and says which files leave for it
Stepping = Callable[[Step], Awaitable[None]]


def empty(tx: Transaction, where: str, counts: Counter[str]) -> list[str]:
    """The keys of their files."""
    keys = [key for (key,) in tx.rows(f"SELECT file_key FROM ledger WHERE {where} AND file_key IS NOT NULL")]
    counts["payloads"] += tx.execute(
        f"UPDATE ledger SET body = NULL, file_key = NULL, message_id = NULL, error = NULL, size = 0, state = '{ERASED}'"
        f" WHERE {where}"
    )
    return keys


async def erase(services: Services, names: Sequence[str], step: Stepping) -> None:
    """Payloads that became no message of their own (receipts, doubles, unreadable ones) and name one of these: every one that
    is left is looked into, some at a time."""
    wanted = [name.lower().encode() for name in names]
    after = 0
    while wanted:
        found = await services.database.read(lambda tx, after=after: _next(tx, after))  # type: ignore[misc]
        if not found:
            break
        after = found[-1][0]
        theirs = [id for id, body, key in found if _names(services, body, key, wanted)]
        if theirs:
            await step(lambda tx, counts, theirs=theirs: empty(tx, f"id IN ({numbers(theirs)})", counts))  # type: ignore[misc]


async def erase_said(services: Services, scope: Scope, step: Stepping) -> None:
    """What the log says of the person themselves, and of their conversations beside others': names and subjects among it."""
    marks = [f'"contact_id":{id}' for id in scope.contact_ids] + [f'"customer_id":{id}' for id in scope.customer_ids]
    marks += [f'"other_id":{id}' for id in scope.conversation_ids]
    last = await services.database.read(lambda tx: tx.log_position())
    for start in range(0, last, EVENTS):
        ids = await services.database.read(lambda tx, start=start: _said(tx, start, marks))  # type: ignore[misc]
        if ids:
            await step(lambda tx, counts, ids=ids: _erase_events(tx, ids, counts))  # type: ignore[misc]


def erase_imported(tx: Transaction, names: Sequence[str], counts: Counter[str]) -> list[str]:
    """Lines of files that could not come in, and the files that have come in: they are needed no longer."""
    for name in names:
        counts["imported_lines"] += tx.execute(
            "DELETE FROM file_troubles WHERE lower(cells) LIKE :name", name=f"%{name.lower()}%"
        )
    ended = "state NOT IN ('ready', 'running') AND file_key <> ''"
    keys = [key for (key,) in tx.rows(f"SELECT file_key FROM file_imports WHERE {ended}")]
    tx.execute(f"UPDATE file_imports SET file_key = '' WHERE {ended}")
    return keys


def _erase_events(tx: Transaction, ids: Sequence[int], counts: Counter[str]) -> list[str]:
    counts["events"] += tx.execute(f"DELETE FROM events WHERE id IN ({numbers(ids)})")
    return []


def _next(tx: Transaction, after: int) -> list[tuple[int, bytes | None, str | None]]:
    """Those that became a message of somebody else are theirs, not looked into."""
    rows = tx.rows(
        "SELECT id, body, file_key FROM ledger WHERE id > :after AND message_id IS NULL AND state <> :erased ORDER BY id LIMIT :most",
        after=after,
        erased=ERASED,
        most=PART,
    )
    return [(id, None if body is None else bytes(body), key) for id, body, key in rows]


def _said(tx: Transaction, start: int, marks: Sequence[str]) -> list[int]:
    rows = tx.rows(
        "SELECT id, data FROM events WHERE id > :start AND id <= :end AND (type LIKE 'contact.%' OR type LIKE 'customer.%'"
        " OR type LIKE 'conversation.customer_%' OR data LIKE '%\"other_id\":%')",
        start=start,
        end=start + EVENTS,
    )
    wanted = set(marks)
    return [id for id, data in rows if not wanted.isdisjoint(_ABOUT.findall(data))]


def _names(services: Services, body: bytes | None, key: str | None, wanted: Sequence[bytes]) -> bool:
    if body is None and key:
        try:
            body = services.files.get(key)
        except FileMissing:
            return False
    lowered = (body or b"").lower()
    return any(name in lowered for name in wanted)
