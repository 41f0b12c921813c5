"""Did Meta sign these bytes? Over the body as it came: Meta escapes what is not ASCII, so writing the JSON again would change it."""

import hashlib
import hmac
from collections.abc import Mapping

from comptoir.channels.port import Connection

HEADER = "x-hub-signature-256"


def sign(app_secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def authentic(connection: Connection, *, url: str, headers: Mapping[str, str], body: bytes) -> bool:
    """A number without a secret believes nobody. The address is no part of what Meta signs."""
    app_secret, given = connection.secrets.get("app_secret", ""), headers.get(HEADER, "")
    return bool(app_secret) and hmac.compare_digest(sign(app_secret, body).encode(), given.encode())


def challenge(verify_token: str, query: Mapping[str, str]) -> str | None:
    """What to answer when Meta asks whether the address is ours; None when it does not know our token."""
    given = query.get("hub.verify_token", "")
    if query.get("hub.mode") != "subscribe" or not verify_token:
        return None
    return query.get("hub.challenge", "") if hmac.compare_digest(verify_token.encode(), given.encode()) else None
