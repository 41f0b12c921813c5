"""Slow down where a provider says so: one person, or a whole number, and nobody else.

Kept in memory: another process learns it from the provider itself, at the cost of one refusal.
"""

import random
from datetime import datetime, timedelta

SPACING = timedelta(milliseconds=50)  # between two messages of a number that wakes up: 20 a second
BASE = 4.0  # to the power of the attempt, in units: what Meta asks of one who writes too fast to one person
UNIT = timedelta(seconds=1)
LONGEST = timedelta(hours=1)
JITTER = 0.3


def back_off(attempt: int) -> timedelta:
    """How long to wait after attempt 1, 2 ...; spread, so that what was refused together does not return together."""
    return min(UNIT * BASE**attempt, LONGEST) * random.uniform(1, 1 + JITTER)


class Paces:
    """When each paused number may send again. Whoever asks meanwhile is given a place of their own after that moment, so that
    they do not all come back at once."""

    def __init__(self) -> None:
        self._places: dict[int, datetime] = {}

    def pause(self, channel_id: int, until: datetime) -> None:
        self._places[channel_id] = max(until, self._places.get(channel_id, until))

    def place(self, channel_id: int, now: datetime) -> timedelta | None:
        """How long to wait; None when the number is not paused."""
        free = self._places.get(channel_id)
        if free is None:
            return None
        if free <= now:
            del self._places[channel_id]
            return None
        self._places[channel_id] = free + SPACING
        return free - now


paces = Paces()
