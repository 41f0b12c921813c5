"""The doors that ask a mail server before they answer: guess, test, connect, change (owners and admins); and a mail's source.

Nothing is written until the server has said yes, and nothing waits for a server inside a transaction.
"""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from comptoir.channels import connecting, recalling
from comptoir.channels import queries as channels
from comptoir.channels.errors import AddressTaken, ConnectionFailed
from comptoir.channels.port import ChannelKind, Connection, ConnectionTrouble
from comptoir.channels.schemas import (
    ChangeChannel,
    ChannelView,
    ConnectionReport,
    Guess,
    ImapSettings,
    MailboxConnection,
)
from comptoir.conversations import thread
from comptoir.foundation.doors import query, require_session, run
from comptoir.foundation.errors import NotFound
from comptoir.foundation.files import FileMissing
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import images, sources
from comptoir.providers import PROVIDERS, remote_images
from comptoir.providers.imap import guessing
from comptoir.team import access

Address = Annotated[str, QueryParameter(min_length=3, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")]
IMAP = "imap"


@get("/channels/guess", operation_id="guessChannel")
@query
def guess(tx: Transaction, address: Address) -> Guess:
    """The usual settings of that address's host. Nobody is asked."""
    access.require_manager(tx.actor)
    return guessing.guess(address)


@post("/channels/test", operation_id="testChannel", status_code=200)
async def test_connection(request: Request[Any, Any, Any], data: JSONBody[MailboxConnection]) -> ConnectionReport:
    """Sign in on both servers, sending nothing. 200 also when something is wrong: the report says what."""
    await run(request, lambda tx: access.require_manager(tx.actor), writes=False)
    try:
        await PROVIDERS[IMAP].check(_connection(0, data.address, data.settings, _secrets(data)))
    except ConnectionTrouble as trouble:
        return ConnectionReport(ok=False, side=trouble.side, code=trouble.code, detail=trouble.detail)
    return ConnectionReport(ok=True)


@post("/channels", operation_id="connectChannel")
async def connect(request: Request[Any, Any, Any], data: JSONBody[MailboxConnection]) -> Response[ChannelView]:
    """Connect a mailbox that answers; 422 connection_failed says which server says what. A disconnected one comes back."""
    services: Services = request.app.state.door.services
    given = _secrets(data)

    def ask(tx: Transaction) -> None:
        access.require_manager(tx.actor)
        known = channels.by_address(tx, ChannelKind.EMAIL, data.address.strip().lower())
        if known is not None and known.disconnected_at is None:
            raise AddressTaken(address=known.address)

    def work(tx: Transaction) -> ChannelView:
        channel = connecting.connect(
            tx,
            address=data.address,
            name=data.name,
            provider=IMAP,
            settings=msgspec.to_builtins(data.settings),
            secrets=channels.sealed(given, services.secrets),
            member_ids=data.member_ids,
            size_limit=size_limit,
        )
        if data.history != "none":
            recalling.start(tx, channel, period=data.history)
        return channels.view(tx, channel)

    await run(request, ask, writes=False)
    size_limit = await _require_answer(_connection(0, data.address, data.settings, given))
    return Response(await run(request, work, writes=True), status_code=201)


@patch("/channels/{channel_id:int}", operation_id="changeChannel")
async def change(
    request: Request[Any, Any, Any], channel_id: FromPath[int], data: JSONBody[ChangeChannel]
) -> ChannelView:
    """Other settings or another password are tried first; 422 connection_failed, and nothing is changed."""
    services: Services = request.app.state.door.services
    is_another_line = data.settings is not None or data.password is not None or data.smtp_password is not None

    def look(tx: Transaction) -> Connection:
        return _changed(channels.connection_of(channels.managed(tx, channel_id), services.secrets), data)

    def work(tx: Transaction) -> ChannelView:
        channel = channels.managed(tx, channel_id)
        connecting.change(
            tx,
            channel,
            name=data.name,
            aliases=data.aliases,
            quotes_history=data.quotes_history,
            settings=connection.settings if is_another_line else None,
            secrets=channels.sealed(connection.secrets, services.secrets) if is_another_line else None,
        )
        return channels.view(tx, channel)

    connection = await run(request, look, writes=False)
    if is_another_line:
        await _require_answer(connection)
    view: ChannelView = await run(request, work, writes=True)
    return view


@get("/messages/{message_id:int}/source", operation_id="messageSource")
async def message_source(request: Request[Any, Any, Any], message_id: FromPath[int]) -> Response[bytes]:
    """The mail as it came (or as it left), as an .eml file."""
    files = request.app.state.door.services.files
    found = await run(request, lambda tx: sources.source(tx, thread.find_message(tx, message_id)), writes=False)
    try:
        content = await asyncio.to_thread(sources.bytes_of, found, files)
    except FileMissing:
        raise NotFound from None
    name = f"message-{message_id}.eml"
    headers = {"content-disposition": f'attachment; filename="{name}"', "x-content-type-options": "nosniff"}
    return Response(content, media_type="message/rfc822", headers=headers)


@get("/images", operation_id="remoteImage")
async def remote_image(
    request: Request[Any, Any, Any],
    url: Annotated[str, QueryParameter(max_length=4096)],
    signature: Annotated[str, QueryParameter(max_length=64)],
) -> Response[bytes]:
    """A remote image of a mail, fetched by us, so that its sender learns nothing of who reads it."""
    services: Services = request.app.state.door.services
    await require_session(request)
    if not images.is_ours(services.secrets, url, signature):
        raise NotFound
    try:
        image = await remote_images.fetch(url)
    except remote_images.NoImage:
        raise NotFound from None
    headers = {
        "cache-control": "private, max-age=86400",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
    }
    return Response(image.content, media_type=image.media_type, headers=headers)


def _secrets(data: MailboxConnection) -> dict[str, str]:
    return {"password": data.password, "smtp_password": data.smtp_password}


def _connection(channel_id: int, address: str, settings: ImapSettings, secrets: Mapping[str, str]) -> Connection:
    return Connection(channel_id, address.strip().lower(), "", msgspec.to_builtins(settings), dict(secrets))


def _changed(connection: Connection, given: ChangeChannel) -> Connection:
    """A new password is for both servers, unless the outgoing one is given its own."""
    secrets = dict(connection.secrets)
    if given.password is not None:
        secrets |= {"password": given.password, "smtp_password": ""}
    if given.smtp_password is not None:
        secrets["smtp_password"] = given.smtp_password
    settings = connection.settings if given.settings is None else msgspec.to_builtins(given.settings)
    return msgspec.structs.replace(connection, settings=settings, secrets=secrets)


async def _require_answer(connection: Connection) -> int | None:
    """The largest mail that its server says it takes."""
    try:
        return await PROVIDERS[IMAP].check(connection)
    except ConnectionTrouble as trouble:
        raise ConnectionFailed(side=trouble.side, code=trouble.code, detail=trouble.detail) from trouble


def router() -> Router:
    return Router(
        "/", route_handlers=[guess, test_connection, connect, change, message_source, remote_image], tags=["channels"]
    )
