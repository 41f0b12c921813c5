"""How an HTTP request becomes one unit of work, and how a Problem becomes an answer.

`@query` and `@act` turn a plain function of a Transaction into a Litestar handler: the whole body runs in a database thread
as the signed-in member, and is committed (act) or not (query) before the answer leaves. `@public` ones run for anybody.
"""

import inspect
import logging
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import Any, Protocol, TypeVar

import psycopg
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.exceptions import (
    HTTPException,
    NotAuthorizedException,
    ValidationException,
)
from litestar.security.jwt import Token
from litestar.types import ExceptionHandlersMap
from msgspec import Struct
from sqlalchemy.exc import DataError

from comptoir.foundation.errors import NotSignedIn, Problem
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Actor, Claims, Transaction

log = logging.getLogger(__name__)

SESSION_COOKIE = "session"
SESSION_LASTS = timedelta(days=30)

# The `opt` of a handler that other programs may use. A browser sends no cookie with a PUT or DELETE of another site: no CSRF.
TAKES_TOKENS: Mapping[str, Any] = {"takes_tokens": True, "exclude_from_csrf": True}

F = TypeVar("F", bound=Callable[..., Any])


class Identify(Protocol):
    def __call__(self, tx: Transaction, claims: Claims) -> Actor: ...


class ComeIn(Protocol):
    def __call__(self, tx: Transaction, token: str, *, writes: bool) -> Actor: ...


class Door(Struct, frozen=True):
    """What the doors need beside the services; the composition root puts it into the application's state."""

    services: Services
    identify: Identify
    come_in: ComeIn


def claims_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Claims | None:
    """What the session cookie says, when it is one of ours and has not expired."""
    cookie = connection.cookies.get(SESSION_COOKIE)
    if not cookie:
        return None
    services: Services = connection.app.state.door.services
    try:
        claims, expires = _read_session(cookie, services.secrets.text_key("sessions"))
    except (NotAuthorizedException, ValueError, KeyError):
        return None
    return claims if expires > datetime.now(UTC) else None


@lru_cache(maxsize=2048)
def _read_session(cookie: str, key: str) -> tuple[Claims, datetime]:
    """Verified once, not at each request: that is a tenth of what a request costs. A bad one raises, and is not kept."""
    token = Token.decode(cookie, key, "HS256")
    return Claims(int(token.sub), str(token.extras["stamp"])), token.exp


def _token_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    """The token that another program comes with, where this handler takes one."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    takes_tokens = scheme.lower() == "bearer" and "takes_tokens" in connection.route_handler.opt
    return token.strip() if takes_tokens else None


def sign(response: Response[Any], request: Request[Any, Any, Any], claims: Claims) -> None:
    """Give the browser a session; it is renewed at each visit."""
    services: Services = request.app.state.door.services
    token = Token(sub=str(claims.member_id), exp=services.clock() + SESSION_LASTS, extras={"stamp": claims.stamp})
    response.set_cookie(
        key=SESSION_COOKIE,
        value=token.encode(services.secrets.text_key("sessions"), "HS256"),
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        secure=services.settings.secure_cookies,
        samesite="lax",
    )


class BadInput(Struct):
    """application/problem+json. `fields` names what is wrong where, for a form."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    fields: dict[str, str] | None = None
    facts: dict[str, Any] | None = None


class Unstorable(Problem):
    """A number past 64 bits, a NUL, half of a character: of the right type, and yet no database can hold it."""

    status = 400
    code = "unstorable"
    fr = "Une des valeurs envoyées ne peut pas être enregistrée : nombre trop grand ou caractère interdit."
    en = "One of the values sent cannot be stored: a number too large or a forbidden character."


def query(function: F) -> F:
    """A handler that only reads."""
    return _handler(function, writes=False, is_public=False)


def act(function: F) -> F:
    """A handler that changes something, committed before the answer."""
    return _handler(function, writes=True, is_public=False)


def public_query(function: F) -> F:
    return _handler(function, writes=False, is_public=True)


async def run(
    request: ASGIConnection[Any, Any, Any, Any],
    work: Callable[[Transaction], Any],
    *,
    writes: bool,
    is_public: bool = False,
) -> Any:
    """One unit of work for this request: what the decorators do, for handlers that also wait for the world."""
    door: Door = request.app.state.door
    token = _token_of(request)
    claims = claims_of(request) if token is None else None
    if claims is None and token is None and not is_public:
        raise NotSignedIn

    def unit(tx: Transaction) -> Any:
        if token is not None:
            tx.actor = door.come_in(tx, token, writes=writes)
        elif claims is not None:
            try:
                tx.actor = door.identify(tx, claims)
            except NotSignedIn:
                if not is_public:
                    raise
            else:
                request.scope["state"]["language"] = tx.actor.language
        return work(tx)

    database = door.services.database
    anybody = Actor("nobody", channel_ids=())
    try:
        if writes:
            return await database.write(unit, actor=anybody)
        return await database.read(unit, actor=anybody)
    except (OverflowError, UnicodeEncodeError, DataError, psycopg.DataError) as error:
        raise Unstorable from error


