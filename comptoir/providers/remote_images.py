"""Fetch an image that a mail points to, for a member who asked to see it, without becoming a door into our own network.

The host is resolved here and every address it has must be public; the connection goes to that very address, so that a second
answer of the DNS cannot lead elsewhere. Redirects are followed by hand, each checked alike.
"""

import asyncio
import ipaddress
import socket
from urllib.parse import urljoin, urlsplit

import httpx
from msgspec import Struct

SECONDS = 10.0
MOST_BYTES = 8 * 2**20
MOST_REDIRECTS = 3
KINDS = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"}
)  # SVG can hold scripts
PORTS = {"http": 80, "https": 443}


class Image(Struct, frozen=True):
    media_type: str
    content: bytes


class NoImage(Exception):
    """It cannot be shown: not public, not an image, too large, or not to be had. The reason is for the log."""


async def fetch(url: str) -> Image:
    """NoImage on anything but a plain image from a public address."""
    try:
        async with asyncio.timeout(SECONDS), httpx.AsyncClient(timeout=SECONDS, trust_env=False) as client:
            for _ in range(MOST_REDIRECTS + 1):
                answer = await _ask(client, url)
                if isinstance(answer, Image):
                    return answer
                url = answer
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError, ValueError) as error:
        raise NoImage(f"{type(error).__name__}: {error}") from error
    raise NoImage("too many redirects")


async def _ask(client: httpx.AsyncClient, url: str) -> Image | str:
    """The image, or where it has moved to."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
        raise NoImage("not a plain web address")
    port = parts.port or PORTS[parts.scheme]
    address = await public_address(parts.hostname, port)
    host = f"[{address}]" if ":" in address else address
    target = httpx.URL(url).copy_with(host=host, port=port)
    headers = {"host": parts.netloc, "accept": "image/*", "user-agent": "Comptoir image proxy"}
    request = client.build_request("GET", target, headers=headers, extensions={"sni_hostname": parts.hostname})
    response = await client.send(request, stream=True)
    try:
        if response.is_redirect:
            return urljoin(url, response.headers["location"])
        return await _read(response)
    finally:
        await response.aclose()


async def _read(response: httpx.Response) -> Image:
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status_code != 200 or media_type not in KINDS:
        raise NoImage(f"{response.status_code} {media_type}")
    content = bytearray()
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > MOST_BYTES:
            raise NoImage("too large")
    return Image(media_type, bytes(content))


async def public_address(host: str, port: int) -> str:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise NoImage("not a public address")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, also when it is written inside another kind of address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast
