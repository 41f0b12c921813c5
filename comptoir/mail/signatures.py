"""What stands below a member's mail. Written once with {{variables}}, filled at every sending."""

import html as entities
import re
from collections.abc import Mapping

from comptoir.mail.html import clean, to_text

MAX_HTML = 20_000
VARIABLES = ("name", "email", "company", "mailbox")

_VARIABLE = re.compile(r"\{\{\s{0,5}(\w{1,20})\s{0,5}\}\}")
_PICTURE = re.compile(r"<img[^>]*>")


def cleaned(html: str) -> str:
    """As it may be kept: empty when it says nothing. Pictures are left out: they would be an attachment of every mail."""
    kept = _PICTURE.sub("", clean(html[:MAX_HTML], cid={}).html)
    return kept if to_text(kept).strip() else ""


def filled(html: str, values: Mapping[str, str]) -> str:
    """Every known variable replaced; an unknown one stays, for its author to see."""
    return _VARIABLE.sub(lambda found: entities.escape(values.get(found[1], found[0]), quote=False), html)


def as_text(html: str) -> str:
    return to_text(html).strip()
