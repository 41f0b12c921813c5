"""Put values where a text has marks: {{1}}, {{first_name}}, {{contact.first_name|dear customer}}. Pure.

One syntax for canned replies and for WhatsApp's templates. A value goes in byte for byte, in one pass: what looks like a mark
inside a value stays as it is. The browser fills the same way for its preview (web: features/templates/filling.ts); both are
held to tests/templates/filling.json.
"""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from comptoir.channels.chat import TemplateButton, TemplateFound, TemplateSent, TemplateUse
from comptoir.templates.errors import HeaderFileMissing, TooLong, ValueMissing, ValueRefused

MARK = re.compile(r"\{\{\s*([A-Za-z0-9_][A-Za-z0-9_.]*)\s*(?:\|([^{}]*))?\}\}")
REFUSED_BY_WHATSAPP = re.compile(r"[\n\r\t\v\f\u2028\u2029]| {4}")
MOST_BODY = 1024  # characters of a filled body, at WhatsApp
MEDIA = ("image", "video", "document")

# What a canned reply may name, and what WhatsApp's variables may be filled from.
FIELDS = (
    "contact.first_name",
    "contact.last_name",
    "contact.name",
    "contact.email",
    "contact.phone",
    "member.first_name",
    "member.name",
    "member.email",
    "conversation.subject",
    "conversation.number",
    "channel.name",
    "channel.address",
    "organisation.name",
)


class Variable(Struct, frozen=True):
    """One mark of a text. `default` is what stands after the bar: used where there is no value."""

    name: str
    default: str = ""


class Filled(Struct, frozen=True):
    """`missing`: the names that had neither a value nor a default; their marks still stand in the text."""

    text: str
    missing: tuple[str, ...]


def variables(text: str) -> list[Variable]:
    """The marks in the order in which they first appear, each name once."""
    found: dict[str, Variable] = {}
    for name, default in MARK.findall(text):
        if name not in found or (default and not found[name].default):
            found[name] = Variable(name, default)
    return list(found.values())


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """A blank value counts as none."""
    missing: dict[str, None] = {}

    def value(mark: re.Match[str]) -> str:
        given = values.get(mark[1], "")
        if given.strip():
            return given
        if mark[2]:
            return mark[2]
        missing[mark[1]] = None
        return mark[0]

    return Filled(MARK.sub(value, text), tuple(missing))


def first_and_last(name: str) -> tuple[str, str]:
    """ "Léa Morel" -> ("Léa", "Morel"). One word is a first name; a name in capitals loses nothing."""
    first, _, last = name.strip().partition(" ")
    return first, last.strip()


# -- a template of WhatsApp


def checked(use: TemplateUse, *, has_header_file: bool) -> TemplateUse:
    """The same, when WhatsApp will take it: every variable has a value that it accepts, a media header has its file.

    A one-time-password button repeats the code of the body, so it is filled from there.
    """
    found = use.found
    button_values = _with_codes(found, use)
    _require(variables(found.body), use.values)
    _require(variables(found.header), use.header_values)  # of its words, or of the address of its file
    for index in wanting_buttons(found.buttons):
        _require([Variable(found.buttons[index].text or str(index))], _named(found, index, button_values))
    if needs_file(found) and not has_header_file:
        raise HeaderFileMissing
    if len(fill(found.body, use.values).text) > MOST_BODY:
        raise TooLong(limit=MOST_BODY)
    return TemplateUse(
        found=found,
        values=dict(use.values),
        header_values=dict(use.header_values),
        button_values=button_values,
        header_file=use.header_file,
    )


def wanting_buttons(buttons: Sequence[TemplateButton]) -> list[int]:
    """The buttons that want a value: an address with a mark, or a code to copy."""
    return [
        index
        for index, button in enumerate(buttons)
        if button.kind in ("copy_code", "otp") or (button.kind == "url" and MARK.search(button.url))
    ]


def needs_file(found: TemplateFound) -> bool:
    """A media header without an address of its own (`header`) wants a file at each sending."""
    return found.header_format in MEDIA and not found.header


def sent(template_id: int, use: TemplateUse) -> tuple[str, TemplateSent]:
    """The words of the message, and what stands around them, as the customer will see them."""
    found = use.found
    return fill(found.body, use.values).text, TemplateSent(
        template_id=template_id,
        name=found.name,
        language=found.language,
        header=fill(found.header, use.header_values).text if found.header_format == "text" else "",
        footer=found.footer,
        buttons=tuple(button.text for button in found.buttons),
    )


def _require(wanted: Sequence[Variable], values: Mapping[str, str]) -> None:
    missing = [variable.name for variable in wanted if not values.get(variable.name, "").strip()]
    if missing:
        raise ValueMissing(names=", ".join(missing))
    for variable in wanted:
        if REFUSED_BY_WHATSAPP.search(values[variable.name]):
            raise ValueRefused(name=variable.name)


def _named(found: TemplateFound, index: int, values: Mapping[int, str]) -> dict[str, str]:
    """A button has one value, and is called by its words in an error."""
    return {found.buttons[index].text or str(index): values.get(index, "")}


def _with_codes(found: TemplateFound, use: TemplateUse) -> dict[int, str]:
    values = dict(use.button_values)
    for index, button in enumerate(found.buttons):
        if button.kind == "otp" and not values.get(index) and use.values:
            values[index] = next(iter(use.values.values()))
    return values
