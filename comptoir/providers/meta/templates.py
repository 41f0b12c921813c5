"""The templates of a WhatsApp business account, all pages of them."""

from urllib.parse import parse_qs, urlsplit

from comptoir.channels.chat import TemplateButton, TemplateFound
from comptoir.channels.port import Connection
from comptoir.providers import loose
from comptoir.providers.loose import Json
from comptoir.providers.meta import graph

FIELDS = "id,name,language,status,category,components,parameter_format,quality_score,rejected_reason"
PAGE = 100
MOST_PAGES = 100  # a cursor that never ends is a fault of theirs
STATUSES = frozenset({"approved", "pending", "rejected", "paused", "disabled"})
BUTTONS = {
    "QUICK_REPLY": "quick_reply",
    "URL": "url",
    "PHONE_NUMBER": "phone",
    "COPY_CODE": "copy_code",
    "OTP": "otp",
    "FLOW": "flow",
}


async def templates(connection: Connection) -> list[TemplateFound]:
    account = graph.text(connection.settings, "waba_id")
    found: list[TemplateFound] = []
    after = ""
    for _ in range(MOST_PAGES):
        params = {"fields": FIELDS, "limit": str(PAGE)} | ({"after": after} if after else {})
        answer = await graph.require(connection, "GET", f"{account}/message_templates", params=params)
        found += [template for raw in loose.items(answer.data, "data") if (template := _template(raw)) is not None]
        before, after = after, _next(answer.data)
        if not after or after == before:
            break
    return found


def _next(data: Json) -> str:
    """The cursor of the page after this one. Only the cursor: an address that somebody else wrote is not followed."""
    following = loose.text(data, "paging", "next")
    if not following:
        return ""
    return loose.text(data, "paging", "cursors", "after") or next(
        iter(parse_qs(urlsplit(following).query).get("after", ())), ""
    )


def _template(raw: Json) -> TemplateFound | None:
    id, name, language = loose.text(raw, "id"), loose.text(raw, "name"), loose.text(raw, "language")
    if not id or not name or not language:
        return None
    parts = {loose.text(part, "type").upper(): part for part in loose.items(raw, "components")}
    header, body, buttons = parts.get("HEADER", {}), parts.get("BODY", {}), parts.get("BUTTONS", {})
    status = loose.text(raw, "status").lower()
    reason = loose.text(raw, "rejected_reason")
    header_format = loose.text(header, "format").lower()
    return TemplateFound(
        external_id=id,
        name=name,
        language=language,
        category=loose.text(raw, "category").lower(),
        status=status if status in STATUSES else "other",
        quality=loose.text(raw, "quality_score", "score").lower() or loose.text(raw, "quality_score").lower(),
        reason="" if reason.upper() == "NONE" else reason,
        is_named=loose.text(raw, "parameter_format").upper() == "NAMED",
        header_format=header_format,
        header=loose.text(header, "text") if header_format == "text" else "",
        body=loose.text(body, "text"),
        footer=loose.text(parts.get("FOOTER"), "text"),
        buttons=tuple(_button(button) for button in loose.items(buttons, "buttons")),
        examples=_examples(body),
    )


def _button(raw: Json) -> TemplateButton:
    example = raw.get("example")
    first = example[0] if isinstance(example, list) and example else example
    return TemplateButton(
        kind=BUTTONS.get(loose.text(raw, "type").upper(), "other"),
        text=loose.text(raw, "text"),
        url=loose.text(raw, "url"),
        phone=loose.text(raw, "phone_number"),
        example=loose.text({"it": first}, "it"),
    )


def _examples(body: Json) -> dict[str, str]:
    named = {
        loose.text(one, "param_name"): loose.text(one, "example")
        for one in loose.items(body, "example", "body_text_named_params")
    }
    if named:
        return named
    rows = loose.mapping(body, "example").get("body_text")
    row = rows[0] if isinstance(rows, list) and rows else []
    values = row if isinstance(row, list) else [row]
    return {str(place): loose.text({"it": value}, "it") for place, value in enumerate(values, 1)}
