"""Mails are understood in a process of their own, with limits of time and memory: it can die alone.

A hostile mail may make a parser spin, swell or crash; here it costs its reader and nothing else. Readers are started when
a mail comes, kept while mails come, and end by themselves when none does. Each call blocks: use it from a thread.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO, BinaryIO

import msgspec
from msgspec import Struct

from comptoir.channels.port import Incoming
from comptoir.conversations.writing_down import KeptFile
from comptoir.gateway.frames import receive, receive_parts, send
from comptoir.gateway.reader_process import Answer, NotUnderstood, Request

SECONDS = 30.0  # for one mail; an ordinary one takes milliseconds
READERS = 2


class Understanding(Struct, frozen=True):
    """What a mail says. Its files are in the store already, and no longer in `incoming`."""

    incoming: Incoming
    files: tuple[KeptFile, ...]
    remote_images: int


class CannotUnderstand(Exception):
    """This mail cannot be read, now or ever, by this version: the reason, for a person."""


# To glibc: what is large is mapped by itself, always, and so is given back as soon as it is free. Left alone, it learns to keep it.
FRUGAL = {"MALLOC_MMAP_THRESHOLD_": "131072"}


class Readers:
    def __init__(self, *, seconds: float = SECONDS, count: int = READERS) -> None:
        self._seconds = seconds
        self._idle: list[_Reader] = []
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(count)

    def understand(
        self,
        provider: str,
        raw: Callable[[], bytes | BinaryIO],
        received_at: datetime,
        *,
        keep: Callable[[Iterable[bytes]], str],
    ) -> Understanding:
        """Read one mail. `raw` gives its bytes or opens its file; `keep` puts the bytes of one of its own files, as they come, in
        the store and gives their key. CannotUnderstand is the mail's fault; anything else is the world's."""
        with self._places:
            while True:
                reader = self._take()
                try:
                    understanding = reader.understand(Request(provider, received_at, self._seconds), raw, keep)
                except _WentHome:
                    reader.end()
                    continue
                except CannotUnderstand:
                    self._give_back(reader)
                    raise
                except BaseException:
                    reader.end()
                    raise
                self._give_back(reader)
                return understanding

    def close(self) -> None:
        with self._lock:
            readers, self._idle = self._idle, []
        for reader in readers:
            reader.end()

    def _take(self) -> "_Reader":
        """One that lives, or a new one: whatever ended an idle reader was no mail's fault."""
        with self._lock:
            while self._idle:
                reader = self._idle.pop()
                if reader.is_alive:
                    return reader
                reader.end()
        return _Reader()

    def _give_back(self, reader: "_Reader") -> None:
        if reader.is_alive:
            with self._lock:
                self._idle.append(reader)
        else:
            reader.end()


class _WentHome(Exception):
    """The reader had ended by itself, with nothing to do, just as it was called."""


class _Reader:
    """One process. Its standard input ends when we do, and so does it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "comptoir.gateway.reader_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **FRUGAL, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            start_new_session=True,  # Ctrl-C is for us: it ends with its input
        )
        self._until = 0.0
        if receive(self._output) != b"ready":  # its imports are not the first mail's time
            self.end()
            raise RuntimeError("the mail reader did not start")

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def understand(
        self, request: Request, raw: Callable[[], bytes | BinaryIO], keep: Callable[[Iterable[bytes]], str]
    ) -> Understanding:
        self._until = time.monotonic() + request.seconds
        self._ask(request, raw())
        answer = msgspec.msgpack.decode(self._hear(), type=Answer)
        if isinstance(answer, NotUnderstood):
            raise CannotUnderstand(answer.reason)
        files = []
        for file in answer.incoming.files:
            size, key = self._pass_on(keep)
            files.append(
                KeptFile(
                    name=file.name,
                    media_type=file.media_type,
                    size=size,
                    file_key=key,
                    content_id=file.content_id,
                    is_inline=file.is_inline,
                )
            )
        incoming = msgspec.structs.replace(answer.incoming, files=())
        return Understanding(incoming, tuple(files), answer.remote_images)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(BrokenPipeError):
            self._input.close()
        self._output.close()

    def _ask(self, request: Request, raw: bytes | BinaryIO) -> None:
        try:
            send(self._input, msgspec.msgpack.encode(request))
            send(self._input, raw)
        except BrokenPipeError:
            raise self._death() from None

    def _hear(self) -> bytes:
        heard = receive(self._output)
        if heard is None:
            raise self._death()
        return heard

    def _pass_on(self, keep: Callable[[Iterable[bytes]], str]) -> tuple[int, str]:
        """A file into the store as it comes; its size and its key."""
        heard = receive_parts(self._output)
        if heard is None:
            raise self._death()
        size, parts = heard
        try:
            return size, keep(parts)
        except EOFError:
            raise self._death() from None

    def _death(self) -> Exception:
        code = self._process.wait()
        has_run_out = code == -signal.SIGALRM
        if has_run_out and time.monotonic() >= self._until:
            return CannotUnderstand("Reading this mail took too long.")
        if code == 0 or has_run_out:  # that was the mail before, answered at its very last moment
            return _WentHome()
        return CannotUnderstand(f"The mail reader crashed on this mail (exit {code}).")

    @property
    def _input(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _output(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout
