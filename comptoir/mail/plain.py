"""HTML read as plain text, in linear time: for mails without a plain part, for the preview, for search and for quoted history."""

import html as entities
import re

from comptoir.mail import tags

MAX_HTML = 2_000_000
_MAX_TEXT = 1_000_000

# fmt: off
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "html", "li", "main",
    "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "title", "tr", "ul",
})
# fmt: on
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "pre"})
_UNREAD = tags.RAW_TEXT | {"head"}
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def to_text(html: str) -> str:
    """The words of the HTML, one paragraph per block, quoted history behind `> `, in linear time."""
    writing = _Writing()
    hidden, hidden_depth = "", 0
    for tag in tags.read(html[:MAX_HTML]):
        if hidden:
            if tag.name == hidden:
                hidden_depth += -1 if tag.is_closing else 1
                hidden = hidden if hidden_depth else ""
            continue
        writing.add(tag.text)
        if not tag.name or tag.is_closing:
            writing.close(tag.name)
            continue
        is_hidden = tag.attributes and tag.name not in tags.VOID and _HIDDEN.search(tag.attributes[:2_000])
        if is_hidden or tag.name == "title":
            hidden, hidden_depth = tag.name, 1
            continue
        writing.open(tag)
    return writing.text()[:_MAX_TEXT]


class _Writing:
    """Lines being written: breaks are remembered and paid before the next words, so blocks never pile up empty lines."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._line: list[str] = []
        self._breaks = 0
        self._quotes = 0
        self._written_quotes = 0
        self._preformatted = 0

    def add(self, source: str) -> None:
        if not source:
            return
        text = entities.unescape(source).replace("\xa0", " ").replace("\x00", "")
        if self._preformatted:
            for index, line in enumerate(text.split("\n")):
                if index:
                    self._end_line()
                self._put(line)
            return
        text = _BLANKS.sub(" ", text)
        if text == " " and not self._line:
            return
        self._put(text if self._line else text.lstrip(" "))

    def open(self, tag: tags.Tag) -> None:
        if tag.name == "br":
            self._end_line()
        elif tag.name == "hr":
            self._break(1)
            self._put("_" * 32)
            self._break(1)
        elif tag.name == "img":
            alt = entities.unescape(tags.attributes(tag.attributes).get("alt", "")).strip()
            self._put(f"[{' '.join(alt.split())[:200]}]" if alt else "")
        elif tag.name in ("td", "th") and self._line:
            self._put(" ")
        elif tag.name in _BLOCKS:
            self._break(2 if tag.name in _SPACED else 1)
            if tag.name == "blockquote":
                self._quotes += 1
            elif tag.name == "pre":
                self._preformatted += 1
            elif tag.name == "li":
                self._put("- ")

    def close(self, name: str) -> None:
        if name not in _BLOCKS:
            return
        self._break(2 if name in _SPACED else 1)
        if name == "blockquote":
            self._quotes = max(0, self._quotes - 1)
        elif name == "pre":
            self._preformatted = max(0, self._preformatted - 1)

    def text(self) -> str:
        self._break(1)
        return "\n".join(self._done).strip("\n")

    def _put(self, text: str) -> None:
        if not text:
            return
        if not self._line:
            blank = ">" * min(self._quotes, self._written_quotes)
            self._done.extend([blank] * (self._breaks - 1 if self._done else 0))
            self._breaks = 0
        self._line.append(text)

    def _end_line(self) -> None:
        if self._line or self._breaks:
            self._flush()
            self._breaks = min(self._breaks + 1, 3)
        else:
            self._breaks = 2 if self._done else 0

    def _break(self, breaks: int) -> None:
        self._flush()
        self._breaks = max(self._breaks, breaks)

    def _flush(self) -> None:
        if self._line:
            self._written_quotes = min(self._quotes, 20)
            prefix = ">" * self._written_quotes
            line = "".join(self._line).rstrip()
            self._done.append(f"{prefix} {line}" if prefix else line)
            self._line = []
