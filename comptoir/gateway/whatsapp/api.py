"""The doors of numbers: test, connect, change, check; their templates; typing; and the files that a provider fetches from us."""

import asyncio
from typing import Annotated, Any

from litestar import Request, Response, Router, get, patch, post, put
from litestar.params import FromPath, JSONBody, Parameter

from comptoir.channels import connecting
from comptoir.channels import queries as channels
from comptoir.channels.errors import AddressTaken, ConnectionFailed
from comptoir.channels.models import Channel
from comptoir.channels.port import ChannelKind, Connection, ConnectionTrouble, Finding
from comptoir.channels.schemas import (
    ChangeNumber,
    ChannelView,
    FindingView,
    NumberCheck,
    NumberConnection,
    NumberReport,
)
from comptoir.conversations import thread
from comptoir.conversations.models import Attachment
from comptoir.foundation.doors import run
from comptoir.foundation.downloads import file_response
from comptoir.foundation.errors import NotFound
from comptoir.foundation.files import FileMissing
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import approvals, links, signs
from comptoir.gateway.whatsapp import connections
from comptoir.providers import NUMBERS
from comptoir.team import access
from comptoir.templates.syncing import Synced

WHATSAPP = ChannelKind.WHATSAPP


@post("/channels/whatsapp/test", operation_id="testNumber", status_code=200)
async def test(request: Request[Any, Any, Any], data: JSONBody[NumberConnection]) -> NumberReport:
    """Ask the provider about this number, changing nothing. 200 also when something is wrong: the report says what."""
    await run(request, lambda tx: access.require_manager(tx.actor), writes=False)
    findings = await NUMBERS[data.provider].check(connections.typed(data), webhook_url="")
    return NumberReport(_views(findings), connections.stopping(findings) is None)


@post("/channels/whatsapp", operation_id="connectNumber")
async def connect(request: Request[Any, Any, Any], data: JSONBody[NumberConnection]) -> Response[ChannelView]:
    """Connect a number that its provider confirms; 422 connection_failed says what it did not. A disconnected one comes back."""
    services: Services = request.app.state.door.services
    connection = connections.typed(data)

    def ask(tx: Transaction) -> None:
        access.require_manager(tx.actor)
        known = channels.by_address(tx, WHATSAPP, connection.address)
        if known is not None and known.disconnected_at is None:
            raise AddressTaken(address=known.address)

    def work(tx: Transaction) -> ChannelView:
        channel = connecting.connect(
            tx,
            kind=WHATSAPP,
            address=connection.address,
            name=data.name,
            provider=data.provider,
            settings=connection.settings,
            secrets=channels.sealed(connection.secrets, services.secrets),
            member_ids=data.member_ids,
        )
        connections.note(tx, channel, findings)
        return channels.view(tx, channel)

    await run(request, ask, writes=False)
    findings = await _require_confirmed(data.provider, connection)
    return Response(await run(request, work, writes=True), status_code=201)


@patch("/channels/whatsapp/{channel_id:int}", operation_id="changeNumber")
async def change(
    request: Request[Any, Any, Any], channel_id: FromPath[int], data: JSONBody[ChangeNumber]
) -> ChannelView:
    """Other settings or secrets are tried first; 422 connection_failed, and nothing is changed."""
    services: Services = request.app.state.door.services
    provider, kept = await run(request, lambda tx: _managed(tx, services, channel_id), writes=False)
    connection = connections.changed(kept, provider, data.settings, data.secrets)
    findings = await _require_confirmed(provider, connection)

    def work(tx: Transaction) -> ChannelView:
        channel = channels.managed(tx, channel_id)
        is_same = connection.secrets == kept.secrets
        secrets = None if is_same else channels.sealed(connection.secrets, services.secrets)
        connecting.change(tx, channel, settings=connection.settings, secrets=secrets)
        connections.note(tx, channel, findings)
        return channels.view(tx, channel)

    view: ChannelView = await run(request, work, writes=True)
    return view


