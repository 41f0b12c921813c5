"""An IMAP line to a real mailbox that fails in the ways real hosts fail.

A relay in front of Dovecot: everything passes untouched until the chosen fault strikes. Healing it (`fault =
Fault.NONE`) lets a test ask the question that matters: was the mail that arrived meanwhile fetched, once?
"""

import asyncio
import re
import threading
from enum import Enum

_IDLE = re.compile(rb"^(\S+) IDLE\r?\n$", re.IGNORECASE)
_FETCH = re.compile(rb"^(\S+) (UID )?FETCH .*BODY", re.IGNORECASE)
_SEARCH = re.compile(rb"^\S+ (UID )?SEARCH ", re.IGNORECASE)


class Fault(Enum):
    NONE = "everything passes"
    BYE_AT_GREETING = "too many connections"
    NO_IDLE = "IDLE is not among the capabilities"
    NO_ON_IDLE = "IDLE is refused"
    BYE_ON_IDLE = "IDLE is answered with goodbye"
    CLOSE_IN_IDLE = "the line closes while idle"
    BYE_IN_IDLE = "goodbye while idle"
    SILENCE = "while idle the line stays open and nothing passes any more"
    NO_ON_FETCH = "no message is given out"
    WRONG_TOKEN = "a search is answered under the tag of another command"
    CLOSE_IN_FETCH = "the line closes in the middle of a message"


class FaultyImap:
    """Listens on `port`; `connections` and `idles` count what clients did. Faults take effect at the next chance."""

    def __init__(self, upstream_port: int) -> None:
        self.fault = Fault.NONE
        self.seconds_before_fault = 0.2  # between "+ idling" and what goes wrong
        self.connections = 0
        self.idles = 0
        self.port = 0
        self._upstream_port = upstream_port
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="faulty-imap", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._ready.wait(5)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        listener = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = listener.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        listener.close()
        lines = asyncio.all_tasks(self._loop)
        for line in lines:
            line.cancel()
        self._loop.run_until_complete(asyncio.gather(*lines, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.fault is Fault.BYE_AT_GREETING:
            writer.write(b"* BYE Too many connections\r\n")
            writer.close()
            return
        line = _Line(self, reader, writer)
        try:
            await line.relay(*await asyncio.open_connection("127.0.0.1", self._upstream_port))
        except OSError:
            pass  # either end hung up: that is what this server is for
        finally:
            writer.close()


class _Line:
    """One client and its connection to the real server."""

    def __init__(self, owner: FaultyImap, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._owner = owner
        self._reader = reader
        self._writer = writer
        self._is_muted = False
        self._bytes_left: int | None = None

    async def relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sides = {asyncio.create_task(self._to_server(writer)), asyncio.create_task(self._to_client(reader))}
        try:
            done, _ = await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
            for side in done:
                side.result()
        finally:
            for side in sides:
                side.cancel()
            writer.close()

    async def _to_server(self, writer: asyncio.StreamWriter) -> None:
        while line := await self._reader.readline():
            if self._is_muted:
                continue
            if idle := _IDLE.match(line):
                self._owner.idles += 1
                if not await self._idle_passes(idle[1]):
                    return
                if self._owner.fault in (Fault.NO_ON_IDLE, Fault.SILENCE):
                    continue
            elif self._owner.fault is Fault.NO_ON_FETCH and (fetch := _FETCH.match(line)):
                await self._say(fetch[1] + b" NO [UNAVAILABLE] Try later\r\n")
                continue
            elif self._owner.fault is Fault.WRONG_TOKEN and _SEARCH.match(line):
                await self._say(b"XYZ999 OK Searched\r\n")
                continue
            elif self._owner.fault is Fault.CLOSE_IN_FETCH and _FETCH.match(line):
                self._bytes_left = 200
            writer.write(line)
            await writer.drain()

    async def _idle_passes(self, tag: bytes) -> bool:
        """Act out the fault; False when the line is to close."""
        fault = self._owner.fault
        if fault is Fault.BYE_ON_IDLE:
            await self._say(b"* BYE Idle is not for you\r\n")
            return False
        if fault is Fault.NO_ON_IDLE:
            await self._say(tag + b" NO Cannot idle\r\n")
        elif fault is Fault.SILENCE:
            await self._say(b"+ idling\r\n")
            self._is_muted = True
        elif fault in (Fault.CLOSE_IN_IDLE, Fault.BYE_IN_IDLE):
            await self._say(b"+ idling\r\n")
            await asyncio.sleep(self._owner.seconds_before_fault)
            if fault is Fault.BYE_IN_IDLE:
                await self._say(b"* BYE Shutting down\r\n")
            return False
        return True

    async def _to_client(self, reader: asyncio.StreamReader) -> None:
        while chunk := await reader.read(65536):
            if self._is_muted:
                continue
            if self._owner.fault is Fault.NO_IDLE:
                chunk = chunk.replace(b" IDLE", b"")
            if self._bytes_left is not None:
                chunk = chunk[: self._bytes_left]
                self._bytes_left -= len(chunk)
            await self._say(chunk)
            if self._bytes_left == 0:
                return

    async def _say(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()
