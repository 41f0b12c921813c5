"""What may be sent on WhatsApp, when, and by which provider: the one gate that every sender asks. Pure; facts are data.

Asked when a reply is written and again at the moment it leaves, because a window can close in between.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

WINDOW = timedelta(hours=24)
MARGIN = timedelta(seconds=60)  # the provider's clock and ours differ; the last minute is not worth a refusal
MOST_TEXT = {"meta": 4096, "twilio": 1600}
MOST_CAPTION = 1024

KB, MB = 2**10, 2**20


class FileLimit(Struct, frozen=True):
    """One kind of file. `media_types` empty means any other type. `most_bytes` is the provider's own limit."""

    kind: str
    media_types: tuple[str, ...]
    most_bytes: int
    has_caption: bool


class Abilities(Struct, frozen=True):
    """What a provider can do, as the composer and the thread are told."""

    can_react: bool
    can_quote: bool
    can_mark_read: bool
    can_show_typing: bool
    can_write_to_groups: bool
    most_text: int
    most_caption: int
    files: tuple[FileLimit, ...]


class FileFacts(Struct, frozen=True):
    name: str
    media_type: str
    size: int


_IMAGES = ("image/jpeg", "image/png")
_AUDIO = ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg")
_VIDEO = ("video/mp4", "video/3gpp")

ABILITIES: Mapping[str, Abilities] = {
    "meta": Abilities(
        can_react=True,
        can_quote=True,
        can_mark_read=True,
        can_show_typing=True,
        can_write_to_groups=True,
        most_text=MOST_TEXT["meta"],
        most_caption=MOST_CAPTION,
        files=(
            FileLimit("image", _IMAGES, 5 * MB, True),
            FileLimit("audio", _AUDIO, 16 * MB, False),
            FileLimit("video", _VIDEO, 16 * MB, True),
            FileLimit("sticker", ("image/webp",), 500 * KB, False),
            FileLimit("document", (), 100 * MB, True),
        ),
    ),
    "twilio": Abilities(
        can_react=False,
        can_quote=False,
        can_mark_read=False,  # typing marks as read there, and nothing else does
        can_show_typing=True,
        can_write_to_groups=False,
        most_text=MOST_TEXT["twilio"],
        most_caption=MOST_CAPTION,
        files=(
            FileLimit("image", _IMAGES, 5 * MB, True),
            FileLimit("audio", _AUDIO, 16 * MB, False),
            FileLimit("video", ("video/mp4",), 16 * MB, True),
            FileLimit("document", (), 16 * MB, False),
        ),
    ),
}
# Kinds of file that no customer could open: refused here rather than by the provider, minutes later.
_REFUSED = ("image/", "audio/", "video/")


def window_from(at: datetime, received_at: datetime) -> datetime:
    """Until when a customer's message lets free text be sent. `at` is the provider's time, which may not lie ahead of ours."""
    return min(at, received_at) + WINDOW - MARGIN


def may_send(
    provider: str,
    *,
    window_until: datetime | None,
    now: datetime,
    is_template: bool = False,
    words: str = "",
    files: Sequence[FileFacts] = (),
) -> str | None:
    """None, or why not: template_required (they never wrote), window_closed, one_file_per_message, file_too_large,
    file_type_refused, text_too_long, caption_refused (that kind of file carries no words)."""
    if is_template:
        return None
    if window_until is None:
        return "template_required"
    if now >= window_until:
        return "window_closed"
    abilities = ABILITIES[provider]
    if not files:
        return "text_too_long" if len(words) > abilities.most_text else None
    if len(files) > 1:
        return "one_file_per_message"
    return may_carry(provider, files[0]) or _caption(abilities, limit_for(provider, files[0].media_type), words)


def may_carry(provider: str, file: FileFacts) -> str | None:
    """None, or file_type_refused, or file_too_large."""
    limit = limit_for(provider, file.media_type)
    if limit is None:
        return "file_type_refused"
    return "file_too_large" if file.size > limit.most_bytes else None


def limit_for(provider: str, media_type: str) -> FileLimit | None:
    """The kind of file that it is for this provider; None for one that it would not take."""
    media_type = media_type.partition(";")[0].strip().lower()
    limits = ABILITIES[provider].files
    named = next((limit for limit in limits if media_type in limit.media_types), None)
    if named is not None or media_type.startswith(_REFUSED):
        return named
    return next((limit for limit in limits if not limit.media_types), None)


def _caption(abilities: Abilities, limit: FileLimit | None, words: str) -> str | None:
    if not words.strip() or limit is None:
        return None
    if not limit.has_caption:
        return "caption_refused"
    return "text_too_long" if len(words) > abilities.most_caption else None
