"""A watcher that keeps everything in memory, as the gateway keeps it in the database: the mail and the cursor together."""

import threading
import time
from collections.abc import Callable, Sequence

from comptoir.channels.port import ConnectionTrouble, Cursor, RawMail


class Notebook:
    """Survives any number of mailboxes, as a database survives restarts. `states` holds what was reported, in order."""

    def __init__(self) -> None:
        self.mails: list[RawMail] = []
        self.cursors: dict[str, Cursor] = {}
        self.starts: list[Cursor] = []
        self.states: list[str] = []
        self.troubles: list[ConnectionTrouble] = []
        self.resyncs = 0
        self.sent: str | None = None
        self.refusals = 0  # how many of the next mails cannot be stored
        self.lost: set[int] = set()  # uids that an audit should find missing
        self._changed = threading.Condition()

    def cursor(self, folder: str) -> Cursor | None:
        return self.cursors.get(folder)

    def start_at(self, folder: str, cursor: Cursor, *, known_upto: int) -> None:
        with self._changed:
            self.cursors[folder] = cursor
            self.starts.append(cursor)
            self._changed.notify_all()

    def keep(self, mail: RawMail) -> None:
        with self._changed:
            if self.refusals:
                self.refusals -= 1
                raise OSError("no space left on device")
            self.mails.append(mail)
            self.lost.discard(mail.uid)
            upto = max(mail.uid, self.cursors[mail.folder].last_uid)
            self.cursors[mail.folder] = Cursor(mail.uidvalidity, upto)
            self._changed.notify_all()

    def connected(self) -> None:
        self._say("connected")

    def trouble(self, error: ConnectionTrouble) -> None:
        self.troubles.append(error)
        self._say(error.code)

    def in_step(self, folder: str) -> None:
        with self._changed:
            self.resyncs += 1
            self._changed.notify_all()

    def sent_folder(self, folder: str | None) -> None:
        self.sent = folder

    def missing(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> Sequence[int]:
        return [uid for uid in uids if uid in self.lost]

    def wait_until(self, is_true: Callable[[], bool], *, seconds: float = 10) -> float:
        """Seconds it took."""
        began = time.monotonic()
        with self._changed:
            done = self._changed.wait_for(is_true, seconds)
        assert done, f"not within {seconds} s: {len(self.mails)} mails, {self.states}, {self.cursors}"
        return time.monotonic() - began

    def wait_for(self, count: int, *, seconds: float = 10) -> list[RawMail]:
        self.wait_until(lambda: len(self.mails) >= count, seconds=seconds)
        return self.mails

    def wait_for_state(self, state: str, *, seconds: float = 10) -> None:
        self.wait_until(lambda: bool(self.states) and self.states[-1] == state, seconds=seconds)

    def subjects(self) -> list[str]:
        return [subject_of(mail.raw) for mail in self.mails]

    def places(self) -> list[tuple[int, int]]:
        return [(mail.uidvalidity, mail.uid) for mail in self.mails]

    def _say(self, state: str) -> None:
        with self._changed:
            self.states.append(state)
            self._changed.notify_all()


def subject_of(raw: bytes) -> str:
    return raw.partition(b"Subject: ")[2].partition(b"\r\n")[0].decode()
