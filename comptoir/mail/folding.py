"""The quoted history of an HTML mail, folded behind a native `<details>`: the frame runs no script and needs none.

Works on what `html.clean` returned, whose tags are balanced. A history with an answer inside it is left open: hiding the
customer's words is worse than showing too many.
"""

import re

from comptoir.mail import tags
from comptoir.mail.plain import to_text

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*+")*+)>')
_CONTAINER = re.compile(r'class="[^"]*(?:gmail_quote|yahoo_quoted|protonmail_quote)')
_PREFIX = re.compile(r'class="[^"]*(?:moz-cite-prefix)')
_REST = re.compile(
    r'id="(?:divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|mail-editor-reference-message-container)"', re.IGNORECASE
)
_CITATION = re.compile(r'type="cite"')
_ATTRIBUTION = re.compile(r'<div[^>]*class="[^"]*gmail_attr[^>]*+>.*?</div>', re.DOTALL)


def mark_quotes(cleaned_html: str) -> str:
    """The same HTML with its quoted history, when there is one, inside `<details class="history">`."""
    found = _history(cleaned_html)
    if found is None:
        return cleaned_html
    start, end = found
    if not to_text(cleaned_html[:start]).strip() and not to_text(cleaned_html[end:]).strip():
        return cleaned_html
    folded = f'<details class="history"><summary>•••</summary>{cleaned_html[start:end]}</details>'
    return f"{cleaned_html[:start]}{folded}{cleaned_html[end:]}"


def _history(html: str) -> tuple[int, int] | None:
    citations: list[tuple[int, int]] = []
    prefix = -1
    position = 0
    while match := _TAG.search(html, position):
        position = match.end()
        name, attributes = match.group(2), match.group(3)
        if match.group(1) or not attributes:
            continue
        if _REST.search(attributes):
            return match.start(), _end(html, match.start(), 0)
        if _CONTAINER.search(attributes):
            end = _end(html, position, 1, is_own=True)
            return None if _has_answer(html[position:end]) else (match.start(), end)
        if name == "div" and _PREFIX.search(attributes):
            prefix = match.start()
        elif name == "blockquote" and _CITATION.search(attributes):
            end = _end(html, position, 1, is_own=True)
            between = html[prefix : match.start()] if prefix >= 0 else ""
            is_announced = (
                prefix >= 0 and between.count("<div") <= 1 and not to_text(between.partition("</div>")[2]).strip()
            )
            citations.append((prefix if is_announced else match.start(), end))
            position, prefix = end, -1
            if len(citations) > 1:
                return None  # answers stand between them
    return citations[0] if citations else None


def _end(html: str, position: int, depth: int, *, is_own: bool = False) -> int:
    """Where the element that is open at `position` closes: behind its closing tag, or before its parent's."""
    while match := _TAG.search(html, position):
        if match.group(1):
            depth -= 1
            if depth < (1 if is_own else 0):
                return match.end() if is_own else match.start()
        elif match.group(2) not in tags.VOID:
            depth += 1
        position = match.end()
    return len(html)


def _has_answer(inside: str) -> bool:
    """Whether there are words in a history that are neither quoted nor the line that announces it."""
    without = _ATTRIBUTION.sub("", inside, count=1)
    lines = [line for line in to_text(without).splitlines() if line.strip()]
    quoted = [line for line in lines if line.startswith(">")]
    return bool(quoted) and any(not line.startswith(">") for line in lines[lines.index(quoted[0]) :])
