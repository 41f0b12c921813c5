"""`comptoir doctor`: what is right and what is wrong with an installation, each in one sentence with what to do about it."""

import shutil
from collections.abc import Iterator

from msgspec import Struct
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from comptoir import app, migrations, pages
from comptoir.foundation.files import FileMissing
from comptoir.foundation.secrets import WrongKey
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import ledger
from comptoir.settings import Settings

LOW_DISK = 1 * 2**30


class Finding(Struct, frozen=True):
    is_fine: bool
    sentence: str


def examine(settings: Settings) -> list[Finding]:
    """Looks, and changes nothing."""
    findings = list(_about_place(settings))
    try:
        current = migrations.is_current(settings.database_url)
    except (DBAPIError, SQLAlchemyError) as error:
        return [
            *findings,
            Finding(False, f"The database cannot be reached: {_first_line(error)}. Check COMPTOIR_DATABASE."),
        ]
    if not current:
        return [*findings, Finding(False, "The database is not at this version's schema: run `comptoir migrate`.")]
    services = app.make_services(settings)
    services.database.open()
    try:
        findings += services.database.read_now(lambda tx: list(_about_content(tx, services)))
    finally:
        services.database.close()
    return findings


def _about_place(settings: Settings) -> Iterator[Finding]:
    folder = settings.data
    if not folder.exists():
        yield Finding(
            False, f"The data folder {folder} does not exist yet: start `comptoir serve` once, or set COMPTOIR_DATA."
        )
        return
    free = shutil.disk_usage(folder).free
    yield Finding(free > LOW_DISK, f"{free // 2**20} MB are free where the data is ({folder}).")
    key = folder / "secret.key"
    if key.exists() and not settings.secret:
        private = key.stat().st_mode & 0o077 == 0
        yield Finding(
            private,
            "The key file is readable by its owner alone." if private else f"Others can read {key}: chmod 600 it.",
        )
    built = (pages.STATIC / "index.html").exists()
    yield Finding(
        built, "The user interface is built." if built else "The user interface is not built: start with bin/run."
    )


def _about_content(tx: Transaction, services: Services) -> Iterator[Finding]:
    yield Finding(True, "The database answers, at this version's schema.")
    members = tx.value("SELECT count(*) FROM members WHERE is_active AND password_hash IS NOT NULL")
    yield Finding(
        members > 0, f"{members} member(s) can sign in." if members else "Nobody has signed up: open the first page."
    )
    yield from _about_channels(tx, services)
    yield from _about_ledger(tx)
    yield from _about_jobs(tx, services)
    yield from _about_files(tx, services)


def _about_channels(tx: Transaction, services: Services) -> Iterator[Finding]:
    rows = tx.rows(
        "SELECT address, health, trouble_code, trouble_side, secrets, kind, last_webhook_at, refused_webhooks FROM channels"
        " WHERE disconnected_at IS NULL ORDER BY id"
    )
    if not rows:
        yield Finding(True, "No mailbox is connected yet.")
    for address, health, code, side, sealed, kind, called_at, refused in rows:
        try:
            if sealed:
                services.secrets.unseal(sealed)
        except WrongKey:
            yield Finding(
                False,
                f"{address}: its password was sealed with another key. Bring secret.key back, or connect it again.",
            )
            continue
        is_failing = health == "failing"
        yield Finding(
            not is_failing,
            f"{address} is failing ({side}: {code}): test its connection in Settings."
            if is_failing
            else f"{address} is {health}.",
        )
        if kind == "whatsapp":
            yield from _about_webhooks(address, called_at, refused)


def _about_webhooks(address: str, called_at: int | None, refused: int) -> Iterator[Finding]:
    if called_at is None:
        yield Finding(False, f"{address}: its provider has never called. Check the webhook's address there.")
    if refused:
        yield Finding(
            called_at is not None,
            f"{address}: {refused} call(s) were refused for their signature. If messages are missing, check the secret.",
        )


def _about_ledger(tx: Transaction) -> Iterator[Finding]:
    stats = ledger.stats(tx)
    unreadable, kept = stats.states.get("unreadable", 0), stats.states.get("kept", 0)
    yield Finding(
        True,
        f"The ledger holds {sum(stats.states.values())} mail(s); {unreadable} could not be read (see `comptoir replay`).",
    )
    unmatched = stats.states.get("unmatched", 0)
    if unmatched:
        yield Finding(
            True,
            f"{unmatched} bounce(s) or receipt(s) are about nothing we sent; they are kept, and read again by"
            " `comptoir replay --state unmatched`.",
        )
    if stats.waiting_since is not None:
        minutes = int((tx.now - stats.waiting_since).total_seconds() // 60)
        yield Finding(
            minutes < 5, f"{kept} mail(s) wait to be read, the oldest for {minutes} min: is the server running?"
        )


def _about_jobs(tx: Transaction, services: Services) -> Iterator[Finding]:
    queue = services.database.queue
    assert queue is not None
    dead, waiting = len(queue.dead(tx)), queue.waiting(tx)
    yield Finding(dead == 0, f"{dead} job(s) failed for good." if dead else "No job has failed for good.")
    yield Finding(waiting < 1000, f"{waiting} job(s) are due.")


def _about_files(tx: Transaction, services: Services) -> Iterator[Finding]:
    missing = 0
    keys = tx.rows("SELECT DISTINCT file_key FROM attachments ORDER BY file_key LIMIT 200")
    for (key,) in keys:
        try:
            services.files.get(key)
        except FileMissing:
            missing += 1
    yield Finding(
        missing == 0,
        f"{missing} of {len(keys)} attachments looked at are missing from the file store: restore var/files.",
    )


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", error)).strip().splitlines()[0]
