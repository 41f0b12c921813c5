"""Ask a provider over HTTP, and know afterwards what is known: answered, never reached, or nobody can tell.

No redirect is followed by itself, so a credential only ever goes to the host it was meant for. What comes back may be an HTML
page of some proxy, half a JSON document, or an error in a 200: `Answer` holds what can be read of it.
"""

import asyncio
import hashlib
import hmac
import weakref
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec
from msgspec import Struct

from comptoir.channels.port import ConnectionTrouble, Media, MediaTrouble, SendError

SECONDS = 30.0
REACHING = 10.0
USER_AGENT = "Comptoir"
MOST_REDIRECTS = 3
DETAIL = 500

# One client per event loop: its connections belong to the loop that opened them.
_clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = weakref.WeakKeyDictionary()


class Answer(Struct, frozen=True):
    """`data` is the JSON object, {} when it is none. `words` is the beginning of what came, to show to a person."""

    status: int
    data: dict[str, Any]
    words: str

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


class NotReached(Exception):
    """No answer. `code`: host_unknown, refused, timeout, tls_failed, disconnected. `is_unknown`: the request was on its way, and
    may have been carried out."""

    def __init__(self, code: str, detail: str, *, is_unknown: bool) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.is_unknown = is_unknown


def client() -> httpx.AsyncClient:
    loop = asyncio.get_running_loop()
    found = _clients.get(loop)
    if found is None or found.is_closed:
        timeout = httpx.Timeout(SECONDS, connect=REACHING)
        found = httpx.AsyncClient(timeout=timeout, headers={"user-agent": USER_AGENT}, trust_env=False)
        _clients[loop] = found
    return found


async def ask(method: str, url: str, **given: Any) -> Answer:
    """One request, as httpx takes it; NotReached without an answer."""
    try:
        response = await client().request(method, url, **given)
    except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise NotReached("timeout", _words(error), is_unknown=False) from error
    except httpx.ConnectError as error:
        raise NotReached(_why(error), _words(error), is_unknown=False) from error
    except (httpx.WriteError, httpx.WriteTimeout) as error:  # the request never left whole
        raise NotReached("disconnected", _words(error), is_unknown=False) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError) as error:
        raise NotReached("host_unknown", _words(error), is_unknown=False) from error
    except httpx.TimeoutException as error:
        raise NotReached("timeout", _words(error), is_unknown=True) from error
    except httpx.HTTPError as error:
        raise NotReached("disconnected", _words(error), is_unknown=True) from error
    return Answer(response.status_code, _object(response.content), response.text[:DETAIL])


async def fetch(
    url: str, *, hosts: tuple[str, ...], headers: Mapping[str, str], most_bytes: int, **given: Any
) -> Media:
    """A file, in pieces and never more than `most_bytes`. `headers` and credentials go to the first host alone; it and every
    host that a redirect leads to must be one of `hosts` (or end with one that begins with a dot). MediaTrouble."""
    own: dict[str, Any] = {"headers": dict(headers), **given}
    try:
        async with asyncio.timeout(SECONDS * 10):
            for _ in range(MOST_REDIRECTS + 1):
                _require_host(url, hosts)
                async with client().stream("GET", url, **own) as response:
                    if not response.is_redirect:
                        return await _read(response, most_bytes)
                    url, own = urljoin(url, response.headers["location"]), {}
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
        raise MediaTrouble("unreachable", _words(error), permanent=False) from error
    raise MediaTrouble("media_refused", "too many redirects", permanent=True)


def verified(media: Media, sha256: str) -> Media:
    """The same, when its digest (hex) is the one that was promised; "" promises nothing."""
    if sha256 and not hmac.compare_digest(hashlib.sha256(media.content).hexdigest(), sha256.lower()):
        raise MediaTrouble("media_damaged", "sha256", permanent=False)
    return media


def unsent(error: NotReached) -> SendError:
    """What an unanswered request means for a message."""
    code = "unknown_outcome" if error.is_unknown else "unreachable"
    return SendError(code, error.detail, permanent=False, unknown=error.is_unknown)


def trouble(error: NotReached) -> ConnectionTrouble:
    return ConnectionTrouble(error.code, error.detail, side="api")


async def _read(response: httpx.Response, most_bytes: int) -> Media:
    if response.status_code != 200:
        gone = response.status_code in (401, 403, 404, 410)
        raise MediaTrouble("media_gone" if gone else "unreachable", f"HTTP {response.status_code}", permanent=False)
    content = bytearray()
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > most_bytes:
            raise MediaTrouble("media_too_large", f"> {most_bytes}", permanent=True)
    return Media(bytes(content), response.headers.get("content-type", "").partition(";")[0].strip().lower())


def _require_host(url: str, hosts: tuple[str, ...]) -> None:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2].lower()
    is_known = any(host == known or (known.startswith(".") and host.endswith(known)) for known in hosts if known)
    is_plain = parts.scheme == "https" or (parts.scheme == "http" and host == hosts[0])
    if not is_known or not is_plain or "@" in parts.netloc:
        raise MediaTrouble("media_refused", f"{parts.scheme}://{host}", permanent=True)


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _why(error: httpx.ConnectError) -> str:
    said = str(error).lower()
    if "name or service" in said or "getaddrinfo" in said or "nodename" in said or "resolution" in said:
        return "host_unknown"
    return "tls_failed" if "ssl" in said or "certificate" in said else "refused"


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:DETAIL]
