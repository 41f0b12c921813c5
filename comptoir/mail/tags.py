"""A linear reading of HTML: text, tags, and how much work a real parser would have with them.

HTML parsers are quadratic on some input (100,000 nested tags, a tag with 200,000 attributes, formatting reopened in every
paragraph), and a mail's author chooses the input. This reader never goes back, so it can be asked first.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
RAW_TEXT = frozenset(["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript"])
_IMPLIED_END = frozenset(["p", "li", "td", "th", "tr", "dd", "dt", "option", "tbody", "thead", "tfoot", "colgroup"])
_MAX_WORK = 3_000_000
_MAX_ATTRIBUTE_WORDS = 2_000

_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,60})[^\s/>]*")
# Attributes as HTML 5 reads them: a quote opens a value only right behind the equals sign. Possessive: no way back.
_ATTRIBUTES = re.compile(
    r"""(?:[\s/]*+[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+|[\s/=]++)*+"""
)
_ATTRIBUTE = re.compile(r"""([^\s/>=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*+)))?+""")


class Tag(NamedTuple):
    """`text` is what stood before the tag, entities untouched. A closing tag has no attributes; the last tag has no name."""

    text: str
    name: str
    is_closing: bool
    attributes: str


def read(html: str) -> Iterator[Tag]:
    position = begun = 0
    while True:
        position = html.find("<", position)
        if position < 0:
            break
        match = _NAME.match(html, position)
        if match is None:
            if html.startswith(("<!", "<?", "</"), position):
                text, position = html[begun:position], _after_comment(html, position)
                begun = position
                yield Tag(text, "", False, "")
            else:
                position += 1
            continue
        text, name = html[begun:position], match.group(2).lower()
        attributes = _ATTRIBUTES.match(html, match.end())
        end = attributes.end() if attributes else match.end()
        close = html.find(">", end)
        position = begun = len(html) if close < 0 else close + 1
        yield Tag(text, name, bool(match.group(1)), html[match.end() : end])
        if name in RAW_TEXT and not match.group(1):
            position = begun = _raw_text_end(html, name, position)
    yield Tag(html[begun:], "", False, "")


def attributes(source: str) -> dict[str, str]:
    """The attributes of one tag, lower-cased names, values with their entities untouched; the first of a name counts."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(source[:16_384]):
        found.setdefault(match.group(1).lower(), match.group(2) or match.group(3) or match.group(4) or "")
    return found


def is_bearable(html: str) -> bool:
    """Whether a parser would build this tree in reasonable time and memory.

    The work is the number of open elements at every opening: nesting makes it quadratic, and so do the formatting
    elements that a parser reopens in each new block.
    """
    opened: dict[str, int] = {}
    depth = work = 0
    for tag in read(html):
        if not tag.name:
            continue
        if len(tag.attributes) > _MAX_ATTRIBUTE_WORDS and len(tag.attributes.split()) > _MAX_ATTRIBUTE_WORDS:
            return False
        work += depth + 1
        if work > _MAX_WORK:
            return False
        if tag.name in VOID or tag.name in _IMPLIED_END:
            continue
        if not tag.is_closing:
            opened[tag.name] = opened.get(tag.name, 0) + 1
            depth += 1
        elif opened.get(tag.name, 0):
            opened[tag.name] -= 1
            depth -= 1
    return True


def _after_comment(html: str, position: int) -> int:
    if html.startswith("<!--", position):
        if html.startswith(("<!-->", "<!--->"), position):
            return html.index(">", position) + 1
        end = html.find("-->", position + 4)
        return len(html) if end < 0 else end + 3
    end = html.find(">", position)
    return len(html) if end < 0 else end + 1


def _raw_text_end(html: str, name: str, position: int) -> int:
    match = re.compile(rf"</{re.escape(name)}(?=[\s/>])", re.IGNORECASE).search(html, position)
    return match.start() if match else len(html)
