"""Waiting for an event, for as long at the most."""

import asyncio
import contextlib


async def wait_within(event: asyncio.Event, seconds: float | None) -> None:
    """Until the event is set, or so many seconds have passed; None: however long. Not asyncio.wait_for: before Python 3.12 it
    loses a cancellation that comes together with the event, and whoever cancelled waits for ever."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
