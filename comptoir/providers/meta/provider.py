"""WhatsApp through Meta's own Cloud API."""

from collections.abc import Mapping
from datetime import datetime

from comptoir.channels.chat import AnyHappening, ChatOutgoing, MediaRef, Party, TemplateFound
from comptoir.channels.port import ChannelKind, Connection, Finding, Media, Receipt
from comptoir.providers.meta import checking, fetching, graph, payloads, sending, signature, templates


class MetaProvider:
    kind = ChannelKind.WHATSAPP

    def authentic(self, connection: Connection, *, url: str, headers: Mapping[str, str], body: bytes) -> bool:
        return signature.authentic(connection, url=url, headers=headers, body=body)

    def happenings(self, connection: Connection, body: bytes, received_at: datetime) -> list[AnyHappening]:
        return payloads.happenings(connection, body, received_at)

    async def check(self, connection: Connection, *, webhook_url: str) -> list[Finding]:
        return await checking.check(connection, webhook_url=webhook_url)

    async def send(self, connection: Connection, outgoing: ChatOutgoing) -> Receipt:
        return await sending.send(connection, outgoing)

    async def fetch(self, connection: Connection, ref: MediaRef) -> Media:
        return await fetching.fetch(connection, ref)

    async def mark_read(self, connection: Connection, external_id: str, *, is_typing: bool = False) -> None:
        body: dict[str, object] = {"messaging_product": "whatsapp", "status": "read", "message_id": external_id}
        if is_typing:
            body["typing_indicator"] = {"type": "text"}
        path = f"{graph.text(connection.settings, 'phone_number_id')}/messages"
        await graph.require(connection, "POST", path, json=body)

    async def react(self, connection: Connection, to: Party, target_id: str, emoji: str) -> Receipt:
        return await sending.react(connection, to, target_id, emoji)

    async def templates(self, connection: Connection) -> list[TemplateFound]:
        return await templates.templates(connection)
