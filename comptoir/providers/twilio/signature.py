"""Did Twilio sign this call? Over the address that it called, as it is configured (behind a proxy, Host says something else),
and the form's fields; a body that is not a form is signed by its digest in the address.

Two modes: HMAC-SHA1 with the account's token, and HMAC-SHA256 with a shared key, which a header announces.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from comptoir.channels.port import Connection

HEADER = "x-twilio-signature"
MODE_HEADER = "x-twilio-webhooks-signature-settings"
DIGEST = "bodySHA256"
PORTS = {"https": 443, "http": 80}


def sign(key: str, url: str, body: bytes, *, is_form: bool = True, algorithm: str = "sha1") -> str:
    signed = url + (_fields(body) if is_form else "")
    return base64.b64encode(hmac.new(key.encode(), signed.encode(), algorithm).digest()).decode()


def authentic(connection: Connection, *, url: str, headers: Mapping[str, str], body: bytes) -> bool:
    """With the account's token, or the shared key where the header says so; only for the account that is ours."""
    mode = _mode(headers.get(MODE_HEADER, ""))
    is_sha256 = mode.get("algorithm", "") == "HMAC_SHA256"
    if mode and not is_sha256 and mode.get("algorithm", "HMAC_SHA1") != "HMAC_SHA1":
        return False
    key = connection.secrets.get("shared_key" if is_sha256 else "auth_token", "")
    given = headers.get(HEADER, "")
    if not key or not given or not _is_ours(connection, body):
        return False
    digest = dict(parse_qsl(urlsplit(url).query)).get(DIGEST)
    if digest is not None and not hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), digest.encode()):
        return False
    algorithm = "sha256" if is_sha256 else "sha1"
    matches = [
        hmac.compare_digest(sign(key, way, body, is_form=digest is None, algorithm=algorithm).encode(), given.encode())
        for way in _spellings(url)
    ]
    return any(matches)


def _is_ours(connection: Connection, body: bytes) -> bool:
    """One shared key may sign for several accounts; what names none is taken for ours."""
    named = dict(parse_qsl(body.decode("utf-8", "replace"))).get("AccountSid")
    return named is None or named == connection.settings.get("account_sid")


def _fields(body: bytes) -> str:
    """Every field's name and value, by name; the values of a repeated one sorted, each once. Blank values count."""
    fields: dict[str, set[str]] = {}
    for name, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True):
        fields.setdefault(name, set()).add(value)
    return "".join(name + value for name in sorted(fields) for value in sorted(fields[name]))


def _mode(header: str) -> dict[str, str]:
    """`key=..,algorithm=HMAC_SHA256`."""
    pairs = (part.partition("=") for part in header.split(",") if "=" in part)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _spellings(url: str) -> list[str]:
    """The address with and without its port: Twilio has signed either."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    bare = parts._replace(netloc=f"[{host}]" if ":" in host else host)
    ported = bare._replace(netloc=f"{bare.netloc}:{parts.port or PORTS.get(parts.scheme, 443)}")
    return list(dict.fromkeys([url, urlunsplit(bare), urlunsplit(ported)]))
