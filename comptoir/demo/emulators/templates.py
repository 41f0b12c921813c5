"""Message templates as each provider holds them, and what it refuses in the values that fill one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from comptoir.channels.chat import TemplateFound

MARK = re.compile(r"\{\{\s*(\w+)\s*\}\}")
MEDIA = ("IMAGE", "VIDEO", "DOCUMENT")
KINDS = {"phone": "PHONE_NUMBER"}


@dataclass
class Button:
    """`kind` in Meta's words: QUICK_REPLY, URL, PHONE_NUMBER, COPY_CODE."""

    kind: str
    text: str
    url: str = ""
    phone: str = ""
    example: str = ""


@dataclass
class Template:
    """`status` and `category` in Meta's words; `id` is a number as text (Meta) or a content sid (Twilio)."""

    id: str
    name: str
    language: str
    body: str
    category: str = "UTILITY"
    status: str = "APPROVED"
    quality: str = "GREEN"
    reason: str = "NONE"
    header_format: str = ""
    header: str = ""
    footer: str = ""
    buttons: list[Button] = field(default_factory=list)
    examples: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, found: TemplateFound) -> "Template":
        """As the provider holds what it would tell of it."""
        return cls(
            id=found.external_id,
            name=found.name,
            language=found.language,
            body=found.body,
            category=found.category.upper(),
            status=found.status.upper(),
            quality=found.quality or "UNKNOWN",
            reason=found.reason or "NONE",
            header_format=found.header_format.upper(),
            header=found.header,
            footer=found.footer,
            buttons=[
                Button(KINDS.get(one.kind, one.kind.upper()), one.text, one.url, one.phone, one.example)
                for one in found.buttons
            ],
            examples=dict(found.examples),
        )

    @property
    def is_named(self) -> bool:
        return any(not mark.isdigit() for mark in self.marks)

    @property
    def marks(self) -> list[str]:
        """The variables of the body, each once, in the order of the text."""
        return list(dict.fromkeys(MARK.findall(self.body)))

    def as_meta(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "parameter_format": "NAMED" if self.is_named else "POSITIONAL",
            "components": [*self._meta_header(), self._meta_body(), *self._meta_footer(), *self._meta_buttons()],
            "quality_score": {"score": self.quality},
            "rejected_reason": self.reason,
        }

    def as_content(self, account: str, at: str) -> dict[str, Any]:
        """Twilio's Content resource; variables are positional there, a media header is the content's own file."""
        return {
            "sid": self.id,
            "account_sid": account,
            "friendly_name": self.name,
            "language": self.language,
            "variables": dict(self.examples),
            "types": {self.content_type: self._content()},
            "date_created": at,
            "date_updated": at,
        }

    @property
    def content_type(self) -> str:
        if self.header_format in MEDIA:
            return "twilio/media"
        kinds = {button.kind for button in self.buttons}
        if not kinds:
            return "twilio/text"
        return "twilio/quick-reply" if kinds == {"QUICK_REPLY"} else "twilio/call-to-action"

    def approval(self) -> dict[str, Any]:
        status = "unsubmitted" if self.status == "DRAFT" else self.status.lower()
        return {
            "name": self.name,
            "category": self.category,
            "content_type": self.content_type,
            "status": status,
            "rejection_reason": "" if self.reason == "NONE" else self.reason,
            "allow_category_change": True,
        }

    def _meta_header(self) -> list[dict[str, Any]]:
        if not self.header_format:
            return []
        header: dict[str, Any] = {"type": "HEADER", "format": self.header_format}
        if self.header_format == "TEXT":
            header["text"] = self.header
            if MARK.search(self.header):
                header["example"] = {"header_text": [self.examples.get("header", "exemple")]}
        elif self.header_format in MEDIA:
            header["example"] = {"header_handle": ["https://scontent.whatsapp.example/sample"]}
        return [header]

    def _meta_body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"type": "BODY", "text": self.body}
        if self.marks and self.is_named:
            named = [{"param_name": mark, "example": self.examples.get(mark, mark)} for mark in self.marks]
            body["example"] = {"body_text_named_params": named}
        elif self.marks:
            body["example"] = {"body_text": [[self.examples.get(mark, mark) for mark in self.marks]]}
        return body

    def _meta_footer(self) -> list[dict[str, Any]]:
        return [{"type": "FOOTER", "text": self.footer}] if self.footer else []

    def _meta_buttons(self) -> list[dict[str, Any]]:
        if not self.buttons:
            return []
        return [{"type": "BUTTONS", "buttons": [_meta_button(button) for button in self.buttons]}]

    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = {"body": self.body}
        if self.content_type == "twilio/media":
            content["media"] = [self.header or "https://files.example/sample.pdf"]
        elif self.buttons:
            content["actions"] = [_content_action(button) for button in self.buttons]
        return content


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its values, byte for byte; a variable without one stays as it is."""
    return MARK.sub(lambda mark: values.get(mark[1], mark[0]), text)


def _meta_button(button: Button) -> dict[str, Any]:
    found: dict[str, Any] = {"type": button.kind, "text": button.text}
    if button.url:
        found["url"] = button.url
    if button.phone:
        found["phone_number"] = button.phone
    if button.example:
        found["example"] = [button.example] if button.kind == "URL" else button.example
    return found


def _content_action(button: Button) -> dict[str, Any]:
    if button.kind == "QUICK_REPLY":
        return {"title": button.text, "id": button.text}
    if button.kind == "PHONE_NUMBER":
        return {"type": "PHONE_NUMBER", "title": button.text, "phone": button.phone}
    return {"type": button.kind, "title": button.text, "url": button.url}
