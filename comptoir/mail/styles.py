"""Inline styles by permission. A style can call home (`url(`), cover the page or hide behind an escape; what is left here is
colour, type, spacing and borders.
"""

import re

_MAX_STYLE = 8_192
_PROPERTY = re.compile(
    r"(?:color|background|background-color|font|font-(?:family|size|style|variant|weight)|"
    r"text-(?:align|decoration|decoration-(?:line|color|style)|indent|transform)|line-height|letter-spacing|word-spacing|"
    r"white-space|word-(?:break|wrap)|overflow-wrap|vertical-align|direction|unicode-bidi|"
    r"(?:margin|padding)(?:-(?:top|right|bottom|left))?|border(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width))?|"
    r"border-radius|border-collapse|border-spacing|(?:min-|max-)?(?:width|height)|display|float|clear|"
    r"list-style(?:-type|-position)?|table-layout|caption-side|empty-cells|opacity|visibility|tab-size)"
)
# No backslash (escapes hide names), no comment, no at-rule, no markup, and of all functions only the colours.
_DANGER = re.compile(r"[\\@<>{}]|/\*|expression|javascript|-moz-|behavio")
_FUNCTION = re.compile(r"([a-z-]*)\s*\(")
_COLOURS = frozenset({"rgb", "rgba", "hsl", "hsla"})


def safe_style(style: str) -> str:
    style = style[:_MAX_STYLE]
    if "\\" in style or "/*" in style:
        return ""
    kept = []
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if colon and value and _PROPERTY.fullmatch(name) and _is_safe(value.lower()):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def _is_safe(value: str) -> bool:
    if _DANGER.search(value) or not value.isprintable():
        return False
    return all(name in _COLOURS for name in _FUNCTION.findall(value))
