"""start: a fresh process to its first answer, and what it holds ten seconds later with nobody there."""

import time
from typing import Any

from benchmarks import processes
from benchmarks.figures import IDLE_MB, figure, progress
from benchmarks.server import Server, Store

TIMES = 3
IDLE_SECONDS = 10


def run(store: Store) -> dict[str, Any]:
    cpu, wall, idle = [], [], 0.0
    for number in range(TIMES):
        began = time.perf_counter()
        server = Server(store)
        try:
            server.wait()
            wall.append((time.perf_counter() - began) * 1000)
            cpu.append(processes.cpu_seconds(server.process.pid))
            if number == TIMES - 1:
                time.sleep(IDLE_SECONDS)
                idle = server.memory_kb() / 1024
                before = server.cpu_seconds()
                time.sleep(IDLE_SECONDS)
                resting = (server.cpu_seconds() - before) * 1000 / IDLE_SECONDS
        finally:
            server.stop()
        progress(f"start {store.name} {store.size}: {cpu[-1]:.2f} cpu_s")
    return figure(
        store,
        "start",
        sorted(cpu)[TIMES // 2],
        "cpu_s",
        wall,
        idle_mb=round(idle, 1),
        idle_cpu_ms_per_s=round(resting, 2),
        ok_too=idle <= IDLE_MB,
    )
