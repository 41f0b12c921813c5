"""Addresses of single files, for a provider that fetches what we send: signed, good for an hour, for that file alone."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from comptoir.foundation.secrets import Secrets
from comptoir.foundation.tables import from_ms, to_ms

LASTS = timedelta(hours=1)  # it is fetched within seconds, or again when the provider retries
PATH = "/api/media/"


def sign(secrets: Secrets, attachment_id: int, now: datetime) -> str:
    said = f"{attachment_id}.{to_ms(now + LASTS)}"
    return f"{said}.{_seal(secrets, said)}"


def read(secrets: Secrets, token: str, now: datetime) -> int | None:
    """The attachment it opens; None for what we did not write, or wrote too long ago."""
    said, _, seal = token.rpartition(".")
    id, _, until = said.partition(".")
    if not said.isascii() or not hmac.compare_digest(_seal(secrets, said).encode(), seal.encode()):
        return None
    return int(id) if now < from_ms(int(until)) else None


def _seal(secrets: Secrets, said: str) -> str:
    digest = hmac.new(secrets.key("media links"), said.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
