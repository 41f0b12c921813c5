"""The doors of the customer's phone: for members, while there is sample data."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody

from comptoir.demo.cast import CUSTOMERS, Customer
from comptoir.demo.phone import aging, mailing, mails, playing, screens, voices
from comptoir.demo.phone.schemas import (
    NewPhoneMail,
    NewPhoneMessage,
    PhoneBook,
    PhoneChat,
    PhoneMailThread,
    PhonePress,
    PhoneReaction,
    PhoneTime,
)
from comptoir.demo.phone.switchboard import NoPhone, Switchboard
from comptoir.foundation.doors import require_session, run
from comptoir.foundation.errors import NotFound

AnyRequest = Request[Any, Any, Any]
CHAT = "/demo/phone/{key:str}/chats/{channel_id:int}"


@dataclass
class PhoneFileForm:
    """`is_voice`: recorded now, to be heard as a voice note."""

    file: UploadFile
    caption: str = ""
    is_voice: bool = False


@get("/demo/phone", operation_id="phoneBook")
async def book(request: AnyRequest) -> PhoneBook:
    """Who can be played, and what waits on each phone."""
    board = await _board(request)
    mailboxes = await run(request, mails.mailboxes, writes=False)
    hours = board.emulator.world.clock.ahead / timedelta(hours=1)
    return PhoneBook(screens.people(board), mailboxes, hours)


@get(CHAT, operation_id="phoneChat")
async def chat(request: AnyRequest, key: FromPath[str], channel_id: FromPath[int]) -> PhoneChat:
    board = await _board(request)
    line, _ = playing.player(board, key, channel_id)
    return screens.chat(board, line, key)


@post(f"{CHAT}/messages", operation_id="sayOnPhone", status_code=204)
async def say(
    request: AnyRequest, key: FromPath[str], channel_id: FromPath[int], data: JSONBody[NewPhoneMessage]
) -> None:
    board = await _board(request)
    line, person = playing.player(board, key, channel_id)
    playing.say(board, line, person, data)


@post(f"{CHAT}/files", operation_id="sendFileOnPhone", status_code=204, request_max_body_size=17 * 2**20)
async def send_file(
    request: AnyRequest,
    key: FromPath[str],
    channel_id: FromPath[int],
    data: Annotated[PhoneFileForm, Body(media_type=RequestEncodingType.MULTI_PART)],
) -> None:
    board = await _board(request)
    line, person = playing.player(board, key, channel_id)
    content, media_type = await data.file.read(), data.file.content_type
    if data.is_voice:
        content, media_type = await voices.as_voice_note(content)
    board.emulator.acting.send_file(
        line.number,
        person,
        content,
        media_type,
        name=data.file.filename,
        caption=data.caption,
        is_voice=data.is_voice,
    )


@put(f"{CHAT}/reading", operation_id="readOnPhone", status_code=204)
async def read(request: AnyRequest, key: FromPath[str], channel_id: FromPath[int]) -> None:
    """The customer looks at the chat: what arrived is read."""
    board = await _board(request)
    line, person = playing.player(board, key, channel_id)
    board.emulator.acting.read(line.number, person)


@put(CHAT + "/messages/{id:str}/reaction", operation_id="reactOnPhone", status_code=204)
async def react(
    request: AnyRequest, key: FromPath[str], channel_id: FromPath[int], id: FromPath[str], data: JSONBody[PhoneReaction]
) -> None:
    """An empty emoji takes it back."""
    board = await _board(request)
    line, person = playing.player(board, key, channel_id)
    said = playing.message(board, line, person, id)
    board.emulator.acting.react(line.number, person, said.id, data.emoji)


@put(CHAT + "/messages/{id:str}/playing", operation_id="playOnPhone", status_code=204)
async def play(request: AnyRequest, key: FromPath[str], channel_id: FromPath[int], id: FromPath[str]) -> None:
    """The customer listens to a voice note."""
    board = await _board(request)
    line, person = playing.player(board, key, channel_id)
    board.emulator.acting.play(line.number, person, playing.message(board, line, person, id).id)


@post(CHAT + "/messages/{id:str}/press", operation_id="pressOnPhone", status_code=204)
async def press(
    request: AnyRequest, key: FromPath[str], channel_id: FromPath[int], id: FromPath[str], data: JSONBody[PhonePress]
) -> None:
    """A quick reply of a template."""
    board = await _board(request)
    line, person = playing.player(board, key, channel_id)
    board.emulator.acting.press(line.number, person, playing.message(board, line, person, id), data.title)


@get(CHAT + "/messages/{id:str}/file", operation_id="phoneFile")
async def file(
    request: AnyRequest, key: FromPath[str], channel_id: FromPath[int], id: FromPath[str]
) -> Response[bytes]:
    board = await _board(request)
    line, person = playing.player(board, key, channel_id)
    found = playing.message(board, line, person, id).file
    if found is None:
        raise NotFound
    shown = found.kind if found.kind in ("image", "audio", "video", "sticker") else ""
    headers = {
        "content-disposition": "inline" if shown else "attachment",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(
        found.content, media_type=found.plain_type if shown else "application/octet-stream", headers=headers
    )


@post("/demo/phone/time", operation_id="turnPhoneClock", status_code=204)
async def turn(request: AnyRequest, data: JSONBody[PhoneTime]) -> None:
    """Hours pass for every customer, at once."""
    board = await _board(request)
    by = timedelta(hours=data.hours)
    await run(request, partial(aging.age, by=by), writes=True)
    board.emulator.world.clock.forward(by)
    board.emulator.world.agenda.turned()


@get("/demo/phone/{key:str}/mails", operation_id="phoneMails")
async def mail_threads(request: AnyRequest, key: FromPath[str]) -> list[PhoneMailThread]:
    await _board(request)
    found: list[PhoneMailThread] = await run(
        request, partial(mails.threads, address=_customer(key).address), writes=False
    )
    return found


@post("/demo/phone/{key:str}/mails", operation_id="mailOnPhone", status_code=204)
async def write_mail(request: AnyRequest, key: FromPath[str], data: JSONBody[NewPhoneMail]) -> None:
    await _board(request)
    await run(request, partial(mailing.post, customer=_customer(key), given=data), writes=True)


async def _board(request: AnyRequest) -> Switchboard:
    """For who is signed in, where the sample numbers ring."""
    await require_session(request)
    board: Switchboard | None = request.app.state.switchboard
    if board is None or not board.lines:
        raise NoPhone
    return board


def _customer(key: str) -> Customer:
    if key not in CUSTOMERS:
        raise NotFound
    return CUSTOMERS[key]


def router() -> Router:
    handlers = [book, chat, say, send_file, read, react, play, press, file, turn, mail_threads, write_mail]
    return Router("/", route_handlers=handlers, tags=["demo"])
