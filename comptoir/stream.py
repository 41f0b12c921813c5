"""GET /api/stream: follow the log, and tell every open browser what is now true, as far as its member may see it.

One follower for each process reads the new events once, renders each conversation and message once, and encodes one frame
for each set of channels that some browser sees, however many browsers there are. A frame says what is true, not what
happened, so the same frame twice does no harm, and a browser that was away resumes from the id it saw last.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import msgspec
from litestar import asgi, get
from litestar.connection import ASGIConnection
from litestar.params import Parameter
from litestar.types import Receive, Scope, Send

from comptoir.conversations.rows import rows_of
from comptoir.conversations.schemas import Activity, ConversationRow, Drop, Frame, MessageView, Put, Reading
from comptoir.conversations.thread import TIMELINE, activities_of, messages_of
from comptoir.foundation.doors import Door, claims_of, query
from comptoir.foundation.errors import NotSignedIn
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.team.queries import seen_channels

log = logging.getLogger(__name__)

MOST_EVENTS = 500  # a browser further behind than this fetches its screen again
POLL_SECONDS = 2.0  # where no wake-up comes (a commit of another process on SQLite)
PING_SECONDS = 20.0
MOST_WAITING = 100  # frames that a slow browser may owe before it is told to fetch again

ABOUT = {"member": "members", "channel": "channels", "label": "labels"}


class Change(NamedTuple):
    """One event of the log, as far as browsers care."""

    id: int
    type: str
    actor_id: int | None
    conversation_id: int | None
    message_id: int | None
    channel_id: int | None
    data: dict[str, Any]


class Truth(NamedTuple):
    """What is now true of everything that some events touched, each with the channel it belongs to; and, by member, how far
    those who read have read: that is for their own screens alone."""

    seq: int
    changes: Sequence[Change]
    rows: list[ConversationRow]
    messages: list[tuple[int, MessageView]]
    activities: list[tuple[int, Activity]]
    gone: list[tuple[int, int]]
    readings: dict[int, list[Reading]]
    about: list[str]


Owed = tuple[int | None, bytes]


class Browser:
    """One open connection, and the frames that it is owed. `channels` is what its member sees."""

    __slots__ = ("_bell", "_owed", "channels", "member_id")

    def __init__(self, member_id: int, channels: frozenset[int]) -> None:
        self.member_id = member_id
        self.channels = channels
        self._owed: deque[Owed | None] = deque()
        self._bell: asyncio.Future[None] | None = None

    async def next(self) -> Owed | None:
        """The next frame and its id (None for a ping); None when it is over. An asyncio.Queue costs as much as the frame."""
        while not self._owed:
            self._bell = asyncio.get_running_loop().create_future()
            await self._bell
        return self._owed.popleft()

    def give(self, seq: int, frame: bytes) -> None:
        if len(self._owed) >= MOST_WAITING and None not in self._owed:
            self._owed.clear()
            frame = _encode(Frame(seq, Put(), Drop(), reset=True))
        self._owe((seq, frame))

    def ping(self, seq: int) -> None:
        """A sign of life, for a browser that is owed nothing."""
        if not self._owed:
            self._owe((None, b"event: ping\nid: %d\ndata: {}\n\n" % seq))

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
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), POLL_SECONDS)
            self._awake.clear()
            try:
                await self._catch_up()
            except Exception:
                log.exception("the stream could not read the log; it tries again")
                await asyncio.sleep(POLL_SECONDS)
            if (now := asyncio.get_running_loop().time()) >= pings:
                pings = now + PING_SECONDS
                for browser in self._browsers:
                    browser.ping(self._position)

    async def _catch_up(self) -> None:
        if not self._browsers:
            self._position = await self._services.database.read(lambda tx: tx.log_position())
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
        concerned = {c.data.get("member_id") for c in changes if c.type.startswith(("member.", "channel.member"))}
        ended = {c.data.get("member_id") for c in changes if c.type in ("member.left", "member.password_changed")}
        everybody = any(c.type in ("channel.connected", "channel.disconnected") for c in changes)
        browsers = [b for b in self._browsers if everybody or b.member_id in concerned]
        if not browsers:
            return
        members = {b.member_id for b in browsers}
        channels = await self._services.database.read(
            lambda tx: {id: frozenset(seen_channels(tx, id)) for id in members}
        )
        for browser in browsers:
            if browser.member_id in ended:
                browser.close()
            elif browser.channels != channels[browser.member_id]:
                browser.channels = channels[browser.member_id]
                browser.give(changes[-1].id, _encode(Frame(changes[-1].id, Put(), Drop(), reset=True)))

    def _publish(self, truth: Truth) -> None:
        touched = frozenset(row.channel_id for row in truth.rows) | frozenset(channel for channel, _ in truth.gone)
        frames: dict[tuple[frozenset[int], int], bytes | None] = {}
        for browser in self._browsers:
            reader = browser.member_id if browser.member_id in truth.readings else 0
            kind = (browser.channels & touched, reader)
            if kind not in frames:
                frame = frame_for(truth, browser.channels, reader)
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
        frame = await self._services.database.read(
            lambda tx: frame_since(tx, after, browser.channels, browser.member_id)
        )
        return frame.seq, _encode(frame)


def frame_since(tx: Transaction, after: int | None, channels: frozenset[int], member_id: int) -> Frame:
    """All that changed since `after`, in one frame, for this member; empty where nothing did."""
    position = tx.log_position()
    if after is None or after == position:
        return Frame(position, Put(), Drop())
    if after > position or position - after > MOST_EVENTS:
        return Frame(position, Put(), Drop(), reset=True)
    truth = truth_after(tx, after)
    assert truth is not None
    return frame_for(truth, channels, member_id) or Frame(truth.seq, Put(), Drop())


def truth_after(tx: Transaction, position: int) -> Truth | None:
    """Everything that the events after `position` touched, as it is now; None where there are none."""
    found = tx.rows(
        "SELECT id, type, actor_id, conversation_id, message_id, channel_id, data FROM events WHERE id > :after"
        f" ORDER BY id LIMIT {MOST_EVENTS}",
        after=position,
    )
    changes = [Change._make((*facts, msgspec.json.decode(data))) for *facts, data in found]
    if not changes:
        return None
    conversation_ids = {c.conversation_id for c in changes if c.conversation_id and c.type != "conversation.read"}
    message_ids = {c.message_id: c.channel_id or 0 for c in changes if c.message_id}
    lines = {c.id: c.channel_id or 0 for c in changes if c.type in TIMELINE}
    messages = messages_of(tx, list(message_ids))
    gone = set(message_ids) - {message.id for message in messages}
    return Truth(
        seq=changes[-1].id,
        changes=changes,
        rows=rows_of(tx, list(conversation_ids)),
        messages=[(message_ids[message.id], message) for message in messages],
        activities=[(lines[activity.id], activity) for activity in activities_of(tx, list(lines))],
        gone=[(message_ids[id], id) for id in gone],
        readings=_readings(tx, changes),
        about=sorted({name for c in changes if (name := ABOUT.get(c.type.partition(".")[0]))}),
    )


def frame_for(truth: Truth, channels: frozenset[int], member_id: int) -> Frame | None:
    """The part of it that this member, who sees these channels, may see; None where that is nothing."""
    put = Put(
        conversations=[row for row in truth.rows if row.channel_id in channels],
        messages=[message for channel, message in truth.messages if channel in channels],
        activities=[activity for channel, activity in truth.activities if channel in channels],
        readings=truth.readings.get(member_id, []),
    )
    drop = Drop(messages=[id for channel, id in truth.gone if channel in channels])
    if not (put.conversations or put.messages or put.activities or put.readings or drop.messages or truth.about):
        return None
    return Frame(truth.seq, put, drop, about=truth.about)


def _readings(tx: Transaction, changes: Sequence[Change]) -> dict[int, list[Reading]]:
    read = {(c.actor_id, c.conversation_id) for c in changes if c.type == "conversation.read" and c.actor_id}
    readings: dict[int, list[Reading]] = {}
    for member_id, conversation_id in read:
        upto = tx.value(
            "SELECT upto FROM readings WHERE conversation_id = :conversation AND member_id = :member",
            conversation=conversation_id,
            member=member_id,
        )
        readings.setdefault(int(member_id or 0), []).append(Reading(int(conversation_id or 0), upto or 0))
    return readings


HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

_encoder = msgspec.json.Encoder()


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
    after = connection.headers.get("last-event-id") or connection.query_params.get("after") or ""
    follower: Stream = connection.app.state.stream
    browser = Browser(claims.member_id, frozenset(actor.channel_ids or ()))
    await follower.serve(browser, int(after) if after.isdigit() and len(after) < 19 else None, receive, send)


@get("/api/changes", operation_id="changes", tags=["stream"])
@query
def changes(tx: Transaction, after: Annotated[int, Parameter(ge=0, le=2**62)]) -> Frame:
    """The same as the stream, once: everything since `after` in one frame, for those who cannot keep a connection open."""
    return frame_since(tx, after, frozenset(tx.actor.channel_ids or ()), tx.actor.id or 0)
