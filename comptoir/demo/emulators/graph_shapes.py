"""What Meta takes at POST /{phone_number_id}/messages, field by field: an unknown one is refused, as Graph does.

`refusal` says what is wrong with a request in (code, details), before anything of the world is looked at.
"""

from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

MOST_TEXT, MOST_CAPTION, MOST_OPAQUE = 4096, 1024, 512


class Strict(Struct, forbid_unknown_fields=True):
    pass


class Context(Strict):
    message_id: str


class Text(Strict):
    body: str
    preview_url: bool = False


class Media(Strict):
    id: str = ""
    link: str = ""
    caption: str = ""
    filename: str = ""
    voice: bool = False


class Place(Strict):
    latitude: float | str
    longitude: float | str
    name: str = ""
    address: str = ""


class Reaction(Strict):
    message_id: str
    emoji: str = ""


class Language(Strict):
    code: str
    policy: str = "deterministic"


class Parameter(Strict):
    type: Literal[
        "text", "currency", "date_time", "image", "video", "document", "location", "payload", "coupon_code", "action"
    ]
    text: str = ""
    parameter_name: str = ""
    payload: str = ""
    coupon_code: str = ""
    image: Media | UnsetType = UNSET
    video: Media | UnsetType = UNSET
    document: Media | UnsetType = UNSET
    location: Place | UnsetType = UNSET
    currency: dict[str, Any] | UnsetType = UNSET
    date_time: dict[str, Any] | UnsetType = UNSET
    action: dict[str, Any] | UnsetType = UNSET


class Component(Strict):
    type: Literal["header", "body", "button", "carousel"]
    parameters: list[Parameter] = []
    sub_type: Literal["quick_reply", "url", "copy_code", "flow", "catalog", "mpm", ""] = ""
    index: str | int = ""
    cards: list[dict[str, Any]] | UnsetType = UNSET


class TemplateUsed(Strict):
    name: str
    language: Language
    components: list[Component] = []
    namespace: str = ""


class Typing(Strict):
    type: Literal["text"]


class Request(Strict):
    """Either a message (`type`, default text) or a mark: `status` = read, with an optional typing indicator."""

    messaging_product: str
    recipient_type: Literal["individual", "group"] = "individual"
    to: str = ""
    recipient: str = ""
    type: Literal[
        "text",
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "location",
        "contacts",
        "reaction",
        "interactive",
        "template",
    ] = "text"
    text: Text | UnsetType = UNSET
    image: Media | UnsetType = UNSET
    video: Media | UnsetType = UNSET
    audio: Media | UnsetType = UNSET
    document: Media | UnsetType = UNSET
    sticker: Media | UnsetType = UNSET
    location: Place | UnsetType = UNSET
    contacts: list[dict[str, Any]] | UnsetType = UNSET
    reaction: Reaction | UnsetType = UNSET
    interactive: dict[str, Any] | UnsetType = UNSET
    template: TemplateUsed | UnsetType = UNSET
    context: Context | UnsetType = UNSET
    biz_opaque_callback_data: str = ""
    status: str = ""
    message_id: str = ""
    typing_indicator: Typing | UnsetType = UNSET

    @property
    def media(self) -> Media | None:
        found = getattr(self, self.type)
        return found if isinstance(found, Media) else None


def read(body: bytes) -> Request | tuple[int, str]:
    """The request, or why it is none: (code, details)."""
    try:
        request = msgspec.json.decode(body, type=Request)
    except msgspec.ValidationError as error:
        return 100, str(error)
    except msgspec.DecodeError as error:
        return 100, f"The body is not JSON: {error}"
    if request.messaging_product != "whatsapp":
        return 100, "The parameter messaging_product is required and must be whatsapp."
    return request if request.status else _refusal(request) or request


def _refusal(request: Request) -> tuple[int, str] | None:
    if not request.to and not request.recipient:
        return 100, "The parameter to is required."
    content = getattr(request, request.type)
    if content is UNSET:
        return 131008, f"Required parameter is missing: {request.type}"
    if len(request.biz_opaque_callback_data) > MOST_OPAQUE:
        return 100, f"Param biz_opaque_callback_data must be at most {MOST_OPAQUE} characters long."
    if isinstance(content, Text) and not 0 < len(content.body) <= MOST_TEXT:
        return 100, f"Param text['body'] must be at least 1 and at most {MOST_TEXT} characters long."
    if isinstance(content, Media):
        return _media_refusal(request.type, content)
    return None


def _media_refusal(kind: str, media: Media) -> tuple[int, str] | None:
    if bool(media.id) == bool(media.link):
        return 131008, f"Exactly one of {kind}['id'] and {kind}['link'] is required."
    if media.caption and kind in ("audio", "sticker"):
        return 100, f'Unexpected key "caption" on param "{kind}".'
    if media.filename and kind != "document":
        return 100, f'Unexpected key "filename" on param "{kind}".'
    if media.voice and kind != "audio":
        return 100, f'Unexpected key "voice" on param "{kind}".'
    if len(media.caption) > MOST_CAPTION:
        return 100, f"Param {kind}['caption'] must be at most {MOST_CAPTION} characters long."
    return None
