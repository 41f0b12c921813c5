"""An archive of somebody's data is kept for a week and not a day more: its file leaves the store too."""

from comptoir.foundation.services import Services
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.privacy import leaving


async def remove_expired(services: Services) -> None:
    """Scheduled. What a crash left half done is done the next time."""
    for request_id in await services.database.write(_expire):
        await leaving.take_out(services, request_id, lambda tx, count: None)


def _expire(tx: Transaction) -> list[int]:
    """The requests that have files to take out of the store; those of a running erasure are its own."""
    where = "kept_until < :now AND file_key IS NOT NULL"
    for id, key in tx.rows(f"SELECT id, file_key FROM data_requests WHERE {where}", now=to_ms(tx.now)):
        leaving.leave(tx, id, [key])
    tx.execute(f"UPDATE data_requests SET file_key = NULL WHERE {where}", now=to_ms(tx.now))
    left = tx.rows(
        "SELECT DISTINCT r.id FROM leaving_files f JOIN data_requests r ON r.id = f.request_id WHERE r.state = 'done'"
    )
    return [id for (id,) in left]
