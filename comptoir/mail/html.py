"""Mail HTML made safe to show in the sandboxed frame, and read as plain text.

Four walls, each enough by itself against most attacks: this cleaning, the sandbox, the frame's content security policy, and
the image proxy. Cleaning works by permission: an element, attribute, style or address that is not listed here goes.
"""

import html as entities
import re
from collections.abc import Callable, Mapping

import nh3
from msgspec import Struct

from comptoir.mail import tags
from comptoir.mail.plain import to_text
from comptoir.mail.styles import safe_style

__all__ = ["PLACEHOLDER", "Cleaned", "clean", "page", "to_text"]

MAX_HTML = 1_000_000
_MAX_DATA_IMAGE = 512 * 1024

# One transparent pixel: what stands where a remote image would be, drawn as a small dashed box whatever room it had asked for.
PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

# fmt: off
_TAGS = {
    "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center",
    "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption",
    "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li",
    "main", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
}
# fmt: on
_EVERYWHERE = {"style", "dir", "lang", "title", "align", "class", "id"}
_CELL = {"width", "height", "bgcolor", "valign", "colspan", "rowspan", "nowrap"}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": _EVERYWHERE,
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "border"},
    "table": {"width", "height", "bgcolor", "border", "cellpadding", "cellspacing"},
    "td": _CELL,
    "th": _CELL,
    "tr": {"bgcolor", "valign", "height"},
    "col": {"width", "span"},
    "colgroup": {"width", "span"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "li": {"value", "type"},
    "hr": {"width", "size", "color", "noshade"},
    "blockquote": {"type"},
    "details": {"open"},
}
# Only the marks by which mail programs set a quoted history apart survive, for folding it.
_QUOTE_CLASSES = frozenset(
    ["gmail_quote", "gmail_attr", "gmail_quote_container", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote"]
)
_QUOTE_IDS = frozenset(
    {"divrplyfwdmsg", "appendonsend", "olk_src_body_section", "mail-editor-reference-message-container"}
)
# fmt: off
_DROPPED_WITH_CONTENT = {
    "script", "style", "title", "textarea", "select", "noscript", "svg", "math", "iframe", "template", "object",
    "xmp", "noembed", "noframes",
}
# fmt: on
_SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}
_SPACE = re.compile("[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060\ufeff]+")
_DATA_IMAGE = re.compile(r"data:image/(?:png|gif|jpe?g|webp|bmp);base64,[A-Za-z0-9+/=%]*", re.IGNORECASE)
_PAGE_STYLE = (
    "html{color-scheme:light;background:#fff;color:#1f2328}"
    "body{margin:0;padding:2px;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;"
    "overflow-wrap:anywhere}"
    "img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}"
    "blockquote{margin:.5em 0 .5em .25em;padding-left:.75em;border-left:2px solid #d0d7de}a{color:#0969da}"
    f"img[src='{PLACEHOLDER}']{{box-sizing:border-box;width:auto;height:auto;min-width:20px;min-height:20px;max-width:96px;"
    "max-height:20px;padding:0 4px;border:1px dashed #c3ccd5!important;border-radius:4px;background:#f4f6f8;"
    "vertical-align:middle}"
    f"img[src='{PLACEHOLDER}']:is([width='0'],[width='1'],[width='2'],[height='0'],[height='1'],[height='2']){{display:none}}"
    "::highlight(found){background:#fff2a8;color:#1f2328}"
    "details.history>summary{cursor:pointer;width:max-content;padding:0 .5em;border-radius:.5em;background:#eaeef2}"
)


class Cleaned(Struct, frozen=True):
    """`html` may be put in the frame. `remote_images` counts the images that are elsewhere, shown or not."""

    html: str
    remote_images: int


def clean(html: str, *, cid: Mapping[str, str], image_proxy: Callable[[str], str] | None = None) -> Cleaned:
    """`cid` maps Content-IDs (no brackets) to our own URLs. Without `image_proxy` no remote image is loaded."""
    html = html.replace("\x00", "")
    if len(html) > MAX_HTML or not tags.is_bearable(html):
        return Cleaned(f'<div style="white-space:pre-wrap">{entities.escape(to_text(html))}</div>', 0)
    cleaning = _Cleaning({key.strip("<>").lower(): url for key, url in cid.items()}, image_proxy)
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=cleaning.attribute,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return Cleaned(cleaned, cleaning.remote_images)


def page(cleaned_html: str, *, language: str = "") -> str:
    """The whole document that the frame shows: white paper whatever the theme, because mails are written for it."""
    lang = f' lang="{entities.escape(language)}"' if language else ""
    return (
        f'<!doctype html><html{lang}><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        f'<meta name="viewport" content="width=device-width"><title></title><style>{_PAGE_STYLE}</style></head>'
        f'<body dir="auto">{cleaned_html}</body></html>'
    )


class _Cleaning:
    """What one cleaning knows while attributes pass by."""

    def __init__(self, cid: Mapping[str, str], image_proxy: Callable[[str], str] | None) -> None:
        self.cid = cid
        self.image_proxy = image_proxy
        self.remote_images = 0

    def attribute(self, tag: str, name: str, value: str) -> str | None:
        if name == "style":
            return safe_style(value) or None
        if name == "href":
            return _link(value)
        if name == "src":
            return self._image(value)
        if name == "class":
            return " ".join(word for word in value.split() if word in _QUOTE_CLASSES) or None
        if name == "id":
            return value if value.lower() in _QUOTE_IDS else None
        return None if len(value) > 2_000 else value

    def _image(self, value: str) -> str | None:
        url = _SPACE.sub("", value)
        scheme = url.split(":", 1)[0].lower()
        own = self.cid.get(url[4:].lower() if scheme == "cid" else url.lower())
        if own is not None:
            return own
        if scheme == "data":
            return url if len(url) <= _MAX_DATA_IMAGE and _DATA_IMAGE.fullmatch(url) else None
        if url.startswith("//"):
            url, scheme = f"https:{url}", "https"
        if scheme not in ("http", "https"):
            return None
        self.remote_images += 1
        return self.image_proxy(url) if self.image_proxy else PLACEHOLDER


def _link(value: str) -> str | None:
    url = _SPACE.sub("", value) if not value.lower().lstrip().startswith(("mailto:", "tel:")) else value.strip()
    if url.startswith("//"):
        url = f"https:{url}"
    is_allowed = url.split(":", 1)[0].lower() in ("http", "https", "mailto", "tel") and ":" in url
    return url if is_allowed and len(url) <= 8_192 else None
