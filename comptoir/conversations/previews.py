"""What a chat message is in one line of the list: a word that the browser has in its language, and the words of the customer. Pure."""

from collections.abc import Sequence

from comptoir.channels.chat import (
    Cards,
    Choice,
    Content,
    Form,
    Location,
    MediaRef,
    Notice,
    Order,
    Sticker,
    TemplateSent,
    Unsupported,
    Voice,
)

LENGTH = 160


def what(content: Content | None, media: Sequence[MediaRef]) -> str | None:
    """None for plain words."""
    if content is None or isinstance(content, Unsupported):
        found = media[0].media_type.partition("/")[0] if media else "" if content is None else "unsupported"
        return (found if found in ("image", "audio", "video", "unsupported") else "document") if found else None
    if isinstance(content, Notice):
        return content.code[:24]
    words = {
        Location: "location",
        Cards: "cards",
        Voice: "voice",
        Sticker: "sticker",
        Choice: "choice",
        Form: "form",
        Order: "order",
        TemplateSent: "template",
    }
    return words[type(content)]


def words(text: str, content: Content | None, media: Sequence[MediaRef]) -> str:
    """What was written, else what names it: a place, a person, a file."""
    line = " ".join(text[: 4 * LENGTH].split()) or named(content) or (media[0].name if media else "")
    return line if len(line) <= LENGTH else line[: LENGTH - 1].rstrip() + "…"


def named(content: Content | None) -> str:
    """The name of what it holds; "" where it has none."""
    match content:
        case Location(name=name, address=address):
            return name or address
        case Cards(cards=cards):
            return ", ".join(card.name for card in cards if card.name)
        case Choice(title=title):
            return title
        case Form(name=name):
            return name
        case Order(lines=lines):
            return ", ".join(f"{line.quantity:g} × {line.code}" for line in lines)
    return ""


def searched(content: Content | None) -> list[str]:
    """What else should find it: a part number in an order or in a form's answer, a phone on a card."""
    match content:
        case Location(name=name, address=address):
            return [name, address]
        case Cards(cards=cards):
            return [
                word for card in cards for word in (card.name, card.organisation, *card.phones, *card.emails) if word
            ]
        case Form(answers=answers):
            return [answer.answer for answer in answers]
        case Order(lines=lines):
            return [line.code for line in lines]
    return []
