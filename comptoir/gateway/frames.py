"""Bytes of any length over a pipe: eight bytes that say how many, then that many."""

from typing import IO

HEADER = 8


def send(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(len(content).to_bytes(HEADER, "big"))
    pipe.write(content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """None when the other end has closed, even in the middle."""
    header = pipe.read(HEADER)
    if len(header) < HEADER:
        return None
    size = int.from_bytes(header, "big")
    content = pipe.read(size)
    return content if len(content) == size else None
