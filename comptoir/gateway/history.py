"""The past of a mailbox, made durable as it comes: each mail with its job and with how far the import has come, in one commit.

A kill between any two mails loses and doubles nothing; the next process goes on from there. The reading of history has a lane
of its own, and no more than `CROWD` of its mails wait there, so that a new mail never stands behind the past.
"""

import time
from collections.abc import Sequence
from datetime import datetime

from comptoir.channels import recalling
from comptoir.channels.models import Channel, Import, ImportState, MailboxCursor
from comptoir.channels.port import RawMail
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import keeping, ledger
from comptoir.gateway.ledger import KEPT

CROWD = 100
TOLD_EVERY = 2.0  # seconds


class Archive:
    """The `channels.port.Historian` of one channel. Called from the import's own thread."""

    def __init__(self, services: Services, channel_id: int) -> None:
        self._services = services
        self._database = services.database
        self._channel_id = channel_id
        self._told_at = 0.0

    def since(self) -> datetime | None:
        def work(tx: Transaction) -> datetime | None:
            found = tx.session.get(Import, self._channel_id)
            return found.since if found else None

        return self._database.read_now(work)

    def upto(self, folder: str, uidvalidity: int) -> int | None:
        return self._database.read_now(lambda tx: _upto(tx, self._channel_id, folder, uidvalidity))

    def count(self, left: int) -> None:
        self._database.write_now(lambda tx: recalling.count(tx, tx.find(Channel, self._channel_id), left))

    def missing(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> list[int]:
        return self._database.read_now(lambda tx: keeping.unkept(tx, self._channel_id, folder, uidvalidity, uids))

    def keep(self, mail: RawMail) -> None:
        file_key = keeping.put_aside(self._services.files, mail.raw)

        def work(tx: Transaction) -> None:
            keeping.keep(tx, self._channel_id, mail, file_key=file_key)
            self._advance(tx, mail.folder, mail.uidvalidity, mail.uid, 1)

        self._database.write_now(work)

    def passed(self, folder: str, uidvalidity: int, uid: int, mails: int) -> None:
        self._database.write_now(lambda tx: self._advance(tx, folder, uidvalidity, uid, mails))

    def is_crowded(self) -> bool:
        waiting = self._database.read_now(
            lambda tx: tx.value(
                "SELECT count(*) FROM (SELECT 1 FROM ledger WHERE state = :kept AND channel_id = :channel AND is_imported"
                f" LIMIT {CROWD}) AS waiting",
                kept=KEPT,
                channel=self._channel_id,
            )
        )
        return int(waiting) >= CROWD

    def finish(self) -> None:
        """What remained unmatched may be about a mail of the past: it is read again behind it."""

        def work(tx: Transaction) -> None:
            recalling.finish(tx, tx.find(Channel, self._channel_id))
            ledger.ask_to_read(tx, self._channel_id, is_imported=True)

        self._database.write_now(work)

    def _advance(self, tx: Transaction, folder: str, uidvalidity: int, uid: int, mails: int) -> None:
        recalling.advance(tx, self._channel_id, folder=folder, uidvalidity=uidvalidity, uid=uid, mails=mails)
        if time.monotonic() - self._told_at >= TOLD_EVERY:
            self._told_at = time.monotonic()
            recalling.tell(tx, tx.find(Channel, self._channel_id))


def running_since(tx: Transaction, channel_id: int) -> datetime | None:
    """When the import that is running was begun; None when none runs."""
    found = tx.session.get(Import, channel_id)
    return found.started_at if found is not None and found.state == ImportState.RUNNING else None


def _upto(tx: Transaction, channel_id: int, folder: str, uidvalidity: int) -> int | None:
    """Below where the import is; at first, below where the watching of the folder began."""
    place = tx.session.get(MailboxCursor, (channel_id, folder))
    found = tx.session.get(Import, channel_id)
    if place is None or place.uidvalidity != uidvalidity or found is None:
        return None
    epoch, reached = found.places.get(folder, (0, 0))
    return reached - 1 if epoch == uidvalidity else max(place.first_uid, place.known_upto)
