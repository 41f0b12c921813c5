"""A real browser: Debian's Chromium, driven by Playwright."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from comptoir.settings import Settings
from tests.house import Served, serve
from tests.sample import sample_house

CHROMIUM = "/usr/bin/chromium"
# What a page must come to show, it may take this long to show on a slow machine, in ms. A test that passes does not wait.
expect.set_options(timeout=60_000)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a microphone that beeps
]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Closed after this package: while it lives, Playwright's event loop runs in this thread, and no asynchronous test can."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """Its pages are closed after the test: left open, each goes on looking for a server that is gone, and slows the next test."""
    yield chromium
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """The sample house, on SQLite, not yet served."""
    yield from sample_house("sqlite", request, tmp_path, is_now=True)


@pytest.fixture
def counter(house: Settings) -> Iterator[Served]:
    """The sample house, served, where Anne and Chloé can sign in. Its numbers are those of the emulated providers."""
    yield from serve(house)
