"""The contents of a Twilio account with what WhatsApp said of each: a content that it approved is a template."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from comptoir.channels.chat import TemplateButton, TemplateFound
from comptoir.channels.port import Connection
from comptoir.providers import loose
from comptoir.providers.loose import Json
from comptoir.providers.twilio import rest

PAGE = 100
MOST_PAGES = 100
STATUSES = frozenset({"approved", "pending", "rejected", "paused", "disabled"})
WAITING = frozenset({"received", "submitted"})
BUTTONS = {
    "QUICK_REPLY": "quick_reply",
    "URL": "url",
    "PHONE_NUMBER": "phone",
    "COPY_CODE": "copy_code",
    "COPY_CODE_OTP": "otp",
}
KINDS = (("video", (".mp4", ".3gp")), ("image", (".jpg", ".jpeg", ".png")))


async def templates(connection: Connection) -> list[TemplateFound]:
    """Those that were shown to WhatsApp; drafts are not templates yet."""
    found: list[TemplateFound] = []
    params: dict[str, str] = {"PageSize": str(PAGE)}
    for _ in range(MOST_PAGES):
        url = rest.url(connection, rest.CONTENT, "/v1/ContentAndApprovals")
        answer = await rest.require(connection, "GET", url, params=params)
        found += [template for raw in loose.items(answer.data, "contents") if (template := _template(raw)) is not None]
        following = _next(answer.data)
        if not following or following == params:
            break
        params = following
    return found


def _next(data: Json) -> dict[str, str]:
    """The query of the next page. Only that: credentials do not go to an address that an answer names."""
    return dict(parse_qsl(urlsplit(loose.text(data, "meta", "next_page_url")).query))


def _template(raw: Json) -> TemplateFound | None:
    approval = _approval(raw)
    status = loose.text(approval, "status").lower()
    sid, name = loose.text(raw, "sid"), loose.text(raw, "friendly_name") or loose.text(approval, "name")
    kind, content = next(((kind, types) for kind, types in loose.mapping(raw, "types").items()), ("", {}))
    if not sid or not name or status in ("", "unsubmitted"):
        return None
    header_format, header = _header(content)
    if status in WAITING:
        status = "pending"
    return TemplateFound(
        external_id=sid,
        name=name,
        language=loose.text(raw, "language"),
        category=loose.text(approval, "category").lower(),
        status=status if status in STATUSES else "other",
        reason=loose.text(approval, "rejection_reason"),
        is_named=any(not key.isdigit() for key in loose.mapping(raw, "variables")),
        header_format=header_format,
        header=header,
        body=loose.text(content, "body") or loose.text(content, "title") or kind,
        footer=loose.text(content, "footer") or loose.text(content, "subtitle"),
        buttons=tuple(_button(action) for action in loose.items(content, "actions")),
        examples={key: loose.text({"it": value}, "it") for key, value in loose.mapping(raw, "variables").items()},
    )


def _approval(raw: Json) -> Json:
    """One object, or a list with one for each channel."""
    given = raw.get("approval_requests")
    if isinstance(given, list):
        given = next((one for one in given if isinstance(one, dict)), {})
    return given if isinstance(given, dict) else {}


def _header(content: Any) -> tuple[str, str]:
    """Its format, and its words or the address of its file."""
    words = loose.text(content, "header_text")
    media = loose.mapping({"it": content}, "it").get("media")
    url = loose.text({"it": media[0] if isinstance(media, list) and media else media}, "it")
    if not url:
        return ("text", words) if words else ("", "")
    path = urlsplit(url).path.lower()
    return next((kind for kind, endings in KINDS if path.endswith(endings)), "document"), url


def _button(raw: Json) -> TemplateButton:
    return TemplateButton(
        kind=BUTTONS.get(loose.text(raw, "type").upper() or "QUICK_REPLY", "other"),
        text=loose.text(raw, "title"),
        url=loose.text(raw, "url"),
        phone=loose.text(raw, "phone"),
    )
