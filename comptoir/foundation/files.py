"""Where files are kept, behind one small port: a folder on disk now, an S3-compatible store when outgrown.

Files are named by their content (SHA-256): the same attachment received ten times is kept once, and a key can be written
into the database before or after the bytes without harm.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Protocol


class FileMissing(Exception):
    """The database names a file that the store does not have."""


class Files(Protocol):
    def put(self, content: bytes) -> str:
        """Keep the bytes durably; their key. Blocking."""

    def put_parts(self, parts: Iterable[bytes]) -> str:
        """The same for what comes part by part, and is never in memory whole. Nothing is kept when `parts` raises."""

    def get(self, key: str) -> bytes: ...
    def open(self, key: str) -> BinaryIO: ...
    def delete(self, key: str) -> None: ...


class DiskFiles:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        key = hashlib.sha256(content).hexdigest()
        path = self._path(key)
        if path.exists():
            return key
        self._place(self._written([content]), path)
        return key

    def put_parts(self, parts: Iterable[bytes]) -> str:
        parts = iter(parts)
        first, second = next(parts, b""), next(parts, None)
        if second is None:
            return self.put(first)
        digest = hashlib.sha256()

        def hashed() -> Iterator[bytes]:
            for part in chain([first, second], parts):
                digest.update(part)
                yield part

        written = self._written(hashed())
        key = digest.hexdigest()
        self._place(written, self._path(key))
        return key

    def _written(self, parts: Iterable[bytes]) -> Path:
        """On the disk, and not yet at its place."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
            try:
                for part in parts:
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                Path(file.name).unlink()
                raise
        return Path(file.name)

    def _place(self, written: Path, path: Path) -> None:
        """There at once, whole."""
        path.parent.mkdir(parents=True, exist_ok=True)
        written.replace(path)

    def get(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise FileMissing(key) from None

    def open(self, key: str) -> BinaryIO:
        try:
            return self._path(key).open("rb")
        except FileNotFoundError:
            raise FileMissing(key) from None

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key[2:4] / key
