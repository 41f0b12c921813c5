"""Ask the company's own ERP over HTTP who somebody is, and read its answer by the mapping that an owner wrote.

An ERP lies in the company's network, so private addresses are reached: the owner who writes the address answers for it. What a
customer can make of it is kept small: their values are quoted into the path or the query and never into the host, redirects
are not followed, link-local addresses (the cloud's metadata) are refused, and what comes back is read as JSON and never shown.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import msgspec
from msgspec import Struct

from comptoir.customers.directory.port import GivenContact, GivenCustomer, GivenDocument, Known, Question, Silent

MOST_BYTES = 2 * 2**20
MOST_ITEMS = 200
PORTS = {"http": 80, "https": 443}
Paths = Mapping[str, str]


class Reading(Struct, frozen=True):
    """How an answer reads. Paths are names with dots between ("data.customer.ref"); one that begins with "=" is a text itself.
    `customers`: where they are (one, or a list; "" for the whole answer); `documents`: where they are within each."""

    customers: str = ""
    customer: dict[str, str] = {}
    documents: str = ""
    document: dict[str, str] = {}


class Erp:
    """A customers.directory.port.Directory. `url` has {code}, {email} or {phone} in its path or its query."""

    def __init__(self, url: str, reading: Reading, *, seconds: float, header: str = "", token: str = "") -> None:
        self._url = url
        self._reading = reading
        self._seconds = seconds
        self._headers = {header: token} if header and token else {}

    async def ask(self, question: Question) -> Known:
        url = filled(self._url, question)
        if url is None:
            return Known()
        try:
            async with asyncio.timeout(self._seconds):
                content = await _fetch(url, self._headers, self._seconds)
        except TimeoutError:
            raise Silent("lookup_slow") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise Silent("lookup_unreachable", str(error)) from None
        try:
            return understood(msgspec.json.decode(content), self._reading) if content else Known()
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Silent("lookup_not_json") from None


def filled(url: str, question: Question) -> str | None:
    """None where it asks for something that is not known."""
    for name in ("code", "email", "phone"):
        if f"{{{name}}}" in url:
            value = getattr(question, name)
            if not value:
                return None
            url = url.replace(f"{{{name}}}", quote(value, safe=""))
    return url


def is_usable(url: str) -> bool:
    """A plain web address whose host is fixed, and which asks for somebody."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    asks = any(f"{{{name}}}" in f"{parts.path}?{parts.query}" for name in ("code", "email", "phone"))
    return (
        parts.scheme in PORTS and bool(parts.hostname) and "{" not in parts.netloc and parts.username is None and asks
    )


def understood(said: Any, reading: Reading) -> Known:
    customers: list[GivenCustomer] = []
    documents: list[GivenDocument] = []
    for one in _items(_at(said, reading.customers)):
        text = {field: _text(one, path) for field, path in reading.customer.items()}
        code = text.get("code", "")
        if not code:
            continue
        emails = [text["email"]] if text.get("email") else []
        phones = [text["phone"]] if text.get("phone") else []
        has_contact = bool(emails or phones)
        customers.append(
            GivenCustomer(
                code=code,
                name=text.get("name") or None,
                country=text.get("country") or None,
                language=text.get("language") or None,
                contacts=[GivenContact(name=text.get("contact", ""), emails=emails, phones=phones)]
                if has_contact
                else [],
            )
        )
        if reading.documents:
            documents += [_document(item, reading.document, code) for item in _items(_at(one, reading.documents))]
    return Known(customers=customers, documents=documents)


def _document(said: Any, paths: Paths, code: str) -> GivenDocument:
    text = {field: _text(said, path) for field, path in paths.items()}
    try:
        total = float(text["total"].replace(",", ".")) if text.get("total") else None
    except ValueError:
        total = None
    return GivenDocument(
        kind=text.get("kind", "order"),
        number=text.get("number", ""),
        customer=code,
        issued_on=text.get("issued_on", "")[:10],
        state=text.get("state", ""),
        total=total,
        currency=text.get("currency", ""),
        link=text.get("link", ""),
    )


def _at(said: Any, path: str) -> Any:
    for name in filter(None, path.split(".")):
        said = said.get(name) if isinstance(said, dict) else None
    return said


def _items(said: Any) -> Iterator[Any]:
    if isinstance(said, dict):
        yield said
    elif isinstance(said, list):
        yield from (one for one in said[:MOST_ITEMS] if isinstance(one, dict))


def _text(said: Any, path: str) -> str:
    if path.startswith("="):
        return path[1:]
    value = _at(said, path)
    return str(value).strip()[:2000] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


async def _fetch(url: str, headers: Mapping[str, str], seconds: float) -> bytes:
    """b"" where the ERP knows nobody (404)."""
    parts = urlsplit(url)
    port = parts.port or PORTS[parts.scheme]
    address = await _address(parts.hostname or "", port)
    host = f"[{address}]" if ":" in address else address
    target = httpx.URL(url).copy_with(host=host, port=port)
    sent = {"host": parts.netloc, "accept": "application/json", "user-agent": "Comptoir", **headers}
    async with httpx.AsyncClient(timeout=seconds, trust_env=False, follow_redirects=False) as client:
        request = client.build_request("GET", target, headers=sent, extensions={"sni_hostname": parts.hostname or ""})
        response = await client.send(request, stream=True)
        try:
            if response.status_code == 404:
                return b""
            if response.status_code != 200:
                raise Silent("lookup_refused", str(response.status_code))
            content = bytearray()
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > MOST_BYTES:
                    raise Silent("lookup_too_large")
            return bytes(content)
        finally:
            await response.aclose()


async def _address(host: str, port: int) -> str:
    """Resolved here, and connected to as resolved: a second answer of the DNS cannot lead elsewhere."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    address = str(found[0][4][0])
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    if (mapped or ip).is_link_local or (mapped or ip).is_multicast or (mapped or ip).is_unspecified:
        raise Silent("lookup_refused_address", address)
    return address
