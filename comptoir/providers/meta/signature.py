"""Whether a webhook was signed by Meta."""

from collections.abc import Mapping

from comptoir.channels.port import Connection


def authentic(connection: Connection, *, url: str, headers: Mapping[str, str], body: bytes) -> bool:
    return False
