"""Where Twilio is and how it is asked. Three hosts, or the one that a setting names; an API key signs in where there is one."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from comptoir.channels.port import Connection, ConnectionTrouble
from comptoir.providers import wire
from comptoir.providers.twilio import errors
from comptoir.providers.wire import Answer

API = "https://api.twilio.com"
CONTENT = "https://content.twilio.com"
MESSAGING = "https://messaging.twilio.com"
CDN_HOSTS = (".twiliocdn.com", ".twilio.com", "s3-external-1.amazonaws.com")


def text(settings: Mapping[str, Any], name: str) -> str:
    return str(settings.get(name) or "")


def url(connection: Connection, host: str, path: str) -> str:
    return f"{(text(connection.settings, 'base_url') or host).rstrip('/')}{path}"


def account_path(connection: Connection, rest: str) -> str:
    return f"/2010-04-01/Accounts/{text(connection.settings, 'account_sid')}{rest}.json"


def own_hosts(connection: Connection) -> tuple[str, ...]:
    """The hosts that may be shown our credentials; the one that a setting names first."""
    return urlsplit(text(connection.settings, "base_url")).netloc.lower(), "api.twilio.com"


def sign_in(connection: Connection) -> tuple[str, str]:
    secrets = connection.secrets
    if secrets.get("api_key_sid") and secrets.get("api_key_secret"):
        return secrets["api_key_sid"], secrets["api_key_secret"]
    return text(connection.settings, "account_sid"), secrets.get("auth_token", "")


async def ask(connection: Connection, method: str, url: str, **given: Any) -> Answer:
    """Any answer; wire.NotReached without one."""
    return await wire.ask(method, url, auth=sign_in(connection), **given)


async def require(connection: Connection, method: str, url: str, **given: Any) -> Answer:
    """A good answer, or ConnectionTrouble in Twilio's words."""
    try:
        answer = await ask(connection, method, url, **given)
    except wire.NotReached as error:
        raise wire.trouble(error) from error
    refused = errors.refusal(answer)
    if refused is not None:
        raise ConnectionTrouble(refused[0], refused[1], side="api")
    if not answer.is_success or not answer.data:
        code = "sign_in_failed" if answer.status == 401 else "protocol_error"
        raise ConnectionTrouble(code, answer.words, side="api")
    return answer
