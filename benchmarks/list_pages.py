"""list: 25 rows, by tab and status, at the top, in the middle and at the bottom, for members who see much and who see little.

Beside it, `counts`: the numbers on the tabs, asked with each list. `growth` compares 200k with 20k.
"""

import random
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.asking import ask
from benchmarks.client import Client
from benchmarks.figures import GROWTH, figure, measure, progress
from benchmarks.server import Server, Store

MEMBERS = (1, 2, 7, 24, 38)  # all eight mailboxes, the three smallest, and three others
TABS = ("mine", "unassigned", "all")
STATUSES = ("open", "pending", "snoozed", "resolved", "any")
PAGE = 25
REPEAT = 12
Parts = dict[str, list[float]]


class Pass:
    """What one server's pages cost so far."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.cpu = self.counts = 0.0
        self.wall: list[float] = []
        self.parts: Parts = {}

    def measure(self, member: int) -> None:
        server, store = self.server, self.server.store
        client = Client(server.port).sign_in(member)
        paths = _paths(store, member)
        for path in paths:  # warm
            assert len(client.get(path)["rows"]) == PAGE, path
        requests = [client.request("GET", path) for path in paths] * REPEAT
        random.Random(1).shuffle(requests)
        mean, wall = measure(server, client, requests)
        counts = [client.request("GET", f"/api/conversations/counts?status={status}") for status in ("open", "any")]
        self.counts += measure(server, client, counts * 50)[0] / len(MEMBERS)
        client.close()
        self.cpu += mean * len(requests)
        self.wall += wall
        self.parts[f"member_{member}"] = [round(mean, 3), len(paths)]
        progress(f"list {store.name} {store.size} member {member}: {mean:.2f} cpu_ms")

    @property
    def value(self) -> float:
        return self.cpu / len(self.wall)


def run(servers: Sequence[Server]) -> Iterator[dict[str, Any]]:
    """All sizes in turn, member by member, so that a neighbour's noise falls on each alike."""
    passes = [Pass(server) for server in servers]
    for member in MEMBERS:
        for each in passes:
            each.measure(member)
    for each in passes:
        growth = each.value / passes[0].value
        yield figure(
            each.server.store,
            "list",
            each.value,
            "cpu_ms",
            each.wall,
            growth=round(growth, 2),
            counts_cpu_ms=round(each.counts, 3),
            parts=each.parts,
            ok_too=growth <= GROWTH,
        )


def _paths(store: Store, member: int) -> list[str]:
    """Every tab and status that fills a page: its first one, one in the middle, and its last full one."""
    paths = []
    for tab in TABS:
        for status in STATUSES:
            where = _where(tab, status, member)
            count = ask(store, f"SELECT count(*) FROM conversations WHERE {where}")[0][0]
            if count < PAGE:
                continue
            path = f"/api/conversations?tab={tab}&status={status}"
            paths.append(path)
            for place in {count // 2, count - PAGE - 1}:
                if 0 <= place <= count - PAGE - 1:
                    paths.append(f"{path}&cursor={_cursor(store, where, place)}")
    return paths


def _where(tab: str, status: str, member: int) -> str:
    where = f"channel_id IN (SELECT channel_id FROM channel_members WHERE member_id = {member})"
    if status != "any":
        where += f" AND status = '{status}'"
    return where + {"mine": f" AND assignee_id = {member}", "unassigned": " AND assignee_id IS NULL", "all": ""}[tab]


def _cursor(store: Store, where: str, place: int) -> str:
    """What `next` would be after that many rows: walking there by pages of 25 would take hours."""
    last_at, id = ask(
        store,
        f"SELECT last_at, id FROM conversations WHERE {where} ORDER BY last_at DESC, id DESC LIMIT 1 OFFSET {place}",
    )[0]
    return f"{last_at}.{id}"
