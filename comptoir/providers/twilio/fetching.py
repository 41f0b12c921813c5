"""A file that came with a message: Twilio's address wants our credentials, and leads on to a signed one that must not see them."""

from urllib.parse import urlsplit

import httpx

from comptoir.channels.chat import MediaRef
from comptoir.channels.port import Connection, Media
from comptoir.providers import wire
from comptoir.providers.twilio import rest

MOST_BYTES = 16 * 2**20


async def fetch(connection: Connection, ref: MediaRef) -> Media:
    own = rest.own_hosts(connection)
    is_own = urlsplit(ref.url).netloc.lower() in own
    auth = {"auth": httpx.BasicAuth(*rest.sign_in(connection))} if is_own else {}
    found = await wire.fetch(ref.url, hosts=(*own, *rest.CDN_HOSTS), headers={}, most_bytes=MOST_BYTES, **auth)
    return wire.verified(found, ref.sha256)
