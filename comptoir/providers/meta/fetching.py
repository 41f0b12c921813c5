"""A file that came with a message: its id gives an address that is good for five minutes and opens with the token alone."""

import base64
import binascii

import msgspec

from comptoir.channels.chat import MediaRef
from comptoir.channels.port import Connection, ConnectionTrouble, Media, MediaTrouble
from comptoir.providers import loose, wire
from comptoir.providers.meta import graph

MOST_BYTES = 100 * 2**20
PASSING = frozenset(
    {"temporary", "rate_limited", "timeout", "refused", "disconnected", "host_unknown", "protocol_error"}
)


async def fetch(connection: Connection, ref: MediaRef) -> Media:
    """The id is asked each time, never the address of the webhook: that one may have expired since."""
    params = {"phone_number_id": graph.text(connection.settings, "phone_number_id")}
    try:
        answer = await graph.require(connection, "GET", ref.id, params=params)
    except ConnectionTrouble as trouble:
        code = "media_gone" if trouble.code == "request_refused" else "unreachable"
        raise MediaTrouble(code, trouble.detail, permanent=trouble.code not in PASSING) from trouble
    size = loose.number(answer.data, "file_size") or 0
    if size > MOST_BYTES:
        raise MediaTrouble("media_too_large", str(int(size)), permanent=True)
    url = loose.text(answer.data, "url")
    found = await wire.fetch(
        url, hosts=graph.hosts(connection), headers=graph.bearer(connection), most_bytes=MOST_BYTES
    )
    media_type = found.media_type or loose.text(answer.data, "mime_type") or ref.media_type
    digest = ref.sha256 or hex_digest(loose.text(answer.data, "sha256"))
    return wire.verified(msgspec.structs.replace(found, media_type=media_type), digest)


def hex_digest(given: str) -> str:
    """Meta writes a SHA-256 in base64 in its webhooks and in hex in its answers; "" for what is neither."""
    if len(given) == 64 and all(character in "0123456789abcdefABCDEF" for character in given):
        return given.lower()
    try:
        digest = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return digest.hex() if len(digest) == 32 else ""
