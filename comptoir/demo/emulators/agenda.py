"""The emulator's own time: it can be turned forward, and what falls due on the way happens."""

import asyncio
import heapq
import itertools
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from comptoir.foundation.waiting import wait_within

Deed = Callable[[], Awaitable[object]]


class VirtualClock:
    """The real clock, and what it was turned forward by."""

    def __init__(self, real: Callable[[], datetime]) -> None:
        self.real = real
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return self.real() + self.ahead

    def forward(self, by: timedelta) -> None:
        self.ahead += by


class Agenda:
    """What is due when. Deeds of one lane happen one after the other, in the order in which they fell due."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self._due: list[tuple[datetime, int, str, Deed]] = []
        self._numbers = itertools.count()
        self._lanes: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._changed = asyncio.Event()
        self._working: set[asyncio.Task[None]] = set()

    def add(self, deed: Deed, *, lane: str, after: float = 0.0) -> None:
        """`after`: virtual seconds from now."""
        moment = self.clock() + timedelta(seconds=after)
        heapq.heappush(self._due, (moment, next(self._numbers), lane, deed))
        self._changed.set()

    def turned(self) -> None:
        """The clock was turned forward: look again."""
        self._changed.set()

    async def run(self) -> None:
        while True:
            self._changed.clear()
            self._start_due()
            wait = (self._due[0][0] - self.clock()).total_seconds() if self._due else None
            await wait_within(self._changed, wait)

    async def settle(self) -> None:
        """Until nothing is due and nothing happens any more."""
        self._start_due()
        while self._working:
            await asyncio.wait(self._working)
            self._start_due()

    def _start_due(self) -> None:
        now = self.clock()
        while self._due and self._due[0][0] <= now:
            _, _, lane, deed = heapq.heappop(self._due)
            task = asyncio.ensure_future(self._do(lane, deed))
            self._working.add(task)
            task.add_done_callback(self._working.discard)

    async def _do(self, lane: str, deed: Deed) -> None:
        async with self._lanes[lane]:
            await deed()
