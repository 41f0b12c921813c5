"""browser: what a member waits for, in Debian's Chromium, with five thousand rows in the list, 40 ms of network away from the
server; at full speed, and slowed down four times as a cheap laptop is. Every time is from the gesture to the frame that shows
its effect.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.asking import ask
from benchmarks.client import Client
from benchmarks.figures import figure, percentile, progress
from benchmarks.server import Server

CHROMIUM = "/usr/bin/chromium"
ROUND_TRIP_MS = 40
ROWS = 5_000  # conversations of the world, all of them loaded into the list
OPENED = 20
BURST = 100
WHERE = "tab=all&status=open,pending,snoozed,resolved"
# name -> its budget at full speed, and on a processor four times as slow (notes/interface.md, section 8)
BUDGETS = {
    "browser-load": (600, 1000),
    "browser-open": (ROUND_TRIP_MS + 50, ROUND_TRIP_MS + 90),
    "browser-open-prefetched": (50, 100),
    "browser-move": (50, 120),
    "browser-send": (50, 120),
    "browser-inp": (50, 120),
    "browser-burst": (50, 150),
}
FIELD = "[data-composer] [contenteditable=true], [data-composer] textarea"
SIGNED_IN = "localStorage.setItem('signed-in', '1')"  # as signing in does (web/src/api/start.ts)
# Runs in every page before its own code. `painted(find)`: when the main thread is done with the frame that holds what `find`
# finds. Every frame is looked at; and a message through a port, which comes when it comes, would be told a frame late at times.
WATCH = """() => {
  window.painted = (selector, text = '') => new Promise((done, fail) => {
    const end = performance.now() + 30000
    const look = () => {
      const found = [...document.querySelectorAll(selector)].some((each) => each.textContent.includes(text))
      if (found) scheduler.postTask(() => done(performance.now()), { priority: 'user-blocking' })
      else if (performance.now() < end) requestAnimationFrame(look)
      else fail(new Error(`never seen: ${selector} ${text}`))
    }
    requestAnimationFrame(look)
  })
  window.pressed = 0
  for (const gesture of ['keydown', 'click']) addEventListener(gesture, (event) => { pressed = event.timeStamp }, true)
  window.tasks = []
  window.interactions = new Map()
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map((each) => each.duration))).observe({ type: 'longtask' })
  new PerformanceObserver((list) => {
    for (const each of list.getEntries())
      if (each.interactionId) interactions.set(each.interactionId, Math.max(each.duration, interactions.get(each.interactionId) ?? 0))
  }).observe({ type: 'event', durationThreshold: 16 })
}"""
# As somebody who scrolls to the very end of the list.
ALL_ROWS = """async (count) => {
  const scroller = document.querySelector('[data-row]').closest('.scrolls')
  const height = document.querySelector('[data-row]').offsetHeight
  while (scroller.scrollHeight < count * height) {
    scroller.scrollTop = scroller.scrollHeight
    await new Promise((done) => setTimeout(done, 10))
  }
  scroller.scrollTop = 0
  return await painted('[aria-posinset="1"] [data-row]')
}"""
REACH = """async ({ row, index }) => {
  const some = document.querySelector('[data-row]')
  some.closest('.scrolls').scrollTop = (index - 2) * some.offsetHeight  // the list holds the rows near the visible ones only
  await painted(`[data-row="${row}"]`)
}"""
IDLE = "new Promise((done) => requestIdleCallback(() => done(), { timeout: 5000 }))"
# Without a pointer on its way, nothing is fetched ahead.
CLICK = '(row) => document.querySelector(`[data-row="${row}"]`).click()'


def run(server: Server) -> list[dict[str, Any]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        found = [line for slowness in (1, 4) for line in _measure(server, browser, slowness)]
        browser.close()
    return found


def _measure(server: Server, browser: Browser, slowness: int) -> Iterator[dict[str, Any]]:
    def line(name: str, value: float, wall: list[float], **more: Any) -> dict[str, Any]:
        budget = BUDGETS[name][slowness > 1]
        progress(f"{name} {server.store.name} x{slowness}: {value:.0f} ms of {budget}")
        return figure(server.store, name, value, "ms", wall, budget=budget, cpu_slowdown=slowness, **more)

    client = Client(server.port).sign_in(1)
    rows = _rows(client, 60 + 3 * OPENED)
    last = dict(
        ask(
            server.store,
            "SELECT conversation_id, max(id) FROM messages WHERE conversation_id IN"
            f" ({', '.join(map(str, rows))}) GROUP BY conversation_id",
        )
    )
    loads = []
    for _ in range(3):
        with _page(server, browser, client, slowness) as page:
            loads.append(float(page.evaluate("painted('[data-row]')")))
    yield line("browser-load", median(loads), loads)
    with _page(server, browser, client, slowness) as page:
        page.evaluate("painted('[data-row]')")
        page.evaluate(ALL_ROWS, ROWS)
        page.wait_for_load_state("networkidle")
        # Beyond the first five and the neighbours of an open one, which are fetched ahead.
        far = [(index, row) for index, row in enumerate(rows)][10 + slowness :: 4][:OPENED]
        wall = [_open(page, index, row, last[row]) for index, row in far]
        yield line("browser-open", percentile(wall, 0.95), wall)
        wall = [_open(page, index, row, last[row], as_by_hand=True) for index, row in far * 2]
        yield line("browser-open-prefetched", percentile(wall, 0.95), wall)
        wall = _moves(page, rows[:OPENED], last)
        yield line("browser-move", percentile(wall, 0.95), wall)
        wall = _sends(page)
        yield line("browser-send", percentile(wall, 0.95), wall)
        pauses = list(page.evaluate("[...interactions.values()]"))
        yield line("browser-inp", percentile(pauses, 0.98), pauses)
        tasks = _burst(page, Client(server.port).sign_in(1), rows)
        yield line("browser-burst", max(tasks, default=0.0), tasks)
    client.close()


def _rows(client: Client, count: int) -> list[int]:
    """The conversations at the top of the list, in its order."""
    asked = "&".join(f"status={one}" for one in ("open", "pending", "snoozed", "resolved"))
    rows: list[int] = []
    cursor = ""
    while len(rows) < count:
        page = client.get(f"/api/conversations?tab=all&{asked}&limit=50{cursor}")
        rows += [row["id"] for row in page["rows"]]
        cursor = f"&cursor={page['next']}"
    return rows


@contextmanager
def _page(server: Server, browser: Browser, client: Client, slowness: int) -> Iterator[Page]:
    """The inbox, just asked for, by a browser that has nothing of it but what signing in left there."""
    origin = f"http://127.0.0.1:{server.port}"
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR")
    context.add_cookies([{"name": name, "value": value, "url": origin} for name, value in client.cookies.items()])
    context.add_init_script(SIGNED_IN)
    context.add_init_script(f"({WATCH})()")
    page = context.new_page()
    page.set_default_timeout(120_000)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    far = {"offline": False, "latency": ROUND_TRIP_MS, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", far)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowness})
    page.goto(f"{origin}/conversations?{WHERE}", wait_until="commit")
    try:
        yield page
    finally:
        context.close()


def _timed(page: Page, act: Callable[[], object], selector: str, text: str = "") -> float:
    """Milliseconds from the gesture's own time to the frame that shows what it does."""
    page.evaluate("([selector, text]) => { window.seen = painted(selector, text) }", [selector, text])
    act()
    return float(page.evaluate("seen.then((at) => at - pressed)"))


