"""The program of a mail reader (`python -m comptoir.gateway.reader_process`): bytes in, what they say out, nothing else.

It has no database, no files and no secrets, and bounded memory. It ends when its input does, or when no mail comes.
"""

import resource
import select
import signal
import sys
from datetime import datetime
from typing import IO

import msgspec
from msgspec import Struct

from comptoir.channels.port import Incoming
from comptoir.gateway.frames import receive, send
from comptoir.mail import html
from comptoir.providers import PROVIDERS

MEMORY = 1 << 30  # bytes of address space: a mail of 50 MB needs about 300 MB
IDLE_SECONDS = 60.0
REASON_LENGTH = 500


class Request(Struct, frozen=True):
    """Which provider's mail the next frame is, when the server received it, and for how long it may be read."""

    provider: str
    received_at: datetime
    seconds: float


class Understood(Struct, frozen=True, tag=True):
    """The files of `incoming` are empty here: the bytes of each follow in a frame of their own."""

    incoming: Incoming
    remote_images: int


class NotUnderstood(Struct, frozen=True, tag=True):
    reason: str


Answer = Understood | NotUnderstood


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a stray print must not break the frames
    send(answers, b"ready")
    while select.select([requests], [], [], IDLE_SECONDS)[0]:
        asked = receive(requests)
        if asked is None:
            return
        request = msgspec.msgpack.decode(asked, type=Request)
        signal.setitimer(signal.ITIMER_REAL, request.seconds)  # the kernel ends us then, whatever we are doing
        if not answer_to(request, receive(requests), answers):
            return
        signal.setitimer(signal.ITIMER_REAL, 0)


def answer_to(request: Request, raw: bytes | None, answers: IO[bytes]) -> bool:
    """False when there was nothing to answer to: the other end is gone."""
    if raw is None:
        return False
    try:
        answer = understand(request, raw)
        del raw  # nobody else holds it: a large mail is gone before its large file leaves
        files = answer.incoming.files
        bare = tuple(msgspec.structs.replace(file, content=b"") for file in files)
        incoming = msgspec.structs.replace(answer.incoming, files=bare)
        encoded = msgspec.msgpack.encode(msgspec.structs.replace(answer, incoming=incoming))
    except Exception as error:  # whatever a mail can cause is an answer, MemoryError and RecursionError included
        send(answers, msgspec.msgpack.encode(NotUnderstood(_reason(error))))
        return True
    send(answers, encoded)
    for file in files:
        send(answers, file.content)
    return True


def understand(request: Request, raw: bytes) -> Understood:
    incoming = PROVIDERS[request.provider].read(raw, request.received_at)
    return Understood(incoming, html.clean(incoming.html, cid={}).remote_images if incoming.html else 0)


def _reason(error: Exception) -> str:
    name = type(error).__name__
    return (str(error) if name == "Unreadable" else f"{name}: {error}")[:REASON_LENGTH]


if __name__ == "__main__":
    main()
