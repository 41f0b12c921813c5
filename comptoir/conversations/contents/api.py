"""The doors to bodies, files and uploads."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import MediaType, Request, Response, Router, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody

from comptoir.conversations import completing, showing_images, thread, uploading
from comptoir.conversations.contents import bodies
from comptoir.conversations.messages import can_preview
from comptoir.conversations.models import Attachment
from comptoir.conversations.schemas import GivenFile, Upload
from comptoir.foundation.doors import act, require_session, run
from comptoir.foundation.downloads import file_response
from comptoir.foundation.errors import NotFound
from comptoir.foundation.files import FileMissing
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.templates import queries as templates
from comptoir.templates.schemas import TemplateView


@dataclass
class UploadForm:
    file: UploadFile


@get("/messages/{message_id:int}/body", operation_id="messageBody", media_type=MediaType.HTML)
async def message_body(
    request: Request[Any, Any, Any], message_id: FromPath[int], images: FromQuery[bool] = False
) -> Response[str]:
    """The cleaned HTML of a mail, for its sandboxed frame; `images=1` brings remote images, through our proxy."""
    proxy = request.app.state.image_proxy if images else None

    def work(tx: Transaction) -> str:
        return bodies.body(tx, thread.find_message(tx, message_id), image_proxy=proxy)

    return Response(await run(request, work, writes=False), media_type=MediaType.HTML, headers=dict(bodies.HEADERS))


@put("/messages/{message_id:int}/images", operation_id="showImages", status_code=204)
@act
def show_images(tx: Transaction, message_id: FromPath[int]) -> None:
    """From now on, the remote images of everything that this message's contact writes are shown."""
    showing_images.show(tx, thread.find_message(tx, message_id))


@delete("/messages/{message_id:int}/images", operation_id="hideImages", status_code=204)
@act
def hide_images(tx: Transaction, message_id: FromPath[int]) -> None:
    showing_images.hide(tx, thread.find_message(tx, message_id))


@get("/attachments/{attachment_id:int}", operation_id="download")
async def download(request: Request[Any, Any, Any], attachment_id: FromPath[int]) -> Response[bytes]:
    return await _file(request, attachment_id, shown=False)


@get("/attachments/{attachment_id:int}/preview", operation_id="preview")
async def preview(request: Request[Any, Any, Any], attachment_id: FromPath[int]) -> Response[bytes]:
    """In the page, for the kinds of file that a browser shows without running anything; others download."""
    return await _file(request, attachment_id, shown=True)


@post("/uploads", operation_id="upload", request_max_body_size=uploading.MOST_BYTES + 2**20)
async def upload(
    request: Request[Any, Any, Any],
    data: Annotated[UploadForm, Body(media_type=RequestEncodingType.MULTI_PART)],
) -> Upload:
    """Keep one file (field `file`) for a message not yet written."""
    services: Services = request.app.state.door.services
    await require_session(request)
    content = await data.file.read()
    uploading.check_size(data.file.filename, len(content))
    key = await asyncio.to_thread(services.files.put, content)

    def work(tx: Transaction) -> Upload:
        file = uploading.upload(
            tx, name=data.file.filename, media_type=data.file.content_type, size=len(content), file_key=key
        )
        return _upload(file)

    kept: Upload = await run(request, work, writes=True)
    return kept


@post("/templates/{template_id:int}/files", operation_id="attachToTemplate")
@act
def attach_to_template(tx: Transaction, template_id: FromPath[int], data: JSONBody[GivenFile]) -> TemplateView:
    """One's own upload goes with a canned reply from now on."""
    template = templates.find(tx, template_id)
    uploading.give(tx, template, data.upload_id)
    return templates.view(tx, template)


@post("/templates/{template_id:int}/uploads", operation_id="takeTemplate")
@act
def take_template(tx: Transaction, template_id: FromPath[int]) -> list[Upload]:
    """A canned reply was put into a message being written: its use is counted, its files become uploads for that message."""
    return [_upload(file) for file in uploading.take(tx, templates.find(tx, template_id))]


def _upload(file: Attachment) -> Upload:
    return Upload(file.id, file.name, file.media_type, file.size)


@put("/attachments/{attachment_id:int}/fetching", operation_id="fetchAgain", status_code=204)
@act
def fetch_again(tx: Transaction, attachment_id: FromPath[int]) -> None:
    """Try once more to fetch a file that its provider did not give."""
    completing.again(tx, thread.find_attachment(tx, attachment_id))


async def _file(request: Request[Any, Any, Any], attachment_id: FromPath[int], *, shown: bool) -> Response[bytes]:
    def work(tx: Transaction) -> Attachment:
        return thread.find_attachment(tx, attachment_id)

    file: Attachment = await run(request, work, writes=False)
    if not file.file_key:  # still at the provider's
        raise NotFound
    services: Services = request.app.state.door.services
    try:
        content = await asyncio.to_thread(services.files.get, file.file_key)
    except FileMissing:
        raise NotFound from None
    return file_response(
        content, name=file.name, media_type=file.media_type, is_shown=shown and can_preview(file.media_type)
    )


def router() -> Router:
    handlers = [
        show_images,
        hide_images,
        message_body,
        download,
        preview,
        fetch_again,
        upload,
        attach_to_template,
        take_template,
    ]
    return Router("/", route_handlers=handlers, tags=["contents"])
