"""filters: the list through one filter after another, alone and combined, down several pages, for members who see much and little.

Each line of `parts` is one combination: its mean CPU milliseconds, and how many rows its first page holds. The figure is the
95th percentile over all combinations; `counts_cpu_ms` what the numbers on the tabs cost beside it.
"""

from typing import Any

from benchmarks.asking import ask
from benchmarks.client import Client
from benchmarks.figures import figure, measure, percentile, progress
from benchmarks.server import Server, Store

MEMBERS = (1, 2, 7)
REPEAT = 8
PAGES = 3


def run(server: Server) -> dict[str, Any]:
    parts: dict[str, list[float]] = {}
    wall: list[float] = []
    counts = []
    for member in MEMBERS:
        client = Client(server.port).sign_in(member)
        for query in _queries(server.store):
            paths, rows = _down(client, f"/api/conversations?{query}")
            mean, each = measure(server, client, [client.request("GET", path) for path in paths] * REPEAT)
            parts[f"{member} {query}"] = [round(mean, 3), rows]
            wall += each
            asked = client.request("GET", f"/api/conversations/counts?{query}")
            counts.append(measure(server, client, [asked] * REPEAT)[0])
        client.close()
        progress(f"filters {server.store.name} {server.store.size} member {member}")
    slowest = sorted(parts, key=lambda query: parts[query][0], reverse=True)
    return figure(
        server.store,
        "filters",
        percentile([cost for cost, _ in parts.values()], 0.95),
        "cpu_ms",
        wall,
        counts_cpu_ms=round(percentile(counts, 0.95), 3),
        combinations=len(parts),
        slowest={query: parts[query] for query in slowest[:8]},
    )


def _queries(store: Store) -> list[str]:
    """What is common and what is rare, at the top and far down, and several at once."""
    year_ago, month_ago = "2025-11-24", "2026-10-24"
    common, rare = _labels(store)
    return [
        "tab=all&status=open&status=pending",
        "tab=all&status=any&unread=true",
        "tab=mine&status=any&unread=true",
        "tab=all&status=any&failed=true",
        f"tab=all&status=any&label_any={common}",
        f"tab=all&status=any&label_any={common}&label_any={rare}",
        f"tab=all&status=open&label_all={common}&label_all={rare}",
        f"tab=all&status=any&label_none={common}",
        "tab=all&status=any&channel=8",
        "tab=all&status=any&kind=email&kind=whatsapp&unread=true",
        "tab=all&status=any&assignee=me&assignee=nobody",
        "tab=all&status=open&assignee=3&assignee=4&assignee=5",
        "tab=all&status=any&priority=urgent",
        f"tab=all&status=any&active_from={month_ago}",
        f"tab=all&status=any&active_to={year_ago}&unread=true",
        f"tab=all&status=any&created_to={year_ago}",
        f"tab=all&status=any&created_from={month_ago}&label_any={common}&unread=true",
        f"tab=unassigned&status=open&status=snoozed&label_none={rare}&unread=true&kind=email",
        f"tab=all&status=resolved&label_any={common}&label_none={rare}&assignee=2&failed=true&priority=none",
    ]


def _labels(store: Store) -> tuple[int, int]:
    found = ask(store, "SELECT label_id, count(*) FROM conversation_labels GROUP BY label_id ORDER BY 2 DESC")
    return found[0][0], found[-1][0]


def _down(client: Client, path: str) -> tuple[list[str], int]:
    """The first pages, each by the cursor of the one above; and what the first one holds. Asked once, they are warm."""
    page = client.get(path)
    first = len(page["rows"])
    paths = [path]
    while page["next"] and len(paths) < PAGES:
        paths.append(f"{path}&cursor={page['next']}")
        page = client.get(paths[-1])
    return paths, first
