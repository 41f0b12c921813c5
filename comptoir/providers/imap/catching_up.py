"""Read one folder so that nothing is lost and nothing is read twice: the UIDVALIDITY and last-UID cursor is the only truth.

Never a date window, never UNSEEN, never a sequence number. The cursor belongs to the watcher, which moves it in the same
commit that stores the mail; this object only remembers which UIDs the server cannot give.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from comptoir.channels.port import Cursor, Overseer, RawMail, Watcher
from comptoir.providers.imap.reaching import Session, examine

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

BATCH_BYTES = 1_000_000
BATCH_MAILS = 25
SIZES_AT_ONCE = 250
AUDITED = 500
TRIES = 3  # after that many broken sessions on one UID, either it or the line is to blame


class NotStored(Exception):
    """Our own side could not keep what the server gave. The cursor has not moved."""


class Stopped(Exception):
    """The mailbox was told to stop; what is in hand is dropped, and read again next time."""


class Folder:
    """One folder followed across any number of sessions."""

    def __init__(self, name: str, watcher: Watcher, is_stopping: Callable[[], bool], *, is_sent: bool = False) -> None:
        self.name = name
        self._is_sent = is_sent
        self._watcher = watcher
        self._is_stopping = is_stopping
        self._cursor = Cursor(uidvalidity=0, last_uid=0)
        self._struggles: Counter[int] = Counter()
        self._set_aside: set[int] = set()
        self._is_careful = False
        self._status = (0, 0)

    def catch_up(self, session: Session) -> None:
        """Open the folder afresh and read everything after the cursor. A first visit starts at the present; a new
        UIDVALIDITY starts over from the first mail that may have come since the first visit, and the gateway recognises what
        it already has."""
        uidvalidity, next_uid = examine(session, self.name)
        cursor = self._durably(lambda: self._watcher.cursor(self.name))
        if cursor is None:
            cursor = self._start_at(Cursor(uidvalidity, next_uid - 1), known_upto=next_uid - 1)
        elif cursor.uidvalidity != uidvalidity:
            log.info("folder %s has a new UIDVALIDITY: reading it again", self.name)
            before = _before_any_since(session, cursor.since, next_uid)
            cursor = self._start_at(Cursor(uidvalidity, before, cursor.since), known_upto=next_uid - 1)
        self._cursor = cursor
        self.look(session)

    def look(self, session: Session) -> None:
        """Read what came after the cursor. `n:*` also answers the last mail when there is nothing new: it is dropped."""
        after = self._cursor.last_uid
        found = session.search(["UID", f"{after + 1}:*"])
        self._keep_all(session, sorted(uid for uid in found if uid > after and uid not in self._set_aside))
        self._is_careful = False

    def audit(self, session: Session, overseer: Overseer) -> None:
        """Compare the last mails with what is stored: some servers show a UID late, below ones already read."""
        self._set_aside.clear()
        self._struggles.clear()
        upto = self._cursor.last_uid
        found = session.search(["UID", f"{max(1, upto - AUDITED + 1)}:{max(1, upto)}"])
        present = sorted(uid for uid in found if uid <= upto)
        missing = self._durably(lambda: overseer.missing(self.name, self._cursor.uidvalidity, present))
        self._keep_all(session, sorted(set(missing) & set(present)))

    def has_news(self, session: Session) -> bool:
        """Whether the folder, not open now, has changed since this last said so. For a folder that no IDLE watches."""
        status = session.folder_status(self.name, ["UIDVALIDITY", "UIDNEXT"])
        seen = (int(status.get(b"UIDVALIDITY", 0)), int(status.get(b"UIDNEXT", 0)))
        has_changed, self._status = seen != self._status, seen
        return has_changed

    def _start_at(self, cursor: Cursor, *, known_upto: int) -> Cursor:
        self._struggles.clear()
        self._set_aside.clear()
        self._durably(lambda: self._watcher.start_at(self.name, cursor, known_upto=known_upto))
        return cursor

    def _keep_all(self, session: Session, uids: Sequence[int]) -> None:
        for start in range(0, len(uids), SIZES_AT_ONCE):
            some = uids[start : start + SIZES_AT_ONCE]
            sizes = {
                uid: int(data.get(b"RFC822.SIZE") or 0) for uid, data in session.fetch(some, ["RFC822.SIZE"]).items()
            }
            there = [uid for uid in some if uid in sizes]
            is_careful = self._is_careful or any(self._struggles[uid] for uid in there)
            for batch in batches(there, sizes, is_careful=is_careful):
                is_suspect = self._struggles[batch[0]] >= TRIES
                others = sorted(set(there) - set(batch), key=lambda uid: (self._struggles[uid], sizes[uid]))
                if not is_suspect or self._another_passes(session, others):
                    self._keep_batch(session, batch, is_suspect=is_suspect)

    def _another_passes(self, session: Session, others: list[int]) -> bool:
        """Before one mail is blamed for sessions that break, another must come through: otherwise the line is at fault, and
        nothing is set aside. It is read in its own turn, so that mails come in order. A suspect that is all there is waits
        for the next mail or the next audit."""
        last = [self._cursor.last_uid] if self._cursor.last_uid else []
        witness = (others or last)[:1]
        return bool(witness) and witness[0] in self._fetch(session, witness)

    def _fetch(self, session: Session, uids: list[int]) -> dict[int, dict[bytes, Any]]:
        try:
            fetched: dict[int, dict[bytes, Any]] = session.fetch(uids, self._wanted(uids))
        except Exception:
            self._note_struggle(uids)
            raise
        return fetched

    def _keep_batch(self, session: Session, uids: list[int], *, is_suspect: bool) -> None:
        try:
            fetched = self._fetch(session, uids)
        except Exception:
            if is_suspect and not self._is_stopping():
                log.warning("uid %s of %s breaks the session and others do not: set aside", uids[0], self.name)
                self._set_aside.add(uids[0])
            raise
        for uid in uids:
            data = fetched.pop(uid, {})
            raw = data.pop(b"BODY[]", None)
            if raw is None:
                log.info("uid %s vanished from %s while it was being fetched", uid, self.name)
            else:
                self._keep(uid, raw, data)

    def _keep(self, uid: int, raw: bytes, data: dict[bytes, Any]) -> None:
        if self._is_stopping():
            raise Stopped
        at = received_at(data.get(b"INTERNALDATE"))
        mail = RawMail(self.name, self._cursor.uidvalidity, uid, raw, at, is_sent=self._is_sent)
        self._durably(lambda: self._watcher.keep(mail))
        self._cursor = Cursor(self._cursor.uidvalidity, max(uid, self._cursor.last_uid))
        self._struggles.pop(uid, None)

    def _wanted(self, uids: list[int]) -> list[str]:
        """A mail that broke sessions is asked for without its date: an impossible INTERNALDATE must not hide a mail."""
        return ["BODY.PEEK[]"] if self._struggles[uids[0]] >= TRIES - 1 else ["BODY.PEEK[]", "INTERNALDATE"]

    def _note_struggle(self, uids: list[int]) -> None:
        """From now on one mail at a time, to find the one that breaks; it is never allowed to hold up the others."""
        self._is_careful = True
        if len(uids) == 1 and not self._is_stopping():
            self._struggles[uids[0]] += 1

    def _durably(self, act: Callable[[], Answer]) -> Answer:
        try:
            return act()
        except Exception as error:
            raise NotStored(str(error)) from error


def batches(uids: Sequence[int], sizes: dict[int, int], *, is_careful: bool) -> Iterator[list[int]]:
    """Bounded by bytes as much as by number, so that a 50 MB mail is alone in memory."""
    batch: list[int] = []
    weight = 0
    for uid in uids:
        is_full = is_careful or len(batch) >= BATCH_MAILS or weight + sizes[uid] > BATCH_BYTES
        if batch and is_full:
            yield batch
            batch, weight = [], 0
        batch.append(uid)
        weight += sizes[uid]
    if batch:
        yield batch


def _before_any_since(session: Session, since: datetime | None, next_uid: int) -> int:
    """The UID below the first that may have come since then. Servers compare days, in a time zone of their own."""
    if since is None:
        return 0
    found = session.search(["SINCE", (since - timedelta(days=2)).date()])
    return int(min(found, default=next_uid)) - 1


def received_at(internal_date: Any) -> datetime:
    return internal_date.astimezone(UTC) if internal_date else datetime.now(UTC)
