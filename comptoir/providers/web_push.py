"""Hand one encrypted message to a browser's push service (RFC 8030, 8291, 8292), without becoming a door into our own network."""

import base64
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import http_ece  # type: ignore[import-untyped]
import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct

from comptoir.providers.remote_images import NoImage, public_address

SECONDS = 15.0
LASTS = timedelta(hours=12)  # of the token: the services take 24 h at most
KEEP = 24 * 3600  # seconds that the service keeps it for a browser that is off
PORTS = {"http": 80, "https": 443}


class Browser(Struct, frozen=True):
    """Where a browser is reached, and what to encrypt with, as its PushSubscription says them (base64url)."""

    endpoint: str
    p256dh: str
    auth: str


class BrowserGone(Exception):
    """It has unsubscribed: never again."""


class PushRefused(Exception):
    """The service says no, and would again."""


class PushTrouble(Exception):
    """Nobody answered, or "later"."""


async def push(
    browser: Browser, payload: bytes, *, key: ec.EllipticCurvePrivateKey, contact: str, now: datetime, private: bool
) -> None:
    """`contact`: an https or mailto address of the house, for the service's people. `private`: services on private addresses
    are reached too."""
    try:
        body = http_ece.encrypt(
            payload,
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=_bytes(browser.p256dh),
            auth_secret=_bytes(browser.auth),
            version="aes128gcm",
        )
    except (ValueError, http_ece.ECEException) as error:
        raise PushRefused(f"its keys are no keys: {error}") from error
    headers = {
        "authorization": f"vapid t={_token(browser.endpoint, key, contact, now)}, k={_point(key)}",
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": str(KEEP),
        "urgency": "high",
    }
    try:
        answer = await _post(browser.endpoint, headers, body, private=private)
    except NoImage as error:
        raise PushRefused(str(error)) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise PushTrouble(f"{type(error).__name__}: {error}") from error
    if answer.status_code in (404, 410):
        raise BrowserGone
    if answer.status_code == 429 or answer.status_code >= 500:
        raise PushTrouble(f"{answer.status_code} {answer.text[:200]}")
    if answer.status_code >= 300:
        raise PushRefused(f"{answer.status_code} {answer.text[:200]}")


async def _post(endpoint: str, headers: dict[str, str], body: bytes, *, private: bool) -> httpx.Response:
    """To the very address that was looked at; redirects are not followed."""
    parts = urlsplit(endpoint)
    url, extensions = httpx.URL(endpoint), {}
    if not private:
        port = parts.port or PORTS[parts.scheme]
        address = await public_address(parts.hostname or "", port)
        url = url.copy_with(host=f"[{address}]" if ":" in address else address, port=port)
        headers, extensions = {**headers, "host": parts.netloc}, {"sni_hostname": parts.hostname}
    async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as client:
        return await client.post(url, headers=headers, content=body, extensions=extensions)


def _token(endpoint: str, key: ec.EllipticCurvePrivateKey, contact: str, now: datetime) -> str:
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int((now + LASTS).timestamp()), "sub": contact}
    return jwt.encode(claims, key, algorithm="ES256")


def _point(key: ec.EllipticCurvePrivateKey) -> str:
    raw = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
