"""WhatsApp through Twilio, for those who are its customers already."""

from collections.abc import Mapping
from datetime import datetime

from comptoir.channels.chat import AnyHappening, ChatOutgoing, MediaRef, Party, TemplateFound
from comptoir.channels.port import ChannelKind, Connection, Finding, Media, Receipt, Retold, SendError
from comptoir.providers.twilio import checking, fetching, payloads, rest, retelling, sending, signature, templates


class TwilioProvider:
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
        """Twilio marks as read by showing that somebody types; alone, that would be a lie."""
        if is_typing:
            form = {"messageId": external_id, "channel": "whatsapp"}
            await rest.require(
                connection, "POST", rest.url(connection, rest.MESSAGING, "/v2/Indicators/Typing.json"), data=form
            )

    async def react(self, connection: Connection, to: Party, target_id: str, emoji: str) -> Receipt:
        raise SendError("not_possible", "", permanent=True)

    async def retell(self, connection: Connection, since: datetime) -> list[Retold]:
        return await retelling.retell(connection, since)

    async def inquire(self, connection: Connection, external_id: str) -> bytes | None:
        return await retelling.inquire(connection, external_id)

    async def templates(self, connection: Connection) -> list[TemplateFound]:
        return await templates.templates(connection)
