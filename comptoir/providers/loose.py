"""Look into JSON that promises nothing: a key may be missing, null, empty, or of another type than yesterday.

Asking never raises; what is not there is "", None or nothing. An empty string is the same as no string.
"""

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

Json = dict[str, Any]


def text(value: Any, *path: str) -> str:
    """The words at that place; a number becomes its digits. Without NUL, which no database can hold, nor half characters."""
    found = _at(value, path)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    written = str(found).replace("\x00", "")
    return written if written.isascii() else written.encode("utf-8", "replace").decode()


def decode(body: bytes) -> Any:
    """JSON, also where one value of it (half a character, bytes that are no text, a number without end) makes the quick decoder
    refuse it whole. ValueError for what is none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError):
        return json.loads(body.decode("utf-8", "replace"), parse_int=_integer)


def _integer(written: str) -> int | str:
    """One that Python would take minutes to read stays as it is written."""
    return int(written) if len(written) < 1000 else written


def packed(value: Any) -> str:
    """The same JSON for the same value, in ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def number(value: Any, *path: str) -> float | None:
    """A finite number, also one written as text."""
    found = _at(value, path)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    try:
        read = float(found)
    except (ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None


def mapping(value: Any, *path: str) -> Json:
    found = _at(value, path)
    return found if isinstance(found, dict) else {}


def items(value: Any, *path: str) -> Iterator[Json]:
    """The objects of a list; what else it holds is passed over."""
    found = _at(value, path)
    for item in found if isinstance(found, list) else ():
        if isinstance(item, dict):
            yield item


def is_true(value: Any, *path: str) -> bool:
    return _at(value, path) in (True, "true", "True")


def moment(value: Any, otherwise: datetime) -> datetime:
    """Seconds (or milliseconds) since 1970, as a number or as text; `otherwise` when it is no time that we can believe."""
    seconds = number(value)
    if seconds is None or seconds <= 0:
        return otherwise
    if seconds > 100_000_000_000:
        seconds /= 1000
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value
