"""Bytes of any length over a pipe: eight bytes that say how many, then that many."""

import os
import shutil
from collections.abc import Iterator
from typing import IO, BinaryIO

HEADER = 8
PART = 1024 * 1024


def send(pipe: IO[bytes], content: bytes | BinaryIO) -> None:
    """What is given as an open file is read part by part, from its beginning, and closed."""
    if isinstance(content, bytes):
        pipe.write(len(content).to_bytes(HEADER, "big"))
        pipe.write(content)
    else:
        with content:
            pipe.write(content.seek(0, os.SEEK_END).to_bytes(HEADER, "big"))
            content.seek(0)
            shutil.copyfileobj(content, pipe, PART)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """None when the other end has closed, even in the middle."""
    size = _size(pipe)
    content = None if size is None else pipe.read(size)
    return content if content is not None and len(content) == size else None


def receive_parts(pipe: IO[bytes]) -> tuple[int, Iterator[bytes]] | None:
    """How many bytes come, and they, part by part; EOFError when the other end closes in the middle."""
    size = _size(pipe)
    return None if size is None else (size, _parts(pipe, size))


def _size(pipe: IO[bytes]) -> int | None:
    header = pipe.read(HEADER)
    return int.from_bytes(header, "big") if len(header) == HEADER else None


def _parts(pipe: IO[bytes], size: int) -> Iterator[bytes]:
    while size:
        part = pipe.read(min(size, PART))
        if not part:
            raise EOFError
        size -= len(part)
        yield part