@post("/channels/{channel_id:int}/check", operation_id="checkNumber", status_code=200)
async def check(request: Request[Any, Any, Any], channel_id: FromPath[int]) -> NumberCheck:
    """The whole check list, asked of the provider now; where nobody is called yet, our address is subscribed if it lets us."""
    services: Services = request.app.state.door.services
    provider, connection = await run(request, lambda tx: _managed(tx, services, channel_id), writes=False)
    webhook_url = f"{services.settings.base_url}/api/webhooks/{provider}/{connection.settings['webhook_key']}"
    findings = await NUMBERS[provider].check(connection, webhook_url=webhook_url)

    def work(tx: Transaction) -> NumberCheck:
        channel = channels.managed(tx, channel_id)
        connections.note(tx, channel, findings)
        return NumberCheck(
            findings=_views(findings),
            webhook_url=webhook_url,
            verify_token=connection.secrets.get("verify_token", ""),
            last_webhook_at=channel.last_webhook_at,
            refused_webhooks=channel.refused_webhooks,
        )

    found: NumberCheck = await run(request, work, writes=True)
    return found


@post("/channels/{channel_id:int}/templates/sync", operation_id="syncTemplates", status_code=200)
async def sync_templates(request: Request[Any, Any, Any], channel_id: FromPath[int]) -> Synced:
    """Fetch the number's whole list of templates now; for everybody who works with it."""
    services: Services = request.app.state.door.services
    await run(request, lambda tx: channels.find(tx, channel_id), writes=False)
    try:
        synced = await approvals.sync_now(services, channel_id)
    except ConnectionTrouble as trouble:
        raise ConnectionFailed(side=trouble.side, code=trouble.code, detail=trouble.detail) from None
    if synced is None:
        raise NotFound
    return synced


@put("/conversations/{conversation_id:int}/typing", operation_id="showTyping", status_code=204)
async def show_typing(request: Request[Any, Any, Any], conversation_id: FromPath[int]) -> None:
    """The customer sees that somebody writes, where the provider can show it. Asking often does no harm."""
    services: Services = request.app.state.door.services
    await run(request, lambda tx: thread.find(tx, conversation_id), writes=False)
    typing: signs.Typing = request.app.state.setdefault("typing", signs.Typing())
    if typing.may_tell(conversation_id, services.clock()):
        await signs.show_typing(services, conversation_id)


@get("/media/{token:str}", operation_id="media", include_in_schema=False)
async def media(request: Request[Any, Any, Any], token: Annotated[str, Parameter(max_length=200)]) -> Response[bytes]:
    """One file that is leaving, for the provider that fetches it: whoever holds the address, for an hour."""
    services: Services = request.app.state.door.services
    id = links.read(services.secrets, token, services.clock())
    if id is None:
        raise NotFound
    file = await run(request, lambda tx: tx.find(Attachment, id), writes=False, is_public=True)
    try:
        content = await asyncio.to_thread(services.files.get, file.file_key)
    except FileMissing:
        raise NotFound from None
    return file_response(content, name=file.name, media_type=file.media_type, is_shown=True)


def _managed(tx: Transaction, services: Services, channel_id: int) -> tuple[str, Connection]:
    channel: Channel = channels.managed(tx, channel_id)
    if channel.kind != WHATSAPP or channel.provider not in NUMBERS:
        raise NotFound
    return channel.provider, channels.connection_of(channel, services.secrets)


async def _require_confirmed(provider: str, connection: Connection) -> list[Finding]:
    findings = await NUMBERS[provider].check(connection, webhook_url="")
    found = connections.stopping(findings)
    if found is not None:
        raise ConnectionFailed(side="api", code=found.code, detail=found.detail)
    return findings


def _views(findings: list[Finding]) -> list[FindingView]:
    return [FindingView(one.what, one.state, one.code, one.detail) for one in findings]


def router() -> Router:
    handlers = [test, connect, change, check, sync_templates, show_typing, media]
    return Router("/", route_handlers=handlers, tags=["whatsapp"])
