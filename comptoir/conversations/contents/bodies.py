"""The HTML of a mail as a page of its own, for a frame that may do nothing: cleaned here, fenced by its own CSP there."""

from collections.abc import Callable, Mapping

from comptoir.conversations.models import Message, MessageHtml, ReplyBody
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.mail import folding, html

# The frame's element says sandbox too; this holds even when the address is opened directly.
HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' data:;"
        " style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "private, max-age=300",
    "vary": "cookie",  # whoever signs in next in the same browser asks for themselves
}


def body(tx: Transaction, message: Message, *, image_proxy: Callable[[str], str] | None) -> str:
    """The page to show. `image_proxy` turns the address of a remote image into one of ours; None leaves them out."""
    left = tx.session.get(ReplyBody, message.id)
    stored = left if left and left.html else tx.session.get(MessageHtml, message.id)
    if stored is None:
        raise NotFound
    inline = tx.rows(
        "SELECT content_id, id FROM attachments WHERE message_id = :id AND content_id <> ''", id=message.id
    )
    cid = {content_id: f"/api/attachments/{id}/preview" for content_id, id in inline}
    is_forward = any(
        key.startswith("forwarded_") for key in message.context or {}
    )  # what it quotes is what it is about
    return page_of(
        stored.html, cid=cid, image_proxy=image_proxy, language=tx.actor.language, folds_quotes=not is_forward
    )


def page_of(
    source: str,
    *,
    cid: Mapping[str, str],
    image_proxy: Callable[[str], str] | None,
    language: str,
    folds_quotes: bool = True,
) -> str:
    """The HTML of any mail as that page. `cid` maps Content-IDs to addresses of ours."""
    cleaned = html.clean(source, cid=cid, image_proxy=image_proxy).html
    return html.page(folding.mark_quotes(cleaned) if folds_quotes else cleaned, language=language)