def _open(page: Page, index: int, row: int, last: int, *, as_by_hand: bool = False) -> float:
    """One row, once the page has nothing else to do."""
    page.evaluate(REACH, {"row": row, "index": index})
    page.wait_for_timeout(200)
    page.evaluate(IDLE)
    link = page.locator(f'[data-row="{row}"]')
    act = link.click if as_by_hand else lambda: page.evaluate(CLICK, row)
    return _timed(page, act, f'article[data-message="{last}"]')


def _moves(page: Page, rows: list[int], last: dict[int, int]) -> list[float]:
    """Down the list and up again, as fast as somebody who reads subjects."""
    _open(page, 0, rows[0], last[rows[0]])
    page.locator(f'[data-row="{rows[0]}"]').focus()
    wall = []
    for row, key in [*((row, "j") for row in rows[1:]), *((row, "k") for row in reversed(rows[:-1]))]:
        page.wait_for_timeout(250)  # the neighbours are fetched meanwhile
        wall.append(_timed(page, lambda key=key: page.keyboard.press(key), f'article[data-message="{last[row]}"]'))  # type: ignore[misc]
    return wall


def _sends(page: Page) -> list[float]:
    """By somebody who has seen what they wrote."""
    wall = []
    for _ in range(20):
        text = f"Bien reçu, n° {uuid.uuid4()}."
        page.locator(FIELD).first.click()
        page.keyboard.type(text)
        page.evaluate("([field, text]) => painted(field, text)", [FIELD, text])
        page.evaluate(IDLE)
        wall.append(_timed(page, lambda: page.keyboard.press("Control+Enter"), "[data-feed] article", text))
        page.wait_for_timeout(400)
    return wall


def _burst(page: Page, client: Client, rows: list[int]) -> list[float]:
    """A colleague at a hundred acts, as quickly as the server takes them: how long the page is busy at a time."""
    page.wait_for_timeout(1000)
    page.evaluate("tasks.length = 0")
    for number in range(BURST):
        note = {"client_id": str(uuid.uuid4()), "text": "Vu avec l'atelier, on rappelle demain matin."}
        client.ask("POST", f"/api/conversations/{rows[number % len(rows)]}/notes", note)
    client.close()
    page.wait_for_timeout(2000)
    return list(page.evaluate("tasks"))
