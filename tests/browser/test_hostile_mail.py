"""Hostile HTML in a mail, shown in a real browser: no call to anywhere, no script, no change to the page around it.

Two walls are tried, one at a time: the cleaner, and what stands behind it (the sandbox and the policy of the mail's own
address) should the cleaner ever have a hole. `evil.example` is played by a listener on loopback.
"""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

import msgspec
import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Error, Frame, Page, Route, expect

from comptoir.channels.models import Channel
from comptoir.conversations import receiving
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.mail import html
from comptoir.settings import Settings
from tests.browser.conftest import CHROMIUM, QUIET
from tests.house import Served, incoming_mail, serve
from tests.mail.hostile import HOSTILE

HARMLESS = (("harmless", "<p>x</p>"), ("harmless_image", "<p>x</p><img src='https://evil.example/a.png'>"))


class Mail(NamedTuple):
    name: str
    source: str
    conversation_id: int
    message_id: int
    remote_images: int


class Evil:
    """What plays evil.example: how many connections were made, and what was asked."""

    def __init__(self) -> None:
        self.connections = 0
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._answer, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _answer(self) -> None:
        with suppress(OSError):
            while True:
                visitor, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._listen, args=[visitor], daemon=True).start()

    def _listen(self, visitor: socket.socket) -> None:
        with visitor, suppress(OSError):
            visitor.settimeout(5)
            if words := visitor.recv(200):
                self.requests.append(words)


@pytest.fixture
def demo(house: Settings) -> Iterator[Served]:
    """The sample house, already signed in, whose mailbox then gets every hostile mail."""
    yield from serve(msgspec.structs.replace(house, demo=True))


@pytest.fixture
def evil() -> Iterator[Evil]:
    listener = Evil()
    yield listener
    listener.close()


@pytest.fixture
def naive(browser: Browser, evil: Evil) -> Iterator[Browser]:
    """A browser that finds evil.example, and lets any page reach this machine: nothing but our walls holds a request back."""
    found = f"--host-resolver-rules=MAP evil.example 127.0.0.1:{evil.port}"
    bare = "--disable-features=LocalNetworkAccessChecks"
    running = browser.browser_type.launch(executable_path=CHROMIUM, args=[*QUIET, found, bare])
    yield running
    running.close()


def receive_all(services: Services) -> tuple[list[Mail], list[Mail]]:
    """The hostile mails, and two harmless ones to compare with; each in a conversation of its own."""
    key = services.secrets.key("threads")

    def land(tx: Transaction, name: str, source: str) -> Mail:
        channel = tx.find(Channel, 1)
        mail = incoming_mail(tx.now, subject=f"Mail {name}", text="x", html=source, header_id=f"<{name}@x.example>")
        count = html.clean(source, cid={}).remote_images
        landed = receiving.receive(tx, channel, mail, remote_images=count, token_key=key)
        return Mail(name, source, landed.conversation_id, landed.message_id, count)

    def land_all(mails: tuple[tuple[str, str], ...]) -> list[Mail]:
        return [services.database.write_now(lambda tx, n=name, s=source: land(tx, n, s)) for name, source in mails]

    return land_all(HOSTILE), land_all(HARMLESS)


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


def without_the_cleaner(context: BrowserContext, mails: list[Mail], *, headers: dict[str, str] | None = None) -> None:
    """Serve each mail as it came (without TLS, that requests can be read). With our own answer's headers, unless given others.

    A blocked frame still makes Chromium open a connection, over which nothing is asked: one more reason for the cleaner.
    """
    sources = {str(mail.message_id): mail.source.replace("https://evil", "http://evil") for mail in mails}

    def serve_raw(route: Route) -> None:
        body = sources[route.request.url.split("/")[5]]
        if headers is None:
            route.fulfill(response=route.fetch(), body=body)
        else:
            route.fulfill(status=200, headers=headers, body=body)

    context.route(re.compile(r"/api/messages/\d+/body"), serve_raw)


def frame_of(page: Page, message_id: int) -> Frame:
    end = time.monotonic() + 15
    while True:
        for frame in page.frames:
            if f"/api/messages/{message_id}/body" in frame.url:
                frame.wait_for_load_state()
                return frame
        assert time.monotonic() < end, f"the mail {message_id} is not shown; frames: {[f.url for f in page.frames]}"
        page.wait_for_timeout(20)


def has_run(page: Page) -> bool:
    """Whether a script of the mail ran, in any document."""
    return any(frame.evaluate("() => window.pwned") is not None for frame in page.frames)


def open_alone(page: Page, origin: str, mail: Mail) -> None:
    page.goto(f"{origin}/api/messages/{mail.message_id}/body")
    page.wait_for_timeout(30)


