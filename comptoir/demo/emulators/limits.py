"""How fast and to how many a business may write: token buckets on the virtual clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

DAY = timedelta(days=1)


@dataclass
class Rate:
    """`per_second` in the long run, `burst` at once."""

    per_second: float
    burst: float


@dataclass
class Limits:
    """Meta's published figures: 80 messages a second per number; to one person one every 6 s with bursts of 45; 250 people a
    day outside their window; 5,000 management calls an hour. Any may be tightened by a test."""

    number: Rate = field(default_factory=lambda: Rate(80, 80))
    pair: Rate = field(default_factory=lambda: Rate(1 / 6, 45))
    management: Rate = field(default_factory=lambda: Rate(5000 / 3600, 5000))
    people_a_day: int = 250


class Buckets:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._levels: dict[str, tuple[float, datetime]] = {}
        self._written: dict[str, dict[str, datetime]] = {}

    def take(self, name: str, rate: Rate) -> bool:
        """One token of that bucket, if there is one."""
        now = self._clock()
        level, since = self._levels.get(name, (rate.burst, now))
        level = min(rate.burst, level + (now - since).total_seconds() * rate.per_second)
        self._levels[name] = (level - 1 if level >= 1 else level, now)
        return level >= 1

    def may_start(self, account: str, person: str, most: int) -> bool:
        """One more person written to outside their window within 24 hours."""
        now = self._clock()
        people = {key: at for key, at in self._written.get(account, {}).items() if now - at < DAY}
        self._written[account] = people
        if person not in people and len(people) >= most:
            return False
        people[person] = now
        return True
