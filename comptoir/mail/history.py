"""The mail that an answer quotes and the mail that a forward carries, as French and English mail programs write them, in text
and in HTML. What is written here is what `quotes` and `folding` recognise when it comes back.
"""

import html as entities
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from comptoir.channels.port import Person
from comptoir.mail.html import clean

MAX_TEXT = 100_000
MAX_HTML = 300_000

# fmt: off
_DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"),
}
# fmt: on
_FIELDS = {
    "fr": ("Message transféré", "De\xa0: ", "Date\xa0: ", "Objet\xa0: ", "À\xa0: ", "Cc\xa0: "),
    "en": ("Forwarded message", "From: ", "Date: ", "Subject: ", "To: ", "Cc: "),
}
_CITE = '<blockquote type="cite" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">'
_WITHOUT_PICTURE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")


class Past(Struct, frozen=True):
    """A mail that was. `at` is in the time zone to write it in; `html` may be empty; `pictures` maps Content-IDs of its HTML
    to where they are now (`cid:` for those that go along), the others are left out."""

    at: datetime
    sender: Person
    subject: str = ""
    to: Sequence[Person] = ()
    cc: Sequence[Person] = ()
    text: str = ""
    html: str = ""
    pictures: Mapping[str, str] = {}


class Passage(Struct, frozen=True):
    """The same in both forms. The HTML is clean."""

    text: str
    html: str


def quote(past: Past, language: str) -> Passage:
    """Below an answer: who wrote, when, and their words behind `> `."""
    line = _attribution(past, language)
    return Passage(
        f"{line}\n{_behind_marks(past.text[:MAX_TEXT])}",
        f'<div class="gmail_quote"><div class="gmail_attr">{entities.escape(line)}</div>{_CITE}{_html(past)}'
        "</blockquote></div>",
    )


def forward(past: Past, language: str) -> Passage:
    """A whole mail for somebody else: its envelope, then its words as they are."""
    title, *_ = _FIELDS[language]
    fields = _envelope(past, language)
    text = "\n".join([f"---------- {title} ----------", *(name + value for name, value in fields)])
    lines = "".join(f"<b>{name}</b>{entities.escape(value)}<br>" for name, value in fields)
    return Passage(
        f"{text}\n\n{past.text[:MAX_TEXT]}",
        f'<div class="gmail_quote"><div class="gmail_attr">---------- {title} ----------<br>{lines}</div><br>'
        f"{_html(past)}</div>",
    )


def written_at(at: datetime, language: str) -> str:
    day, month = _DAYS[language][at.weekday()], _MONTHS[language][at.month - 1]
    if language == "fr":
        return f"{day} {at.day} {month} {at.year} à {at:%H:%M}"
    return f"{day}, {month} {at.day}, {at.year} at {at:%H:%M}"


def _attribution(past: Past, language: str) -> str:
    at, who = written_at(past.at, language), _person(past.sender)
    return f"Le {at}, {who} a écrit\xa0:" if language == "fr" else f"On {at}, {who} wrote:"


def _envelope(past: Past, language: str) -> list[tuple[str, str]]:
    _, *names = _FIELDS[language]
    values = (
        _person(past.sender),
        written_at(past.at, language),
        past.subject,
        ", ".join(map(_person, past.to)),
        ", ".join(map(_person, past.cc)),
    )
    return [(name, value) for name, value in zip(names, values, strict=True) if value]


def _person(person: Person) -> str:
    return f"{person.name} <{person.address}>" if person.name and person.address else person.name or person.address


def _behind_marks(text: str) -> str:
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in text.split("\n"))


def _html(past: Past) -> str:
    """Its own HTML, cleaned; its text where there is none, or far too much."""
    if not past.html or len(past.html) > MAX_HTML:
        return entities.escape(past.text[:MAX_TEXT], quote=False).replace("\n", "<br>")
    cleaned = clean(past.html, cid=past.pictures, image_proxy=lambda url: url).html
    return _WITHOUT_PICTURE.sub("", cleaned)
