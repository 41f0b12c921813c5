"""GET /api/stream: follow the log, and tell every open browser what is now true, as far as its member may see it.

One follower for each process reads the new events once, renders each conversation and message once, and encodes one frame
for each sight (what some browser's member sees), however many browsers there are. A frame says what is true, not what
happened, so the same frame twice does no harm, and a browser that was away resumes from the id it saw last.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import asgi, get
from litestar.connection import ASGIConnection
from litestar.params import Parameter
from litestar.types import Receive, Scope, Send

from comptoir.conversations.schemas import Drop, Frame, Put
from comptoir.conversations.together import presence
from comptoir.conversations.truth import (
    FOR_EVERYBODY,
    FOR_ONE,
    Change,
    Truth,
    changes_what_is_seen,
    frame_for,
    frame_since,
    held_now,
    truth_after,
)
from comptoir.foundation.doors import Door, claims_of, query
from comptoir.foundation.errors import NotSignedIn
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Actor, Transaction
from comptoir.foundation.waiting import wait_within
from comptoir.team.access import Held, can_see, sight
from comptoir.team.queries import actor_of

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0  # where no wake-up comes (a commit of another process on SQLite)
PING_SECONDS = 20.0
MOST_WAITING = 100  # frames that a slow browser may owe before it is told to fetch again

Owed = tuple[int | None, bytes]


class Browser:
    """One open connection, and the frames that it is owed. `actor` is its member, with what they see. `lacks_presence`: it
    has not heard who is where, or missed some of it."""

    __slots__ = ("_bell", "_owed", "actor", "lacks_presence", "member_id")

    def __init__(self, actor: Actor) -> None:
        self.member_id = actor.id or 0
        self.actor = actor
        self.lacks_presence = True
        self._owed: deque[Owed | None] = deque()
        self._bell: asyncio.Future[None] | None = None

    async def next(self) -> Owed | None:
        """The next frame and its id (None: send it whatever was seen); None when it is over.

        An asyncio.Queue would cost as much as the frame.
        """
        while not self._owed:
            self._bell = asyncio.get_running_loop().create_future()
            await self._bell
        return self._owed.popleft()

    def give(self, seq: int, frame: bytes) -> None:
        if len(self._owed) >= MOST_WAITING and None not in self._owed:
            self.reset(seq)
        else:
            self._owe((seq, frame))

    def reset(self, seq: int, actor: Actor | None = None) -> None:
        """Owe no frame but the one that says: fetch again. `actor` sees what its member sees from now on."""
        self.actor = actor or self.actor
        self.lacks_presence = True
        self._owed = deque(item for item in self._owed if item is None)
        self._owe((None, _encode(Frame(seq, Put(), Drop(), reset=True))))

    def ping(self, seq: int) -> None:
        """A sign of life, for a browser that is owed nothing."""
        if not self._owed:
            self._owe((None, b"event: ping\nid: %d\ndata: {}\n\n" % seq))

    def tell(self, words: bytes) -> None:
        """Of this moment: a slow browser that misses it is told everything when it has caught up."""
        self.lacks_presence = len(self._owed) >= MOST_WAITING
        if not self.lacks_presence:
            self._owe((None, words))

    def close(self) -> None:
        self._owe(None)

    def _owe(self, item: Owed | None) -> None:
        self._owed.append(item)
        if self._bell is not None and not self._bell.done():
            self._bell.set_result(None)


class Stream:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._browsers: set[Browser] = set()
        self._position = 0
        self._awake = asyncio.Event()
        self.presence = presence.Presence()
        self._stirred: set[int] = set()  # conversations of which it is to be told who is there

    def hear(self, words: str) -> None:
        """Somebody looks or writes somewhere (`Database.say`). On the loop's own thread."""
        sign = presence.unpack(words)
        if self.presence.hear(sign, self._services.clock()):
            self._stirred.add(sign.conversation_id)
            self._awake.set()

    def wake(self) -> None:
        """Something was recorded: look now. On the loop's own thread."""
        self._awake.set()

    def close(self) -> None:
        """End every connection: the browsers come back to whoever serves next."""
        for browser in self._browsers:
            browser.close()

    async def follow(self) -> None:
        """Read the log as it grows, until cancelled."""
        database = self._services.database
        self._position = await database.read(lambda tx: tx.log_position())
        pings = asyncio.get_running_loop().time() + PING_SECONDS
        while True:
            await wait_within(self._awake, POLL_SECONDS)
            self._awake.clear()
            self._stirred.update(self.presence.expire(self._services.clock()))
            try:
                await self._catch_up()
                await self._tell_present()
            except Exception:
                log.exception("the stream could not read the log; it tries again")
                await asyncio.sleep(POLL_SECONDS)
            if (now := asyncio.get_running_loop().time()) >= pings:
                pings = now + PING_SECONDS
                for browser in self._browsers:
                    browser.ping(self._position)

    async def _catch_up(self) -> None:
        if not self._browsers:
            position = await self._services.database.read(lambda tx: tx.log_position())
            if not self._browsers:  # one that came while this was read may have begun before it
                self._position = position
                return
        while True:
            truth = await self._services.database.read(lambda tx: truth_after(tx, self._position))
            if truth is None:
                return
            await self._refresh_access(truth.changes)
            self._publish(truth)
            self._position = truth.seq

    async def _refresh_access(self, changes: Sequence[Change]) -> None:
        """Who sees what may have changed: those browsers fetch again; those of a member who left are closed."""
        ended = {c.data.get("member_id") for c in changes if c.type in ("member.left", "member.password_changed")}
        access = [c for c in changes if c.type in FOR_EVERYBODY or c.type in FOR_ONE]
        if not (ended or access):
            return
        browsers = [
            browser
            for browser in self._browsers
            if browser.member_id in ended or any(changes_what_is_seen(c, browser.member_id) for c in access)
        ]
        if not browsers:
            return
        members = {b.member_id for b in browsers}
        actors = await self._services.database.read(lambda tx: {id: actor_of(tx, id) for id in members})
        for browser in browsers:
            if browser.member_id in ended:
                browser.close()
            elif sight(browser.actor) != sight(actors[browser.member_id]):
                browser.reset(changes[-1].id, actors[browser.member_id])

    async def _tell_present(self) -> None:
        """Who is where, to those who may see it: by what they see, and who has the conversation, at one and the same moment."""
        while self._browsers and (self._stirred or any(browser.lacks_presence for browser in self._browsers)):
            stirred, everywhere = set(self._stirred), self.presence.conversations()
            position, held = await self._services.database.read(partial(_held_at, ids=stirred | everywhere))
            if position == self._position:
                self._stirred -= stirred
                self._say_present(stirred, everywhere, held)
                return
            await self._catch_up()

    def _say_present(self, stirred: set[int], everywhere: set[int], held: dict[int, Held]) -> None:
        words = {id: _encoder.encode(self.presence.of(id)) for id in held}
        for browser in self._browsers:
            told = everywhere if browser.lacks_presence else stirred
            seen = [words[id] for id in told if id in held and can_see(browser.actor, held[id])]
            if browser.lacks_presence:
                browser.tell(b"event: presences\ndata: [%s]\n\n" % b",".join(seen))
            elif seen:
                browser.tell(b"".join(b"event: presence\ndata: %s\n\n" % one for one in seen))

    def _publish(self, truth: Truth) -> None:
        self._stirred |= self.presence.conversations() & truth.before.keys()
        touched = {held.channel_id for held in truth.held.values()}
        touched |= {held.channel_id for was in truth.before.values() for held in was}
        frames: dict[tuple[frozenset[int], int], bytes | None] = {}
        for browser in self._browsers:
            actor = browser.actor
            has_own = any(browser.member_id in own for own in (truth.readings, truth.drafts, truth.about_own))
            reader = browser.member_id if has_own or actor.scope != "all" else 0
            kind = (frozenset(touched.intersection(actor.channel_ids or ())), reader)
            if kind not in frames:
                frame = frame_for(truth, actor)
                frames[kind] = _encode(frame) if frame else None
            encoded = frames[kind]
            if encoded is not None:
                browser.give(truth.seq, encoded)

    # -- one browser

    async def serve(self, browser: Browser, after: int | None, receive: Receive, send: Send) -> None:
        """Send frames until the browser leaves. `after`: the id that it saw last, None for from now on."""
        self._browsers.add(browser)
        watcher = asyncio.create_task(_until_gone(receive, browser))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            start, first = await self._first_frame(browser, after)
            await send(_body(first))
            self._awake.set()  # who is where comes next
            while (item := await browser.next()) is not None:
                seq, frame = item
                if seq is None or seq > start:
                    await send(_body(frame))
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._browsers.discard(browser)
            watcher.cancel()

    async def _first_frame(self, browser: Browser, after: int | None) -> tuple[int, bytes]:
        """What was missed since `after`; with nothing missed, an empty frame: the browser knows that it is connected."""
        known = browser.actor

        def work(tx: Transaction) -> tuple[Actor, Frame]:
            actor = actor_of(tx, browser.member_id)
            return actor, frame_since(tx, after, actor)

        actor, frame = await self._services.database.read(work)
        if sight(actor) != sight(known) and browser.actor is known:  # it changed between the door and here
            browser.reset(frame.seq, actor)
        return frame.seq, _encode(frame)


HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

_encoder = msgspec.json.Encoder()


def _held_at(tx: Transaction, *, ids: set[int]) -> tuple[int, dict[int, Held]]:
    """Who has these, and the moment of the log at which that is so."""
    return tx.log_position(), held_now(tx, ids)


def _encode(frame: Frame) -> bytes:
    return b"id: %d\ndata: %s\n\n" % (frame.seq, _encoder.encode(frame))


def _body(frame: bytes) -> Any:
    return {"type": "http.response.body", "body": frame, "more_body": True}


async def _until_gone(receive: Receive, browser: Browser) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    browser.close()


@asgi("/api/stream", copy_scope=False, opt={"exclude_from_csrf": True})
async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """The door: `after` (or Last-Event-ID) says where the browser is."""
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope, receive, send)
    door: Door = connection.app.state.door
    claims = claims_of(connection)
    if claims is None:
        raise NotSignedIn
    actor = await door.services.database.read(lambda tx: door.identify(tx, claims))
    place = connection.headers.get("last-event-id") or connection.query_params.get("after") or ""
    after = int(place) if place.isascii() and place.isdigit() and len(place) < 19 else None
    follower: Stream = connection.app.state.stream
    browser = Browser(actor)
    await follower.serve(browser, after, receive, send)


@get("/api/changes", operation_id="changes", tags=["stream"])
@query
def changes(tx: Transaction, after: Annotated[int, Parameter(ge=0, le=2**62)]) -> Frame:
    """The same as the stream, once: everything since `after` in one frame, for those who cannot keep a connection open."""
    return frame_since(tx, after, tx.actor)
