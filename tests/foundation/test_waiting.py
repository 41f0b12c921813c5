"""Waiting for an event, for as long at the most."""

import asyncio

import pytest

from comptoir.foundation.waiting import wait_within


@pytest.mark.parametrize("later", range(4))  # turns of the loop after the event
def test_a_cancellation_that_comes_together_with_the_event_is_not_lost(later: int) -> None:
    async def loops(event: asyncio.Event) -> None:
        while True:
            event.clear()
            await wait_within(event, 60)

    async def work() -> None:
        event = asyncio.Event()
        task = asyncio.create_task(loops(event))
        await asyncio.sleep(0.01)
        event.set()
        for _ in range(later):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 5)

    asyncio.run(work())


def test_it_ends_with_the_event_or_with_the_time() -> None:
    async def work() -> None:
        event = asyncio.Event()
        await wait_within(event, 0.01)
        assert not event.is_set()
        asyncio.get_running_loop().call_later(0.01, event.set)
        await wait_within(event, None)

    asyncio.run(work())
