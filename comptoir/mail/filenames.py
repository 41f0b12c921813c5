"""File names from mails, made safe to show and to save: no path, no control, no text that turns around to hide an extension."""

import re

from comptoir.mail.headers import Headers, decode_words

MAX_LENGTH = 150
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\u061c\ufeff\ufffe\uffff\ud800-\udfff]"
)
_EXTENSIONS = {
    "text/plain": "txt",
    "text/html": "html",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
    "image/heic": "heic",
    "image/tiff": "tif",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "video/mp4": "mp4",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/json": "json",
    "application/xml": "xml",
    "application/pgp-signature": "asc",
    "application/pgp-encrypted": "asc",
    "application/pgp-keys": "asc",
    "application/pkcs7-signature": "p7s",
    "application/x-pkcs7-signature": "p7s",
    "application/pkcs7-mime": "p7m",
    "application/x-pkcs7-mime": "p7m",
    "message/rfc822": "eml",
    "message/global": "eml",
    "message/delivery-status": "txt",
    "message/disposition-notification": "txt",
}
_STEMS = {"pdf": "document", "ics": "invite", "p7s": "signature", "p7m": "smime", "asc": "openpgp", "eml": "message"}


def declared(headers: Headers) -> str:
    """The name the sender gave this part, decoded (RFC 2231, or 2047 inside quotes as most clients write), or empty."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        name = headers.parameters(header)[1].get(parameter, "")
        if name:
            return safe(decode_words(name))
    return ""


def default(media_type: str) -> str:
    major = media_type.split("/", 1)[0]
    extension = _EXTENSIONS.get(media_type, "bin")
    stem = _STEMS.get(extension) or (major if major in ("image", "audio", "video", "text") else "file")
    return f"{stem}.{extension}"


def from_subject(subject: str) -> str:
    return f"{safe(subject)[: MAX_LENGTH - 4] or 'message'}.eml"


def safe(name: str) -> str:
    name = _FORBIDDEN.sub("", name)
    name = name.rsplit("\\", 1)[-1]
    if name.startswith(("/", ".", "~")):
        name = name.rsplit("/", 1)[-1]
    name = " ".join(name.replace("/", "_").split()).strip(" .") if name.strip(" .") else ""
    if len(name) <= MAX_LENGTH:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        return name[:MAX_LENGTH]
    return f"{stem[: MAX_LENGTH - len(extension) - 1]}.{extension}"
