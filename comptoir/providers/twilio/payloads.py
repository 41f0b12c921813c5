"""What Twilio's webhooks say, in our words."""

from datetime import datetime

from comptoir.channels.chat import AnyHappening
from comptoir.channels.port import Connection


def happenings(connection: Connection, body: bytes, received_at: datetime) -> list[AnyHappening]:
    return []
