"""What the closer look says on the wire."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from comptoir.conversations.schemas import PersonView, Protection

Check = Literal["spf", "dkim", "dmarc"]


class InnerFile(Struct):
    """A file of an attached mail. `mail_url` is set when it is a mail itself, to be opened in its turn."""

    name: str
    media_type: str
    size: int
    url: str
    preview_url: str | None
    mail_url: str | None


class AttachedMail(Struct):
    """A mail that came inside another one. `body_url` is set when there is HTML to show in the sandboxed frame."""

    sender: PersonView
    to: list[PersonView]
    cc: list[PersonView]
    subject: str
    at: datetime
    text: str
    body_url: str | None
    remote_images: int
    protection: Protection | None
    files: list[InnerFile]


class Verdict(Struct):
    """What the server that took the mail in says of one check: pass, fail, softfail, neutral, none, temperror, permerror."""

    check: Check
    result: str


class EnvelopeView(Struct):
    """Every header of a mail, decoded, in order, and the ones that a person asks for in words of their own."""

    headers: list[tuple[str, str]]
    delivered_to: list[str]
    reply_to: list[PersonView]
    lists: list[str]
    checks: list[Verdict]
