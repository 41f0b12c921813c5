"""Bytes to text when the label lies, is missing, or names a charset nobody has.

Strict decoding under the declared name first; then the likely truths; replacement characters only at the very end.
The result never holds a NUL or a lone surrogate, which PostgreSQL and UTF-8 refuse.
"""

import codecs
import re

# Names seen in real mail that Python does not know, or knows as a smaller set than what senders mean by them.
_ALIASES = {
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "utf8mb4": "utf-8",
    "utf-8mb4": "utf-8",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "x-ansi": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "big5": "big5hkscs",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
}
# Python calls these text encodings; a mail that names one is playing (punycode is quadratic, the escapes run mini-languages).
_REFUSED = frozenset(
    {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "unicode-escape"}
)
_NAME = re.compile(r"[a-z0-9][a-z0-9._:+-]{0,39}")
_WINDOWS = re.compile(r"(?:x-)?(?:windows|cp|win)-?(125\d|874)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_GUESS_FROM = 8_192


def decode(content: bytes, declared: str = "") -> str:
    codec = known(declared)
    if codec == "utf-8" or not codec:
        return clean(_undeclared(content, is_known=bool(codec)))
    try:
        return clean(content.decode(codec))
    except (UnicodeError, ValueError):
        pass
    try:
        return clean(content.decode("utf-8"))
    except UnicodeError:
        return clean(content.decode(codec, "replace"))


def known(declared: str) -> str:
    """The codec to use for a declared charset, or an empty string when there is none to trust."""
    name = declared.strip().strip("\"'").lower()
    match = _NAME.match(name)
    if not match:
        return ""
    name = match.group()
    name = _ALIASES.get(name, name)
    windows = _WINDOWS.match(name)
    if windows:
        return f"cp{windows.group(1)}"
    if name in _REFUSED:
        return ""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    return info.name if getattr(info, "_is_text_encoding", False) and info.name not in _REFUSED else ""


def clean(text: str) -> str:
    text = text.replace("\x00", "")
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _undeclared(content: bytes, *, is_known: bool) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeError:
        pass
    broken = content.decode("utf-8", "replace")
    foreign = sum(1 for char in broken[:_GUESS_FROM] if char > "\x7f")
    if foreign > 4 * broken[:_GUESS_FROM].count("\ufffd"):
        return broken  # UTF-8 with an accident in it, not another charset
    codec = "" if is_known else _guess(content[:_GUESS_FROM])
    return content.decode(codec or "cp1252", "replace")


def _guess(sample: bytes) -> str:
    from charset_normalizer import from_bytes  # a heavy import that most processes never need

    best = from_bytes(sample, threshold=0.2).best()
    return known(best.encoding) if best else ""
