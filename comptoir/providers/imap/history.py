"""Read what was in the mailbox before it was connected, newest first, the inbox and the Sent folder side by side, on a
connection of its own so that new mail never waits behind the past.
"""

import logging
import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from comptoir.channels.port import Historian, RawMail
from comptoir.providers.imap.catching_up import Stopped, batches, received_at
from comptoir.providers.imap.folders import sent_folder
from comptoir.providers.imap.reaching import Session, examine
from comptoir.providers.imap.session_thread import SessionThread
from comptoir.providers.imap.timings import Timings

log = logging.getLogger(__name__)

AT_ONCE = 50
TRIES = 3


class _Past(Struct):
    """One folder's mails still to bring in, oldest first: the next ones are at the end."""

    folder: str
    is_sent: bool
    uidvalidity: int
    uids: list[int]
    size: int


class ImapHistory(SessionThread):
    """The thread, from one broken connection to the next, until nothing is left or it is told to stop."""

    def __init__(
        self,
        open_session: Callable[[], Session],
        historian: Historian,
        timings: Timings,
        *,
        name: str,
        sent_folder: str = "",
    ) -> None:
        super().__init__(f"history {name}")
        self._open = open_session
        self._historian = historian
        self._timings = timings
        self._sent_folder = sent_folder
        self._struggles: Counter[tuple[str, int]] = Counter()
        self._is_careful = False

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                if self._bring_in():
                    return
                failures = 0
                wait = self._timings.retry_first
            except Stopped:
                return
            except Exception as error:
                log.info("%s: %s; it goes on later", self._thread.name, error)
                wait = min(self._timings.retry_cap, self._timings.retry_first * 2 ** min(failures, 10))
                failures += 1
            self._stopping.wait(wait * random.uniform(0.5, 1))

    def _bring_in(self) -> bool:
        """One connection's worth; True when nothing is left, False when the watcher has not seen the folders yet."""
        session = self._open()
        with self._holding(session):
            pasts = self._pasts(session)
            if pasts is None:
                return False
            self._historian.count(sum(len(past.uids) for past in pasts))
            while past := max(pasts, key=lambda one: len(one.uids) / one.size, default=None):
                if not past.uids:
                    break
                self._bring_some(session, past)
            self._historian.finish()
            return True

    def _pasts(self, session: Session) -> list[_Past] | None:
        since = self._historian.since()
        pasts = []
        for folder, is_sent in (("INBOX", False), (sent_folder(session, self._sent_folder), True)):
            if folder is None or (is_sent and folder.upper() == "INBOX"):
                continue
            uidvalidity, _ = examine(session, folder)
            upto = self._historian.upto(folder, uidvalidity)
            if upto is None:
                return None
            uids = _older(session, upto, since)
            pasts.append(_Past(folder, is_sent, uidvalidity, uids, max(1, len(uids))))
        return pasts

    def _bring_some(self, session: Session, past: _Past) -> None:
        """The newest few of one folder, when those before them have been read."""
        while self._historian.is_crowded():
            if self._stopping.wait(self._timings.poll / 10):
                raise Stopped
        some = past.uids[-AT_ONCE:]
        uidvalidity, _ = examine(session, past.folder)
        if uidvalidity != past.uidvalidity:
            raise ConnectionResetError("the folder has a new UIDVALIDITY")
        missing = self._historian.missing(past.folder, past.uidvalidity, some)
        sizes = {uid: int(data.get(b"RFC822.SIZE") or 0) for uid, data in _fetch(session, missing, ["RFC822.SIZE"])}
        there = [uid for uid in sorted(missing, reverse=True) if uid in sizes]
        for batch in batches(there, sizes, is_careful=self._is_careful):
            self._bring_batch(session, past, batch)
        self._historian.passed(past.folder, past.uidvalidity, some[0], len(some) - len(there))
        del past.uids[-len(some) :]
        self._is_careful = False

    def _bring_batch(self, session: Session, past: _Past, uids: list[int]) -> None:
        if len(uids) == 1 and self._struggles[past.folder, uids[0]] >= TRIES:
            _require_another(session, past, uids[0])
            return self._historian.passed(past.folder, past.uidvalidity, uids[0], 1)
        try:
            fetched = dict(_fetch(session, uids, ["BODY.PEEK[]", "INTERNALDATE"]))
        except Exception:
            self._is_careful = True
            if len(uids) == 1:
                self._struggles[past.folder, uids[0]] += 1
            raise
        for uid in uids:
            if self._stopping.is_set():
                raise Stopped
            data = fetched.get(uid, {})
            if b"BODY[]" not in data:
                self._historian.passed(past.folder, past.uidvalidity, uid, 1)
                continue
            at = received_at(data.get(b"INTERNALDATE"))
            self._historian.keep(
                RawMail(
                    *(past.folder, past.uidvalidity, uid, data.pop(b"BODY[]"), at),
                    is_sent=past.is_sent,
                    is_imported=True,
                )
            )
        return None


def _require_another(session: Session, past: _Past, suspect: int) -> None:
    """A mail is passed over only when another one comes through: otherwise the line is at fault, and this breaks too."""
    if others := [uid for uid in past.uids if uid != suspect]:
        _fetch(session, others[:1], ["BODY.PEEK[]"])


def _older(session: Session, upto: int, since: datetime | None) -> list[int]:
    if upto < 1:
        return []
    wanted: list[object] = ["UID", f"1:{upto}"]
    if since is not None:
        wanted += ["SINCE", since.astimezone(UTC).date()]
    return sorted(uid for uid in session.search(wanted) if uid <= upto)


def _fetch(session: Session, uids: Sequence[int], what: list[str]) -> list[tuple[int, dict[bytes, Any]]]:
    return list(session.fetch(list(uids), what).items()) if uids else []
