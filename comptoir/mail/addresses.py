"""The people in address headers. One pass over tokens, no recursion: comments nest by counting, groups and routes are peeled off.

What has no address in it is dropped, never invented; what is malformed is searched for the first thing that looks like one.
"""

import re
from collections.abc import Iterable

from comptoir.channels.port import Person
from comptoir.mail.headers import decode_words, one_line

MAX_PEOPLE = 1_000
_MAX_VALUE = 64 * 1024
_MAX_NAME = 200

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|<[^>]*>?|[(),;:]|[^"<(),;:]+', re.DOTALL)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,128}@[^\s<>(),;:\"@\\]{1,255}")
_QUOTED_LOCAL = re.compile(r'"[^"\\]{1,64}"@[^\s<>(),;:"@\\]{1,255}')


def people(values: Iterable[str]) -> tuple[Person, ...]:
    """Everyone named in these header values (encoded words untouched), in order, each address once."""
    found: dict[str, Person] = {}
    for value in values:
        for person in _read(value[:_MAX_VALUE]):
            if len(found) >= MAX_PEOPLE:
                return tuple(found.values())
            found.setdefault(person.address, person)
    return tuple(found.values())


def person(value: str) -> Person | None:
    """The first person in one header value, if there is any."""
    found = people([value])
    return found[0] if found else None


class _Mailbox:
    """What has been read of one mailbox since the last comma."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.comments: list[str] = []
        self.angle = ""

    def finish(self, carried: str) -> tuple[Person | None, str]:
        """The person, or the words to carry over a comma: `Dupont, Jean <jean@dupont.fr>` is one mailbox."""
        words = "".join(self.words).strip()
        address = _address(self.angle) if self.angle else ""
        if not address:
            address = _address(words)
            if not address:
                return None, words
            words = words[: max(0, words.lower().find(address))]
        name = words or " ".join(self.comments)
        if carried and self.angle and words:
            name = f"{carried}, {name}"
        return Person(address, _name(name, address)), ""


def _read(value: str) -> Iterable[Person]:
    mailbox, carried, depth, comment = _Mailbox(), "", 0, ""
    for match in _TOKEN.finditer(value):
        token = match.group()
        if token == "(":
            depth += 1
        elif depth:
            if token == ")":
                depth -= 1
                if not depth:
                    mailbox.comments.append(comment.strip())
                    comment = ""
            elif len(comment) < _MAX_NAME:
                comment += token
        elif token in ",;":
            found, carried = mailbox.finish(carried)
            if found:
                yield found
            carried = carried if token == "," else ""
            mailbox = _Mailbox()
        elif token == ":":
            mailbox.words.clear()
        elif token.startswith("<") and not mailbox.angle:
            mailbox.angle = token
        elif len(mailbox.words) < _MAX_NAME:
            mailbox.words.append(token)
    found, _ = mailbox.finish(carried)
    if found:
        yield found
    elif depth:
        yield from _last_resort(value)


def _last_resort(value: str) -> Iterable[Person]:
    match = _ADDRESS.search(value)
    if match:
        yield Person(match.group().lower())


def _address(text: str) -> str:
    text = text.strip().strip("<>").strip()
    if text.lower().startswith("mailto:"):
        text = text[7:]
    if text.startswith("@") and ":" in text:
        text = text.rsplit(":", 1)[1]
    match = _QUOTED_LOCAL.search(text) or _ADDRESS.search(text)
    return match.group().strip("'.").lower() if match else ""


def _name(text: str, address: str) -> str:
    text = text.strip()
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        text = text[1:-1]
    text = re.sub(r"\\(.)", r"\1", text)
    text = one_line(decode_words(text)).strip("\"' ")
    return "" if text.lower() == address else text[:_MAX_NAME]
