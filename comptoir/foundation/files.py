"""Where files are kept, behind one small port: a folder on disk now, an S3-compatible store when outgrown.

Files are named by their content (SHA-256): the same attachment received ten times is kept once, and a key can be written
into the database before or after the bytes without harm.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Protocol


class FileMissing(Exception):
    """The database names a file that the store does not have."""


class Files(Protocol):
    def put(self, content: bytes) -> str:
        """Keep the bytes durably; their key. Blocking."""

    def get(self, key: str) -> bytes: ...
    def delete(self, key: str) -> None: ...


class DiskFiles:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        key = hashlib.sha256(content).hexdigest()
        path = self._path(key)
        if path.exists():
            return key
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, path)
        return key

    def get(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise FileMissing(key) from None

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key[2:4] / key