def open_in_thread(page: Page, origin: str, mail: Mail) -> None:
    page.goto(f"{origin}/conversations/{mail.conversation_id}")
    frame_of(page, mail.message_id)
    page.wait_for_timeout(30)


def desk(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR")


def test_hostile_mail_opened_by_itself_calls_nobody_and_runs_nothing(demo: Served, naive: Browser, evil: Evil) -> None:
    mails, _ = receive_all(demo.services)
    context = desk(naive)
    calls = watched(context, demo.url)
    page = context.new_page()
    page.goto(f"{demo.url}/api/start")

    for mail in mails:
        open_alone(page, demo.url, mail)
        assert page.url.startswith(demo.url), f"{mail.name} went to {page.url}"
        assert not has_run(page), mail.name

    assert calls == []
    assert evil.connections == 0


def test_hostile_mail_in_its_thread_changes_nothing_around_it(demo: Served, naive: Browser, evil: Evil) -> None:
    mails, harmless = receive_all(demo.services)
    context = desk(naive)
    calls = watched(context, demo.url)
    page = context.new_page()
    around = {}
    for mail in harmless:
        open_in_thread(page, demo.url, mail)
        expect(page.locator("iframe")).to_be_visible()
        around[mail.remote_images > 0] = page.evaluate(AROUND)

    for mail in mails:
        open_in_thread(page, demo.url, mail)
        assert page.url == f"{demo.url}/conversations/{mail.conversation_id}", f"{mail.name} navigated the page"
        assert not has_run(page), mail.name
        expect(page.locator("iframe")).to_be_visible()
        assert page.evaluate(AROUND) == around[mail.remote_images > 0], f"{mail.name} changed the page"
        assert page.evaluate(COVERED) == [], f"{mail.name} covers the page around it"

    assert calls == []
    assert evil.connections == 0


def test_hostile_mail_meets_a_second_wall_where_the_cleaner_has_a_hole(
    demo: Served, naive: Browser, evil: Evil
) -> None:
    mails, _ = receive_all(demo.services)
    context = desk(naive)
    without_the_cleaner(context, mails)
    page = context.new_page()

    for mail in mails:
        open_in_thread(page, demo.url, mail)
        assert page.url == f"{demo.url}/conversations/{mail.conversation_id}", f"{mail.name} navigated the page"
        assert not has_run(page), mail.name
        assert page.evaluate(COVERED) == [], f"{mail.name} covers the page around it"
        assert evil.requests == [], mail.name
        open_alone(page, demo.url, mail)
        assert page.url.startswith(demo.url), f"{mail.name} went to {page.url}"
        assert not has_run(page), mail.name
        assert evil.requests == [], mail.name


def test_hostile_mail_would_be_noticed_where_there_is_no_wall(demo: Served, naive: Browser, evil: Evil) -> None:
    """The proof that the tests above would see a leak."""
    mails, _ = receive_all(demo.services)
    context = desk(naive)
    without_the_cleaner(context, mails, headers={"content-type": "text/html"})
    ran, leaked = set(), set()
    runs = {"script", "img_onerror", "iframe_srcdoc", "close_the_page"}
    leaks = {"img_remote", "style_background", "body_background", "base", "iframe", "meta_refresh", "link_stylesheet"}

    for mail in mails:
        before = len(evil.requests)
        page = context.new_page()  # the last mail's page may still be on its way elsewhere
        page.goto(f"{demo.url}/api/messages/{mail.message_id}/body", wait_until="commit")
        end = time.monotonic() + (15 if mail.name in runs | leaks else 0.1)
        while time.monotonic() < end and mail.name not in ran | leaked:
            page.wait_for_timeout(20)
            with suppress(Error):  # it is on its way to another page
                if page.url.startswith(demo.url) and has_run(page):
                    ran.add(mail.name)
            if len(evil.requests) > before:
                leaked.add(mail.name)
        page.close()

    assert runs <= ran
    assert leaks <= leaked


# The page outside the mail: its elements in order, without the list of conversations (which lives) and the words in it.
AROUND = """() => [
    ...document.querySelectorAll('[role=feed] *'), ...document.body.children,
    ...document.querySelectorAll('head > :not(script, style, link, title)'),
].map(e => e.tagName).join(' ')"""

# What is painted at the places of our own buttons: anything but our own page there would be a mail that escaped its frame.
COVERED = """() => [...document.querySelectorAll('header button, nav a')]
    .filter(e => e.getClientRects().length)
    .filter(e => { const r = e.getBoundingClientRect()
                   const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)
                   return top && top.tagName === 'IFRAME' })
    .map(e => e.outerHTML.slice(0, 80))"""
