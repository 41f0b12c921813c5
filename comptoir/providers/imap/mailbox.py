"""Watch one mailbox in a thread of its own: catch up, wait for the server's word, catch up again; reconnect for ever.

IDLE only wakes the loop. What is new is always decided by the cursor, so a missed, doubled or delayed notification is harmless,
and an unconditional resync covers the servers that forget to notify.
"""

import logging
import random
import threading
import time
from collections.abc import Callable

from comptoir.channels.port import ConnectionTrouble, Overseer, Watcher
from comptoir.providers.imap.catching_up import Folder, NotStored, Stopped
from comptoir.providers.imap.reaching import IdleRefused, Session
from comptoir.providers.imap.sent import SentFolder
from comptoir.providers.imap.session_thread import SessionThread
from comptoir.providers.imap.timings import Timings
from comptoir.providers.imap.troubles import trouble_from

log = logging.getLogger(__name__)

_at_once = threading.BoundedSemaphore(20)  # five hundred mailboxes after a restart must not connect in the same second

IDLE_DEATHS = 3


class ImapMailbox(SessionThread):
    """The thread and what it remembers between sessions. Made by `ImapProvider.watch`."""

    def __init__(
        self,
        open_session: Callable[[], Session],
        watcher: Watcher,
        timings: Timings,
        *,
        name: str,
        sent_folder: str = "",
    ) -> None:
        super().__init__(f"imap {name}")
        self._open = open_session
        self._watcher = watcher
        self._timings = timings
        self._inbox = Folder("INBOX", watcher, self._stopping.is_set)
        self._sent = SentFolder(sent_folder, watcher, self._stopping.is_set)
        self._failures = 0
        self._idle_deaths = 0
        self._was_in_step = False
        self._told: str | None = None
        self._resync_at = self._sent_at = 0.0
        self._audit_at = time.monotonic() + timings.audit

    def _run(self) -> None:
        while not self._stopping.is_set():
            started = time.monotonic()
            self._was_in_step = False
            try:
                self._live_one_session()
            except Stopped:
                break
            except Exception as error:
                if self._stopping.is_set():
                    break
                if self._was_in_step and time.monotonic() - started >= self._timings.settled:
                    self._failures = 0
                self._stopping.wait(self._delay_after(error))

    def _live_one_session(self) -> None:
        with _at_once:
            if self._stopping.is_set():
                return
            session = self._open()
        with self._holding(session):
            while not self._stopping.is_set():
                if time.monotonic() >= self._resync_at or not self._was_in_step:
                    self._resync(session)
                elif time.monotonic() >= self._sent_at:
                    self._look_at_sent(session)
                else:
                    self._inbox.look(session)
                self._wait(session)

    def _resync(self, session: Session) -> None:
        """The inbox, then what was sent, so that an answer finds what it answers; the inbox is open again at the end."""
        is_audit = time.monotonic() >= self._audit_at
        self._inbox.catch_up(session)
        if is_audit:
            self._audit(session, self._inbox)
        if sent := self._sent.find(session):
            sent.catch_up(session)
            if is_audit:
                self._audit(session, sent)
            self._inbox.catch_up(session)
        if is_audit:
            self._audit_at = time.monotonic() + self._timings.audit
            self._idle_deaths = 0
        if isinstance(self._watcher, Overseer):
            self._say(lambda watcher: watcher.in_step(self._inbox.name))
        self._was_in_step = True
        if self._told != "connected":
            self._told = "connected"
            self._say(lambda watcher: watcher.connected())
        self._resync_at = time.monotonic() + self._timings.resync
        self._sent_at = time.monotonic() + self._timings.sent

    def _audit(self, session: Session, folder: Folder) -> None:
        if isinstance(self._watcher, Overseer):
            folder.audit(session, self._watcher)

    def _look_at_sent(self, session: Session) -> None:
        """Between two resyncs. Asked from outside the folder, which stays closed as long as it has not changed."""
        sent = self._sent.known
        if sent is not None and sent.has_news(session):
            sent.catch_up(session)
            self._inbox.catch_up(session)
        else:
            self._inbox.look(session)
        self._sent_at = time.monotonic() + self._timings.sent

    def _wait(self, session: Session) -> None:
        """Return when there may be something new, or when the next resync is due."""
        if self._idle_deaths < IDLE_DEATHS and session.has_capability("IDLE"):
            try:
                self._idle(session)
            except IdleRefused:
                self._idle_deaths = IDLE_DEATHS
            except Exception:
                self._idle_deaths += 1
                raise
            else:
                self._idle_deaths = 0
        else:
            self._stopping.wait(self._timings.poll)
            self._resync_at = 0.0

    def _idle(self, session: Session) -> None:
        has_news = session.start_idling()
        while not has_news and not self._stopping.is_set():
            left = min(self._resync_at, self._sent_at) - time.monotonic()
            if left <= 0:
                break
            patience = min(self._timings.idle_slice, left)
            asked_at = time.monotonic()
            heard = session.idle_check(timeout=patience)
            if not heard and time.monotonic() - asked_at < patience * 0.9:
                raise ConnectionTrouble("disconnected", "the connection was closed while waiting for mail")
            has_news = any(line[0] != b"OK" for line in heard)
        if not self._stopping.is_set():
            session.idle_done()

    def _delay_after(self, error: Exception) -> float:
        """Tell the watcher when the state changed, and say how long to wait: capped, doubled, never in step with others."""
        trouble = _trouble(error)
        self._failures += 1
        log.info("mailbox %s: %s (attempt %s)", self._thread.name, trouble, self._failures)
        # A session that had worked is replaced silently; only a mailbox that cannot come back is in trouble.
        if not self._was_in_step or isinstance(error, NotStored):
            self._tell(trouble)
        if trouble.code == "sign_in_failed":
            longest = self._timings.retry_sign_in
        else:
            longest = min(self._timings.retry_cap, self._timings.retry_first * 2 ** min(self._failures - 1, 10))
        return longest * random.uniform(0.5, 1)

    def _tell(self, trouble: ConnectionTrouble) -> None:
        if self._told != trouble.code:
            self._told = trouble.code
            self._say(lambda watcher: watcher.trouble(trouble))

    def _say(self, word: Callable[..., None]) -> None:
        """A watcher that cannot take the news must not cost the mailbox its thread."""
        try:
            word(self._watcher)
        except Exception:
            self._told = None
            log.exception("mailbox %s could not report its state", self._thread.name)


def _trouble(error: Exception) -> ConnectionTrouble:
    if isinstance(error, NotStored):
        log.error("a mail could not be stored, it will be read again", exc_info=error)
        return ConnectionTrouble("storage_failed", str(error)[:300])
    return trouble_from(error, side="imap")
