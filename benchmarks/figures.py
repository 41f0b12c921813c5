"""A figure: what was measured, beside its budget. PostgreSQL has 2.5 times SQLite's, but for what is asked of both alike."""

import json
import math
import time
from collections.abc import Sequence
from typing import Any

from benchmarks.client import Client
from benchmarks.server import Server

BUDGETS = {
    "list": 2.0,
    "filters": 4.0,
    "thread": 2.0,
    "search": 20.0,
    "stream": 40.0,
    "import": 6.0,
    "import-large": 2.0,
    "start": 2.5,
    "recognize": 0.5,
    "complete": 15.0,
    "profile": 5.0,
    "csv-rows": 3000.0,
    "webhook": 800.0,
    "webhook-visible": 4.0,
}
POSTGRES = 2.5
ALIKE = frozenset({"filters", "recognize", "complete", "profile"})
GROWTH = 1.3  # what 200k may cost more than 20k
LAST_SERVED_MS = 500
KB_PER_BROWSER = 25
IDLE_MB = 110


def figure(server_store: Any, name: str, value: float, unit: str, wall: Sequence[float], **more: Any) -> dict[str, Any]:
    """`more` may hold `ok_too`: the other budgets of this figure, each met or not; `at_least` for a value that should be large,
    and is wanted of both databases alike; `budget` where it is the caller's, whatever the database."""
    is_least = more.pop("at_least", False)
    budget = more.pop("budget", None)
    if budget is None:
        budget = BUDGETS[name] * (1 if server_store.cluster is None or is_least or name in ALIKE else POSTGRES)
    also = more.pop("ok_too", True)
    return {
        "name": name,
        "store": server_store.name,
        "size": server_store.size,
        "value": round(value, 3),
        "unit": unit,
        "p50_ms": round(percentile(wall, 0.5), 2),
        "p95_ms": round(percentile(wall, 0.95), 2),
        "n": len(wall),
        "budget": budget,
        "ok": (value >= budget if is_least else value <= budget) and also,
        **more,
    }


def show(found: dict[str, Any]) -> None:
    print(json.dumps(found, ensure_ascii=False), flush=True)


def percentile(values: Sequence[float], part: float) -> float:
    """The least of them that this part of them does not exceed: of 20, the 19th is the p95."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * part) - 1)] if ordered else 0.0


def measure(server: Server, client: Client, requests: Sequence[bytes]) -> tuple[float, list[float]]:
    """Mean CPU milliseconds of all processes for one request, and the wall milliseconds of each."""
    before = server.cpu_seconds()
    wall = [client.timed(request) for request in requests]
    return (server.cpu_seconds() - before) * 1000 / len(requests), wall


def progress(text: str) -> None:
    import sys

    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)
