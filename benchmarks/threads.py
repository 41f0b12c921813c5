"""thread: the newest page of conversations of more than fifty messages."""

import random
from typing import Any

from benchmarks.asking import ask
from benchmarks.client import Client
from benchmarks.figures import figure, measure
from benchmarks.server import Server

PAGE = 50
THREADS = 200
REPEAT = 5


def run(server: Server) -> dict[str, Any]:
    found = ask(server.store, f"SELECT conversation_id FROM messages GROUP BY conversation_id HAVING count(*) > {PAGE}")
    ids = random.Random(1).sample(sorted(id for (id,) in found), THREADS)
    client = Client(server.port).sign_in(1)
    for id in ids:  # warm
        assert len(client.get(f"/api/conversations/{id}")["messages"]) == PAGE
    requests = [client.request("GET", f"/api/conversations/{id}") for id in ids] * REPEAT
    value, wall = measure(server, client, requests)
    client.close()
    return figure(server.store, "thread", value, "cpu_ms", wall)
