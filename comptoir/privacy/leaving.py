"""Files leave the store when nothing names them any more; what is to leave is written down in the transaction that forgot it."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.privacy import finding
from comptoir.privacy.models import LeavingFile

PART = 200


def leave(tx: Transaction, request_id: int, keys: Iterable[str]) -> None:
    tx.add(*(LeavingFile(request_id=request_id, key=key) for key in dict.fromkeys(keys) if key))


async def take_out(services: Services, request_id: int, gone: Callable[[Transaction, int], None]) -> None:
    """Some at a time, but for those that somebody else has too; `gone` is told how many, in the commit that forgets them."""
    while True:
        keys, unused = await services.database.read(lambda tx: _next(tx, request_id))
        if not keys:
            return
        for key in unused:
            await asyncio.to_thread(services.files.delete, key)

        def forget(tx: Transaction, keys: Sequence[str] = keys, count: int = len(unused)) -> None:
            for key in keys:
                tx.execute("DELETE FROM leaving_files WHERE request_id = :id AND key = :key", id=request_id, key=key)
            gone(tx, count)

        await services.database.write(forget)


def _next(tx: Transaction, request_id: int) -> tuple[list[str], list[str]]:
    """The next keys, and those of them that nothing names."""
    rows = tx.rows(
        "SELECT DISTINCT key FROM leaving_files WHERE request_id = :id ORDER BY key LIMIT :most",
        id=request_id,
        most=PART,
    )
    keys = [key for (key,) in rows]
    return keys, finding.unused(tx, keys)
