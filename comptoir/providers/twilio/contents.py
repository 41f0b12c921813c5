"""What a message of Twilio's holds besides words: places, answers, files. Contact cards come as files."""

from collections.abc import Mapping

import msgspec

from comptoir.channels.chat import Choice, Content, Form, Location, MediaRef, Notice, Sticker, Unsupported, Voice
from comptoir.providers import flows
from comptoir.providers.loose import mapping, number, text

WITH_FILE = ("image", "audio", "video", "document", "sticker", "contacts")
MOST_FILES = 50


def content(form: Mapping[str, str]) -> Content | None:
    kind = form.get("MessageType", "")
    if place := _location(form):
        return place
    if form.get("ButtonText") or form.get("ButtonPayload"):
        payload = form.get("ButtonPayload", "")
        return Choice(form.get("ButtonText") or payload, payload)
    if form.get("ListId") or form.get("ListTitle"):
        return Choice(form.get("ListTitle") or form["ListId"], form.get("ListId", ""), form.get("ListDescription", ""))
    if form.get("InteractiveData"):
        return _flow(form["InteractiveData"])
    if kind == "audio" and form.get("MediaContentType0", "").startswith("audio/ogg"):
        return Voice()
    if kind == "sticker":
        return Sticker()
    if kind == "request_welcome":
        return Notice("welcome")
    if not form.get("Body") and not media(form) and kind not in ("", "text"):
        return Unsupported(kind, "no file" if kind in WITH_FILE else "")
    return None


def words(form: Mapping[str, str], found: Content | None) -> str:
    """The body; of an answer, what was chosen. A file's caption and its name both stand in the body."""
    body = form.get("Body", "")
    return body or (found.title if isinstance(found, Choice) else "")


def media(form: Mapping[str, str]) -> tuple[MediaRef, ...]:
    """As many as there are addresses: the number of files that the form announces has been seen to be wrong."""
    found: list[MediaRef] = []
    while len(found) < MOST_FILES and (url := form.get(f"MediaUrl{len(found)}")):
        media_type = form.get(f"MediaContentType{len(found)}") or "application/octet-stream"
        name = form.get("Body", "") if form.get("MessageType") == "document" else ""
        found.append(MediaRef(url=url, media_type=media_type, name=name if "." in name[-6:] else ""))
    return tuple(found)


def _location(form: Mapping[str, str]) -> Location | None:
    latitude, longitude = number(dict(form), "Latitude"), number(dict(form), "Longitude")
    if latitude is None or longitude is None:
        return None
    return Location(latitude, longitude, form.get("Label", ""), form.get("Address", ""))


def _flow(packed: str) -> Form:
    try:
        said = msgspec.json.decode(packed)
    except (msgspec.DecodeError, RecursionError):
        said = {}
    answers = mapping(said, "nfm_reply") or mapping(said)
    return flows.form(text(answers, "name"), text(answers, "response_json") or packed, text(answers, "body"))
