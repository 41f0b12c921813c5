"""One bubble as Graph takes it. A file is uploaded first: its id is good for thirty days, and an upload sends nothing."""

import re
from collections.abc import Mapping
from typing import Any

from comptoir.channels import policy, refusals
from comptoir.channels.chat import ChatOutgoing, Party, TemplateUse
from comptoir.channels.port import Connection, OutgoingFile, Receipt, SendError
from comptoir.providers import loose, wire
from comptoir.providers.meta import errors, graph
from comptoir.providers.wire import NotReached

Json = dict[str, Any]
MARK = re.compile(r"\{\{\s*(\w+)\s*\}\}")
CAPTIONED = frozenset({"image", "video", "document"})


async def send(connection: Connection, outgoing: ChatOutgoing) -> Receipt:
    where = _to_group(outgoing.group_id) if outgoing.group_id else _addressed(outgoing.to)
    body = where | {"biz_opaque_callback_data": outgoing.our_id}
    if outgoing.quoted_id:
        body["context"] = {"message_id": outgoing.quoted_id}
    return await _post(connection, body | await _content(connection, outgoing))


async def react(connection: Connection, to: Party, target_id: str, emoji: str) -> Receipt:
    reaction = {"message_id": target_id, "emoji": emoji}
    return await _post(connection, _addressed(to) | {"type": "reaction", "reaction": reaction})


async def _post(connection: Connection, body: Json) -> Receipt:
    try:
        answer = await graph.ask(connection, "POST", f"{_number(connection)}/messages", json=body)
    except NotReached as error:
        raise wire.unsent(error) from error
    id = next((loose.text(message, "id") for message in loose.items(answer.data, "messages")), "")
    if not answer.is_success or not id:
        raise errors.send_error(answer)
    return Receipt(id)


def _addressed(to: Party) -> Json:
    """By phone where one is known: then phones keep coming in what Meta tells us."""
    phone = to.given or to.value("phone")
    common: Json = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    if phone:
        return common | {"to": f"+{phone.removeprefix('+')}"}
    user_id = to.value("bsuid") or to.value("parent_bsuid")
    if not user_id:
        raise refusals.error("recipient_unknown")
    return common | {"recipient": user_id}


def _to_group(group_id: str) -> Json:
    return {"messaging_product": "whatsapp", "recipient_type": "group", "to": group_id}


async def _content(connection: Connection, outgoing: ChatOutgoing) -> Json:
    if outgoing.template is not None:
        return {"type": "template", "template": await _template(connection, outgoing.template)}
    if outgoing.file is None:
        return {"type": "text", "text": {"body": outgoing.words, "preview_url": True}}
    kind = kind_of(outgoing.file)
    media: Json = {"id": await upload(connection, outgoing.file)}
    if outgoing.words and kind in CAPTIONED:
        media["caption"] = outgoing.words
    if kind == "document":
        media["filename"] = outgoing.file.name
    if kind == "audio" and outgoing.is_voice:
        media["voice"] = True
    return {"type": kind, kind: media}


async def upload(connection: Connection, file: OutgoingFile) -> str:
    """Its id. Nothing has left when this fails, so no failure here is unknown."""
    data = {"messaging_product": "whatsapp", "type": file.media_type}
    files = {"file": (file.name, file.content, file.media_type)}
    try:
        answer = await graph.ask(connection, "POST", f"{_number(connection)}/media", data=data, files=files)
    except NotReached as error:
        raise refusals.error("unreachable", error.detail) from error
    id = loose.text(answer.data, "id")
    if answer.is_success and id:
        return id
    refused = errors.send_error(answer)
    raise refusals.error("temporary", refused.detail) if refused.unknown else refused


def kind_of(file: OutgoingFile) -> str:
    limit = policy.limit_for("meta", file.media_type)
    if limit is None:
        raise SendError("file_type_refused", file.media_type, permanent=True)
    return limit.kind


async def _template(connection: Connection, use: TemplateUse) -> Json:
    components = [
        *await _header(connection, use),
        *_texts("body", use.found.body, use.values, is_named=use.found.is_named),
        *_buttons(use),
    ]
    return {"name": use.found.name, "language": {"code": use.found.language}, "components": components}


async def _header(connection: Connection, use: TemplateUse) -> list[Json]:
    if use.found.header_format == "text":
        return _texts("header", use.found.header, use.header_values, is_named=use.found.is_named)
    if use.header_file is None:
        return []
    kind = use.found.header_format
    media: Json = {"id": await upload(connection, use.header_file)}
    if kind == "document":
        media["filename"] = use.header_file.name
    return [{"type": "header", "parameters": [{"type": kind, kind: media}]}]


def _texts(kind: str, text: str, values: Mapping[str, str], *, is_named: bool) -> list[Json]:
    """Each variable once, in the order Meta counts them: by number, or by name."""
    names = list(dict.fromkeys(MARK.findall(text)))
    if not is_named:
        names.sort(key=lambda name: int(name) if name.isdigit() else 0)
    parameters = [
        {"type": "text", "text": values.get(name, "")} | ({"parameter_name": name} if is_named else {})
        for name in names
    ]
    return [{"type": kind, "parameters": parameters}] if parameters else []


def _buttons(use: TemplateUse) -> list[Json]:
    found = []
    for index, value in sorted(use.button_values.items()):
        button = use.found.buttons[index] if index < len(use.found.buttons) else None
        if button is None or not value:
            continue
        is_code = button.kind == "copy_code"
        parameter = {"type": "coupon_code", "coupon_code": value} if is_code else {"type": "text", "text": value}
        sub_type = "copy_code" if is_code else "url"  # a one-time code's button is an address to Meta
        found.append({"type": "button", "sub_type": sub_type, "index": str(index), "parameters": [parameter]})
    return found


def _number(connection: Connection) -> str:
    return graph.text(connection.settings, "phone_number_id")
