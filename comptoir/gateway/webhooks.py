"""The doors that providers of numbers call. The raw body is in the ledger before the answer leaves; nothing is understood here.

Who calls is known by the address, which holds a key of the channel, and believed by the signature. A bad signature leaves
nothing but a count.
"""

from typing import Any
from urllib.parse import quote

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath

from comptoir.foundation.errors import NotFound, Problem
from comptoir.foundation.services import Services
from comptoir.gateway.catching import Catcher
from comptoir.gateway.numbers import Number, Numbers
from comptoir.providers import NUMBERS
from comptoir.providers.meta import signature

MOST_BYTES = 3 * 2**20  # what Meta sends at the most
TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'  # anything else would be sent to the customer
SIGNATURES = ("x-hub-signature-256", "x-twilio-signature")


class NotSigned(Problem):
    status = 401
    code = "not_signed"
    fr = "Cet appel n'est pas signé."
    en = "This call is not signed."


class WrongSignature(Problem):
    status = 403
    code = "wrong_signature"
    fr = "La signature de cet appel n'est pas celle attendue : vérifiez le secret enregistré pour ce numéro."
    en = "The signature of this call is not the expected one: check the secret stored for this number."


class WrongToken(Problem):
    status = 403
    code = "wrong_token"
    fr = "Le jeton de vérification n'est pas celui de ce numéro."
    en = "The verify token is not the one of this number."


class Webhooks:
    """Of this process: who may call, and what is being kept."""

    def __init__(self, services: Services) -> None:
        self.base_url = services.settings.base_url
        self.numbers = Numbers(services.database, services.secrets)
        self.catcher = Catcher(services)

    async def catch(self, request: Request[Any, Any, Any], provider: str, webhook_key: str) -> None:
        body = await request.body()
        headers = {name.lower(): value for name, value in request.headers.items()}
        query = request.scope["query_string"].decode("latin-1")
        url = f"{self.base_url}{request.url.path}{'?' if query else ''}{query}"
        number = await self._authentic(provider, webhook_key, url, headers, body)
        our_id = request.query_params.get("our_id")
        if provider == "twilio" and our_id:
            body += b"&our_id=" + quote(our_id).encode()
        await self.catcher.keep(number.connection.channel_id, body)

    async def _authentic(
        self, provider: str, webhook_key: str, url: str, headers: dict[str, str], body: bytes
    ) -> Number:
        """Looked up again before anybody is turned away: a secret may have been changed a moment ago."""
        number = None
        for is_fresh in (False, True):
            number = await self.numbers.find(provider, webhook_key, is_fresh=is_fresh)
            if number is not None and NUMBERS[provider].authentic(
                number.connection, url=url, headers=headers, body=body
            ):
                return number
        if number is None:
            raise NotFound
        self.catcher.refuse(number.connection.channel_id)
        raise WrongSignature if any(headers.get(name) for name in SIGNATURES) else NotSigned


@post("/webhooks/meta/{webhook_key:str}", include_in_schema=False, status_code=200, request_max_body_size=MOST_BYTES)
async def meta(request: Request[Any, Any, Any], webhook_key: FromPath[str]) -> Response[bytes]:
    await request.app.state.webhooks.catch(request, "meta", webhook_key)
    return Response(b"", media_type="text/plain")


@post("/webhooks/twilio/{webhook_key:str}", include_in_schema=False, status_code=200, request_max_body_size=MOST_BYTES)
async def twilio(request: Request[Any, Any, Any], webhook_key: FromPath[str]) -> Response[bytes]:
    await request.app.state.webhooks.catch(request, "twilio", webhook_key)
    return Response(TWIML, media_type="text/xml")


@get("/webhooks/meta/{webhook_key:str}", include_in_schema=False)
async def verify(request: Request[Any, Any, Any], webhook_key: FromPath[str]) -> Response[str]:
    """Meta asks once, when the address is entered, whether it is ours."""
    number = await request.app.state.webhooks.numbers.find("meta", webhook_key, is_fresh=True)
    if number is None:
        raise NotFound
    answer = signature.challenge(number.connection.secrets.get("verify_token", ""), dict(request.query_params.items()))
    if answer is None:
        raise WrongToken
    return Response(answer, media_type="text/plain")


def router() -> Router:
    return Router("/", route_handlers=[meta, twilio, verify])
