"""search: rare, middling and frequent words, two words, beginnings, names, part numbers and operators, newest first, for members
who see much and who see little. Each query is asked again and again; the value is the 95th percentile of their mean CPU times.
"""

import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from benchmarks.client import Client
from benchmarks.figures import figure, measure, percentile, progress
from benchmarks.server import Server
from benchmarks.words import Language

MEMBERS = (1, 2, 24)
EACH = 12  # queries of a kind
REPEAT = 8


def run(server: Server) -> dict[str, Any]:
    queries = list(_queries(Language()))
    costs: dict[str, list[tuple[float, str]]] = {}
    wall: list[float] = []
    for member in MEMBERS:
        client = Client(server.port).sign_in(member)
        for kind, query in queries:
            request = client.request("GET", f"/api/search?q={quote(query)}")
            client.timed(request)  # warm
            cost, times = measure(server, client, [request] * REPEAT)
            costs.setdefault(kind, []).append((cost, f"{query} ({member})"))
            wall += times
        client.close()
        progress(f"search {server.store.name} {server.store.size} member {member} done")
    everything = [cost for found in costs.values() for cost in found]
    parts = {kind: round(percentile([cost for cost, _ in found], 0.95), 2) for kind, found in costs.items()}
    slowest = max(everything)
    return figure(
        server.store,
        "search",
        percentile([cost for cost, _ in everything], 0.95),
        "cpu_ms",
        wall,
        cpu_ms_p50=round(percentile([cost for cost, _ in everything], 0.5), 2),
        parts=parts,
        slowest=[round(slowest[0], 2), slowest[1]],
    )


def _queries(language: Language) -> Iterator[tuple[str, str]]:
    """By rank in the vocabulary: a word of rank 10 is in a third of all messages, of rank 3,000 in one of a thousand."""
    chance = random.Random(3)

    def some(first: int, last: int) -> list[str]:
        return chance.sample([word for word in language.vocabulary[first:last] if len(word) > 2], EACH)

    frequent, middling, rare = some(2, 40), some(2_000, 4_000), some(20_000, 30_000)
    others, names = some(2, 40), chance.sample(language.surnames, EACH)
    for index in range(EACH):
        yield "rare", rare[index]
        yield "mid", middling[index]
        yield "frequent", frequent[index]
        yield "two_frequent", f"{frequent[index]} {others[index]}"
        yield "frequent_and_mid", f"{frequent[index]} {middling[index]}"
        yield "frequent_and_rare", f"{rare[index]} {frequent[index]}"
        yield "two_mid", f"{middling[index]} {middling[index - 1]}"
        yield "prefix_3", middling[index][:3]
        yield "prefix_5", middling[index][:5]
        yield "name", names[index]
        yield "from", f"de:{names[index]}"
        yield "from_and_frequent", f"from:{names[index]} {frequent[index]}"
        yield "subject_frequent", f"objet:{frequent[index]}"
        yield "files_and_mid", f"has:attachment {middling[index]}"
        yield "files_and_frequent", f"a:pj {frequent[index]}"
        yield "phrase", f'"{middling[index]} {middling[index - 1]}"'
        yield "without", f"{middling[index]} -{frequent[index]}"
        yield "recent", f"après:2026-{chance.randint(1, 11):02}-15 {middling[index]}"
        yield "old", f"before:2025-{chance.randint(3, 12):02}-15 {frequent[index]}"
        yield "part", chance.choice(language.parts).replace(" ", "").replace("-", ".")
