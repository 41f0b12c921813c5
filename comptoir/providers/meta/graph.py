"""Where Graph is and how it is asked: the version is a setting, the token stands in a header, never in an address."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from comptoir.channels.port import Connection, ConnectionTrouble
from comptoir.providers import wire
from comptoir.providers.meta import errors
from comptoir.providers.wire import Answer

GRAPH = "https://graph.facebook.com"
VERSION = "v26.0"
MEDIA_HOSTS = ("lookaside.fbsbx.com", ".fbsbx.com", ".whatsapp.net", ".fbcdn.net")


def text(settings: Mapping[str, Any], name: str) -> str:
    return str(settings.get(name) or "")


def url(connection: Connection, path: str) -> str:
    base = text(connection.settings, "base_url") or GRAPH
    return f"{base.rstrip('/')}/{text(connection.settings, 'graph_version') or VERSION}/{path}"


def hosts(connection: Connection) -> tuple[str, ...]:
    """The provider's own host first: plain HTTP is accepted there only, and only when a setting says so."""
    base = text(connection.settings, "base_url")
    return (urlsplit(base).netloc.lower(), *MEDIA_HOSTS)


def bearer(connection: Connection) -> dict[str, str]:
    return {"authorization": f"Bearer {connection.secrets.get('access_token', '')}"}


async def ask(
    connection: Connection, method: str, path: str, *, params: Mapping[str, str] | None = None, **given: Any
) -> Answer:
    """Any answer; wire.NotReached without one. A token is accompanied by the proof that we know the app's secret."""
    query = {**(params or {}), **_proof(connection)}
    return await wire.ask(method, url(connection, path), params=query, headers=bearer(connection), **given)


async def require(connection: Connection, method: str, path: str, **given: Any) -> Answer:
    """A good answer, or ConnectionTrouble in Meta's words."""
    try:
        answer = await ask(connection, method, path, **given)
    except wire.NotReached as error:
        raise wire.trouble(error) from error
    refused = errors.refusal(answer)
    if refused is not None:
        raise ConnectionTrouble(refused[0], refused[1], side="api")
    if not answer.is_success or not answer.data:
        raise ConnectionTrouble("protocol_error", answer.words, side="api")
    return answer


def _proof(connection: Connection) -> dict[str, str]:
    secret = connection.secrets.get("app_secret", "")
    if not secret:
        return {}
    token = connection.secrets.get("access_token", "")
    return {"appsecret_proof": hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()}
