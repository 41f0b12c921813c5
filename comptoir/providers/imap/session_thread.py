"""A thread that lives one connection at a time, and that can be told from outside to stop in the middle of one."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from comptoir.providers.imap.reaching import Session


class SessionThread(ABC):
    """`_run` goes on until `_stopping` is set; it uses each connection within `_holding`, so that `stop` can cut it."""

    def __init__(self, name: str) -> None:
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        with self._lock:
            if self._session is not None:
                self._session.cut()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the thread's end; True when it has ended."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    @abstractmethod
    def _run(self) -> None: ...

    @contextmanager
    def _holding(self, session: Session) -> Iterator[None]:
        try:
            with self._lock:
                self._session = session
            yield
        finally:
            with self._lock:
                self._session = None
            session.hang_up()
