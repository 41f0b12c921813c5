"""Hostile HTML in a mail, shown in a real browser: no call to anywhere, no script, no change to the page around it."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Frame, Page

from comptoir.channels.models import Channel
from comptoir.conversations import receiving
from comptoir.demo import opening
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.mail import html
from tests.house import Served, incoming_mail, serve, settings_of
from tests.mail.hostile import HOSTILE

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


@pytest.fixture
def demo(store: str, tmp_path: Path) -> Iterator[Served]:
    """The sample house, already signed in, whose mailbox then gets every hostile mail."""
    settings = msgspec.structs.replace(settings_of(store, tmp_path), demo=True)
    yield from serve(settings)


def receive_all(services: Services) -> list[tuple[str, int, int]]:
    """(name, conversation id, message id) of each hostile mail, each in a conversation of its own."""
    with ThreadPoolExecutor(1) as thread:  # Playwright has a loop in this one
        thread.submit(asyncio.run, opening.prepare(services)).result()
    key = services.secrets.key("threads")

    def land(tx: Transaction, name: str, source: str) -> tuple[str, int, int]:
        channel = tx.find(Channel, 1)
        mail = incoming_mail(
            tx.now, subject=f"Hostile {name}", text="x", html=source, header_id=f"<{name.replace(' ', '-')}@x.example>"
        )
        count = html.clean(source, cid={}).remote_images
        landed = receiving.receive(tx, channel, mail, remote_images=count, token_key=key)
        return name, landed.conversation_id, landed.message_id

    return [services.database.write_now(lambda tx, n=name, s=source: land(tx, n, s)) for name, source in HOSTILE]


def watched(context: BrowserContext, origin: str) -> list[str]:
    """Every address that the browser asks for outside our own origin, and every dialog."""
    calls: list[str] = []
    ours = (origin, "data:", "blob:", "about:")

    def dismiss(dialog: Dialog) -> None:
        calls.append(f"dialog {dialog.message}")
        dialog.dismiss()

    context.on("request", lambda request: request.url.startswith(ours) or calls.append(request.url))
    context.on("page", lambda page: page.on("dialog", dismiss))
    return calls


def frame_of(page: Page, message_id: int) -> Frame:
    end = time.monotonic() + 15
    while True:
        for frame in page.frames:
            if f"/api/messages/{message_id}/body" in frame.url:
                frame.wait_for_load_state()
                return frame
        assert time.monotonic() < end, f"the mail {message_id} is not shown; frames: {[f.url for f in page.frames]}"
        page.wait_for_timeout(20)


def test_hostile_mail_opened_by_itself_calls_nobody_and_runs_nothing(demo: Served, browser: Browser) -> None:
    mails = receive_all(demo.services)
    context = browser.new_context()
    calls = watched(context, demo.url)
    page = context.new_page()
    page.goto(f"{demo.url}/api/start")

    for name, _, message_id in mails:
        page.goto(f"{demo.url}/api/messages/{message_id}/body")
        page.wait_for_timeout(30)
        assert page.url.startswith(demo.url), f"{name} went to {page.url}"
        assert page.evaluate("() => window.pwned") is None, name

    assert calls == []
    context.close()


def test_hostile_mail_in_its_thread_changes_nothing_around_it(demo: Served, browser: Browser) -> None:
    mails = receive_all(demo.services)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR")
    calls = watched(context, demo.url)
    page = context.new_page()

    for name, conversation_id, message_id in mails:
        page.goto(f"{demo.url}/conversations/{conversation_id}")
        frame = frame_of(page, message_id)
        page.wait_for_timeout(30)
        assert page.url == f"{demo.url}/conversations/{conversation_id}", f"{name} navigated the page"
        assert page.evaluate("() => window.pwned") is None, name
        assert frame.evaluate("() => window.pwned") is None, name
        assert page.locator("iframe").count() == 1, name
        assert page.evaluate(COVERED) == [], f"{name} covers the page around it"
        assert page.title().endswith("Comptoir") or "Comptoir" in page.title(), name

    assert calls == []
    context.close()


# What is painted at the places of our own buttons: anything but our own page there would be a mail that escaped its frame.
COVERED = """() => [...document.querySelectorAll('header button, nav a')]
    .filter(e => e.getClientRects().length)
    .filter(e => { const r = e.getBoundingClientRect()
                   const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)
                   return top && top.tagName === 'IFRAME' })
    .map(e => e.outerHTML.slice(0, 80))"""
