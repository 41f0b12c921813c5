"""The doors of the closer look: the mails inside a mail, with their files; invitations; the whole envelope and the source."""

import asyncio
from typing import Annotated, Any

from litestar import MediaType, Request, Response, Router, get
from litestar.params import FromPath, FromQuery, QueryParameter

from comptoir.conversations import thread
from comptoir.conversations.contents import bodies
from comptoir.conversations.messages import can_preview
from comptoir.conversations.models import Attachment
from comptoir.foundation.doors import run
from comptoir.foundation.downloads import file_response
from comptoir.foundation.errors import NotFound
from comptoir.foundation.files import FileMissing
from comptoir.foundation.services import Services
from comptoir.gateway import sources
from comptoir.gateway.contents import attached, envelopes
from comptoir.gateway.contents.attached import Opened
from comptoir.gateway.contents.schemas import AttachedMail, EnvelopeView
from comptoir.mail import calendar
from comptoir.mail.calendar import Invitation
from comptoir.team import queries as team

Inside = Annotated[str, QueryParameter(max_length=40)]


@get("/attachments/{attachment_id:int}/mail", operation_id="attachedMail")
async def attached_mail(
    request: Request[Any, Any, Any], attachment_id: FromPath[int], inside: Inside = ""
) -> AttachedMail:
    """A mail that came as a file. `inside` leads to a mail inside that one."""
    return attached.view(await _opened(request, attachment_id, inside), attachment_id, inside)


@get("/attachments/{attachment_id:int}/mail/body", operation_id="attachedMailBody", media_type=MediaType.HTML)
async def attached_mail_body(
    request: Request[Any, Any, Any], attachment_id: FromPath[int], inside: Inside = "", images: FromQuery[bool] = False
) -> Response[str]:
    """Its cleaned HTML, for the same sandboxed frame as any mail."""
    opened = await _opened(request, attachment_id, inside)
    language = await run(request, lambda tx: tx.actor.language, writes=False)
    page = await asyncio.to_thread(
        bodies.page_of,
        opened.incoming.html,
        cid=attached.inline_images(opened, attachment_id, inside),
        image_proxy=request.app.state.image_proxy if images else None,
        language=language,
    )
    return Response(page, media_type=MediaType.HTML, headers=dict(bodies.HEADERS))


@get("/attachments/{attachment_id:int}/mail/files/{index:int}", operation_id="attachedMailFile")
async def attached_mail_file(
    request: Request[Any, Any, Any],
    attachment_id: FromPath[int],
    index: FromPath[int],
    inside: Inside = "",
    shown: FromQuery[bool] = False,
) -> Response[bytes]:
    opened = await _opened(request, attachment_id, inside)
    file, content = attached.file_of(opened, index)
    return file_response(
        content, name=file.name, media_type=file.media_type, is_shown=shown and can_preview(file.media_type)
    )


@get("/attachments/{attachment_id:int}/invitation", operation_id="calendarInvitation")
async def invitation(request: Request[Any, Any, Any], attachment_id: FromPath[int]) -> Invitation:
    """What a calendar file invites to. Nothing is answered."""
    services: Services = request.app.state.door.services
    file, zone = await run(
        request, lambda tx: (thread.find_attachment(tx, attachment_id), team.zone_of_actor(tx)), writes=False
    )
    found = await asyncio.to_thread(_invitation, services, file, zone)
    if found is None:
        raise NotFound
    return found


@get("/messages/{message_id:int}/envelope", operation_id="envelope")
async def envelope(request: Request[Any, Any, Any], message_id: FromPath[int]) -> EnvelopeView:
    """Every header of a mail, and who it was really delivered to."""
    return envelopes.envelope(await _source(request, message_id))


@get("/messages/{message_id:int}/source/text", operation_id="sourceText", media_type=MediaType.TEXT)
async def source_text(request: Request[Any, Any, Any], message_id: FromPath[int]) -> Response[str]:
    """The first 200,000 bytes of a mail as it came, to read in the page."""
    text = envelopes.source(await _source(request, message_id))
    headers = {"x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'; sandbox"}
    return Response(text, media_type=MediaType.TEXT, headers=headers)


async def _opened(request: Request[Any, Any, Any], attachment_id: int, inside: str) -> Opened:
    services: Services = request.app.state.door.services
    file: Attachment = await run(request, lambda tx: thread.find_attachment(tx, attachment_id), writes=False)
    return await asyncio.to_thread(attached.open_mail, file, services.files, inside, now=services.clock())


async def _source(request: Request[Any, Any, Any], message_id: int) -> bytes:
    services: Services = request.app.state.door.services
    found = await run(request, lambda tx: sources.source(tx, thread.find_message(tx, message_id)), writes=False)
    try:
        return await asyncio.to_thread(sources.bytes_of, found, services.files)
    except FileMissing:
        raise NotFound from None


def _invitation(services: Services, file: Attachment, zone: Any) -> Invitation | None:
    if file.media_type != "text/calendar" and not file.name.lower().endswith(".ics"):
        return None
    try:
        return calendar.read(services.files.get(file.file_key)[: calendar.MAX_BYTES], zone=zone)
    except FileMissing:
        return None


def router() -> Router:
    handlers = [attached_mail, attached_mail_body, attached_mail_file, invitation, envelope, source_text]
    return Router("/", route_handlers=handlers, tags=["contents"])
