"""Where the words of a mail end and the quoted history begins, in French and English formats first.

Nothing is ever deleted: a split is a list of passages that rebuild the text exactly, and the interface folds the quoted ones.
When in doubt a line is the customer's. Every pattern is linear on one line of bounded length.
"""

from typing import Literal

from msgspec import Struct

from comptoir.mail import attributions
from comptoir.mail.attributions import normal

MAX_TEXT = 200_000
_PREVIEW = 160

Kind = Literal["visible", "quoted", "signature"]


class Passage(Struct, frozen=True):
    kind: Kind
    text: str


class Split(Struct, frozen=True):
    """`"".join(passage.text for passage in passages)` is the text that was split."""

    passages: tuple[Passage, ...]

    @property
    def visible(self) -> str:
        return "".join(passage.text for passage in self.passages if passage.kind == "visible").strip("\n")

    @property
    def quoted(self) -> str:
        return "".join(passage.text for passage in self.passages if passage.kind == "quoted")


def split(text: str) -> Split:
    """Text beyond 200,000 characters goes with the last passage; a mail that is nothing but history is shown whole."""
    head, tail = text[:MAX_TEXT], text[MAX_TEXT:]
    lines = head.splitlines(keepends=True)
    kinds = _classify([normal(line) for line in lines])
    if not any(kind == "visible" and line.strip() for kind, line in zip(kinds, lines, strict=True)):
        kinds = ["visible"] * len(lines)
    passages: list[Passage] = []
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or kinds[index] != kinds[start]:
            passages.append(Passage(kinds[start], "".join(lines[start:index])))
            start = index
    if tail:
        last = passages.pop() if passages else Passage("visible", "")
        passages.append(Passage(last.kind, last.text + tail))
    return Split(tuple(passages))


def preview(text: str) -> str:
    """The first words of the message itself, on one line of at most 160 characters."""
    words = " ".join(split(text[:20_000]).visible[:2_000].split())
    return words if len(words) <= _PREVIEW else words[: _PREVIEW - 1].rsplit(" ", 1)[0].rstrip() + "…"


def _classify(lines: list[str]) -> list[Kind]:
    kinds: list[Kind] = ["visible"] * len(lines)
    has_words = False
    index = 0
    while index < len(lines):
        if _is_signature(lines, index) and has_words:
            end = _signature_end(lines, index)
            kinds[index:end] = ["signature"] * (end - index)
            index = end
            continue
        height = attributions.height(lines, index)
        end = _history_end(lines, index, height, has_words=has_words)
        if end > index:
            kinds[index:end] = ["quoted"] * (end - index)
            index = end
            continue
        has_words = has_words or bool(lines[index])
        index += 1
    _fold_advertisements(lines, kinds)
    _fold_blank_lines(lines, kinds)
    return kinds


def _history_end(lines: list[str], index: int, height: int, *, has_words: bool) -> int:
    """The line behind the history that starts here, or `index` when none does."""
    if is_quoted(lines[index]):
        return _quoted_end(lines, index)
    if _is_barred(lines, index):
        return _barred_end(lines, index)
    if not height:
        return index
    after = index + height
    while after < len(lines) and not lines[after]:
        after += 1
    if after < len(lines) and (is_quoted(lines[after]) or _is_barred(lines, after)):
        end = _quoted_end(lines, after) if is_quoted(lines[after]) else _barred_end(lines, after)
        return end
    return len(lines) if has_words else index + height


def is_quoted(line: str) -> bool:
    return line.startswith(">")


def _quoted_end(lines: list[str], index: int) -> int:
    """Behind the last line of this quotation: blank lines inside it belong to it, a line that a mail program broke does too."""
    end = index
    while index < len(lines):
        if is_quoted(lines[index]):
            index += 1
            end = index
        elif not lines[index]:
            index += 1
        elif _is_broken_quotation(lines, index):
            index += 1
            end = index
        else:
            break
    return end


def _is_broken_quotation(lines: list[str], index: int) -> bool:
    """A stray end of a quoted line that was wrapped without its mark: between two quoted lines, right behind the first."""
    before, line = lines[index - 1], lines[index]
    after = lines[index + 1] if index + 1 < len(lines) else ""
    if not (is_quoted(before) and is_quoted(after)):
        return False
    return line.endswith(">") or (len(before) >= 70 and len(before) + len(line.split(" ", 1)[0]) > 74)


def _is_barred(lines: list[str], index: int) -> bool:
    return lines[index].startswith("|") and index + 1 < len(lines) and lines[index + 1].startswith("|")


def _barred_end(lines: list[str], index: int) -> int:
    while index < len(lines) and lines[index].startswith("|"):
        index += 1
    return index


def _is_signature(lines: list[str], index: int) -> bool:
    """The usual two dashes; with nothing else on the line, and something written below."""
    return lines[index] == "--" and any(lines[index + 1 : index + 3])


def _signature_end(lines: list[str], index: int) -> int:
    index += 1
    while index < len(lines):
        if is_quoted(lines[index]) or attributions.height(lines, index):
            break
        index += 1
    return index


def _fold_advertisements(lines: list[str], kinds: list[Kind]) -> None:
    """ "Sent from my telephone", as long as no words of the customer come below it."""
    for index in range(len(lines) - 1, -1, -1):
        if kinds[index] != "visible" or not lines[index]:
            continue
        if not attributions.is_sent_from(lines[index]):
            return
        kinds[index] = "signature"


def _fold_blank_lines(lines: list[str], kinds: list[Kind]) -> None:
    """Blank lines above a history or between two histories fold with it."""
    following: Kind = "visible"
    for index in range(len(lines) - 1, -1, -1):
        if lines[index] or kinds[index] != "visible":
            following = kinds[index]
        elif following != "visible":
            kinds[index] = following
