"""stream: a thousand open browsers, one event, and when the last of them has it; what each costs in memory.

An event is an act over HTTP (an assignment or a note) in a mailbox that all of these browsers see. The CPU time is the act's
and the stream's together.
"""

import asyncio
import time
import uuid
from functools import partial
from typing import Any

from benchmarks.asking import ask
from benchmarks.client import Client
from benchmarks.figures import KB_PER_BROWSER, LAST_SERVED_MS, figure, percentile, progress
from benchmarks.server import Server

BROWSERS = 1000
EVENTS = 24
APART = 0.5  # seconds


class Browser(asyncio.Protocol):
    """Counts the frames, by how each begins; a ping is none."""

    def __init__(self, request: bytes, frames: "Frames") -> None:
        self.request = request
        self.frames = frames

    def connection_made(self, transport: Any) -> None:
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.frames.received(data.count(b'data: {"seq"'))


class Frames:
    """How many frames came, and when the last one did."""

    def __init__(self) -> None:
        self.count = 0
        self.last = 0.0

    def received(self, count: int) -> None:
        self.count += count
        self.last = time.perf_counter()

    async def reach(self, count: int) -> None:
        until = time.perf_counter() + 30
        while self.count < count:
            assert time.perf_counter() < until, f"{self.count} frames of {count}"
            await asyncio.sleep(0.005)


def run(server: Server) -> dict[str, Any]:
    seeing = [
        id for (id,) in ask(server.store, "SELECT member_id FROM channel_members WHERE channel_id = 1 ORDER BY 1")
    ]
    clients = [Client(server.port).sign_in(member) for member in seeing]
    requests = [client.request("GET", "/api/stream") for client in clients]
    conversations = [
        id for (id,) in ask(server.store, "SELECT id FROM conversations WHERE channel_id = 1 ORDER BY id DESC LIMIT 30")
    ]
    for client in clients:
        client.close()
    return asyncio.run(_run(server, requests, conversations, seeing))


async def _run(server: Server, requests: list[bytes], conversations: list[int], members: list[int]) -> dict[str, Any]:
    frames = Frames()
    loop = asyncio.get_running_loop()
    await asyncio.sleep(2)
    before = server.memory_kb()
    transports = []
    for number in range(BROWSERS):
        request = requests[number % len(requests)]
        transport, _ = await loop.create_connection(partial(Browser, request, frames), "127.0.0.1", server.port)
        transports.append(transport)
    await frames.reach(BROWSERS)  # each is told at once where the log is
    await asyncio.sleep(2)
    each_kb = (server.memory_kb() - before) / BROWSERS
    progress(f"stream {server.store.name} {server.store.size}: {BROWSERS} open, {each_kb:.1f} KB each")
    actor = Client(server.port).sign_in(members[0])
    wall, cpu = [], server.cpu_seconds()
    for number in range(EVENTS):
        wall.append(await _event(actor, frames, conversations[number % 30], members[1 + number % 20], number))
        await asyncio.sleep(APART)
    value = (server.cpu_seconds() - cpu) * 1000 / EVENTS
    for transport in transports:
        transport.close()
    actor.close()
    last = max(wall)
    return figure(
        server.store,
        "stream",
        value,
        "cpu_ms",
        wall,
        last_served_ms_max=round(last, 1),
        kb_per_browser=round(each_kb, 1),
        browsers=BROWSERS,
        ok_too=percentile(wall, 0.95) < LAST_SERVED_MS and each_kb <= KB_PER_BROWSER,
    )


async def _event(actor: Client, frames: Frames, conversation: int, member: int, number: int) -> float:
    """Milliseconds from the request until the last browser has the frame."""
    expected = frames.count + BROWSERS
    if number % 2:
        act: tuple[str, str, Any] = ("PUT", f"/api/conversations/{conversation}/assignment", {"member_id": member})
    else:
        note = {"client_id": str(uuid.uuid4()), "text": "Vu avec l'atelier, on rappelle demain matin."}
        act = ("POST", f"/api/conversations/{conversation}/notes", note)
    start = time.perf_counter()
    await asyncio.to_thread(actor.ask, *act)
    await frames.reach(expected)
    return (frames.last - start) * 1000
