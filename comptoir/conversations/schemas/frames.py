"""What the stream sends: what is now true."""

from msgspec import Struct

from comptoir.conversations.schemas.messages import MessageView
from comptoir.conversations.schemas.rows import ConversationRow, DraftMark, Reading
from comptoir.conversations.schemas.thread import Activity


class Put(Struct):
    conversations: list[ConversationRow] = []
    messages: list[MessageView] = []
    activities: list[Activity] = []
    readings: list[Reading] = []
    drafts: list[DraftMark] = []


class Drop(Struct):
    conversations: list[int] = []
    messages: list[int] = []


class Frame(Struct):
    """One message of /api/stream: what is now true. `reset` tells the browser to fetch again what it shows (it slept too
    long, or what it may see has changed). `about` names what else changed: "members", "channels", "labels", "templates", "counts"."""

    seq: int
    put: Put
    drop: Drop
    reset: bool = False
    about: list[str] = []
