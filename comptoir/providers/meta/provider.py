"""WhatsApp through Meta: what we hear and what we say."""

from collections.abc import Mapping
from datetime import datetime

from comptoir.channels.chat import AnyHappening, ChatOutgoing, MediaRef, Party, TemplateFound
from comptoir.channels.port import (
    ChannelKind,
    Connection,
    ConnectionTrouble,
    Finding,
    Media,
    MediaTrouble,
    Receipt,
    SendError,
)
from comptoir.providers.meta import payloads, signature


class MetaProvider:
    kind = ChannelKind.WHATSAPP

    def authentic(self, connection: Connection, *, url: str, headers: Mapping[str, str], body: bytes) -> bool:
        return signature.authentic(connection, url=url, headers=headers, body=body)

    def happenings(self, connection: Connection, body: bytes, received_at: datetime) -> list[AnyHappening]:
        return payloads.happenings(connection, body, received_at)

    async def check(self, connection: Connection, *, webhook_url: str) -> list[Finding]:
        return [Finding("token", "failed", "unreachable")]

    async def send(self, connection: Connection, outgoing: ChatOutgoing) -> Receipt:
        raise SendError("unreachable", permanent=False)

    async def fetch(self, connection: Connection, ref: MediaRef) -> Media:
        raise MediaTrouble("unreachable", permanent=False)

    async def mark_read(self, connection: Connection, external_id: str, *, is_typing: bool = False) -> None:
        raise ConnectionTrouble("refused", side="api")

    async def react(self, connection: Connection, to: Party, target_id: str, emoji: str) -> Receipt:
        raise SendError("unreachable", permanent=False)

    async def templates(self, connection: Connection) -> list[TemplateFound]:
        raise ConnectionTrouble("refused", side="api")