async def require_session(request: ASGIConnection[Any, Any, Any, Any]) -> None:
    """For handlers that work for a member before they touch the database: NotSignedIn, before the work."""
    await run(request, lambda tx: None, writes=False)


def _handler(function: F, *, writes: bool, is_public: bool) -> F:
    signature = inspect.signature(function)
    hints = typing.get_type_hints(function, include_extras=True)
    wants_request = "request" in signature.parameters
    wants_services = "services" in signature.parameters
    given = [p for p in signature.parameters.values() if p.name not in ("tx", "request", "services")]

    async def endpoint(request: Request[Any, Any, Any], **values: Any) -> Any:
        if wants_request:
            values["request"] = request
        if wants_services:
            values["services"] = request.app.state.door.services
        return await run(
            request,
            partial(_call, function, values),
            writes=writes,
            is_public=is_public,
        )

    parameters = [inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request)]
    parameters += [p.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[p.name]) for p in given]
    endpoint.__name__ = function.__name__
    endpoint.__qualname__ = function.__qualname__
    endpoint.__module__ = function.__module__
    endpoint.__doc__ = function.__doc__
    endpoint.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=parameters, return_annotation=hints.get("return", None)
    )
    endpoint.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": hints.get("return", None)}
    return typing.cast(F, endpoint)


def _call(function: Callable[..., Any], values: Mapping[str, Any], tx: Transaction) -> Any:
    return function(tx, **values)


# -- answers that are not a success


def _language(request: Request[Any, Any, Any]) -> str:
    known = request.scope.get("state", {}).get("language")
    return str(known or ("fr" if request.headers.get("accept-language", "").lower().startswith("fr") else "en"))


def _problem(
    status: int,
    code: str,
    detail: str,
    *,
    fields: dict[str, str] | None = None,
    facts: dict[str, Any] | None = None,
) -> Response[BadInput]:
    body = BadInput(
        "about:blank",
        code.replace("_", " "),
        status,
        detail,
        code,
        fields,
        facts or None,
    )
    return Response(body, status_code=status, media_type="application/problem+json")


def _answer_problem(request: Request[Any, Any, Any], error: Problem) -> Response[BadInput]:
    return _problem(error.status, error.code, error.sentence(_language(request)), facts=error.facts)


SENTENCES: Mapping[int, tuple[str, str, str]] = {
    400: (
        "bad_input",
        "La demande n'a pas la forme attendue.",
        "The request is not of the expected form.",
    ),
    401: ("not_signed_in", NotSignedIn.fr, NotSignedIn.en),
    403: (
        "refused",
        "Demande refusée : rechargez la page, puis réessayez.",
        "Refused: reload the page, then try again.",
    ),
    404: (
        "not_found",
        "Cette adresse n'existe pas.",
        "There is nothing at this address.",
    ),
    405: (
        "bad_method",
        "Cette adresse n'accepte pas cette méthode.",
        "This address does not take this method.",
    ),
    413: (
        "too_large",
        "Le contenu envoyé est trop volumineux.",
        "What was sent is too large.",
    ),
    415: (
        "bad_media_type",
        "Ce type de contenu n'est pas accepté ici.",
        "This kind of content is not accepted here.",
    ),
    429: (
        "too_many",
        "Trop d'essais ; attendez une minute.",
        "Too many attempts; wait a minute.",
    ),
}


def _answer_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[BadInput]:
    status = 401 if isinstance(error, NotAuthorizedException) else error.status_code
    code, fr, en = SENTENCES.get(status, ("failed", "La demande a échoué.", "The request failed."))
    fields = None
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        fields = {str(e.get("key", "")): str(e.get("message", "")) for e in error.extra if isinstance(e, dict)}
    answer = _problem(status, code, fr if _language(request) == "fr" else en, fields=fields)
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


def _answer_too_deep(request: Request[Any, Any, Any], error: RecursionError) -> Response[BadInput]:
    """JSON in JSON in JSON: the decoder gives up, and has read nothing."""
    log.warning("%s %s: nested too deep", request.method, request.url.path)
    return _answer_http(request, HTTPException(status_code=400))


def _answer_bug(request: Request[Any, Any, Any], error: Exception) -> Response[BadInput]:
    log.exception("%s %s failed", request.method, request.url.path, exc_info=error)
    fr = "Une erreur est survenue de notre côté ; rien n'a été changé. Réessayez."
    en = "Something went wrong on our side; nothing was changed. Try again."
    return _problem(500, "bug", fr if _language(request) == "fr" else en)


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    Problem: _answer_problem,
    HTTPException: _answer_http,
    RecursionError: _answer_too_deep,
    Exception: _answer_bug,
}
