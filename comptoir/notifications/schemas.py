"""What the notifications room says on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Kind = Literal["mentioned", "assigned", "message", "unassigned", "woken", "failed"]
Way = Literal["app", "desktop", "push", "email"]
Digest = Literal["off", "hourly", "daily"]
KINDS: tuple[Kind, ...] = ("mentioned", "assigned", "message", "unassigned", "woken", "failed")

USUAL: Mapping[Kind, list[Way]] = {
    "mentioned": ["app", "desktop", "push", "email"],
    "assigned": ["app", "desktop", "push", "email"],
    "message": ["app", "desktop", "push", "email"],
    "unassigned": [],
    "woken": ["app", "desktop", "push"],
    "failed": ["app", "desktop", "push", "email"],
}


class Choices(Struct, forbid_unknown_fields=True):
    """How one member wants to hear of each kind of thing; a kind that is left out is as usual."""

    ways: dict[Kind, list[Way]] = {}
    has_sound: bool = False
    digest: Digest = "hourly"


class ChoicesView(Struct):
    """Every kind is there. `can_mail`: the house has a server to send digests through. `push_key`: the applicationServerKey
    that a browser subscribes with."""

    ways: dict[Kind, list[Way]]
    has_sound: bool
    digest: Digest
    can_mail: bool
    push_key: str


class NotificationView(Struct):
    """One thing, as its member may see it now. `title` is whose conversation it is, `excerpt` the beginning of the message it
    tells of. `count`: so many messages since it was last read; with kind "assigned", so many conversations given in one act, of
    which this is the last: it leads to one's own list. `actor_id`: the member who did it."""

    id: int
    kind: Kind
    conversation_id: int
    message_id: int | None
    actor_id: int | None
    count: int
    at: datetime
    is_read: bool
    title: str
    subject: str
    excerpt: str
    channel_kind: str

    @property
    def is_several(self) -> bool:
        """Several conversations were given at once."""
        return self.kind == "assigned" and self.count > 1


class NotificationPage(Struct):
    """Newest first. `unread` counts up to 100. `ringing`: unread ones of the last minutes of a kind that is to be shown on the
    desktop, also when they are not listed."""

    rows: list[NotificationView]
    unread: int
    next: str | None
    ringing: list[NotificationView]
    has_sound: bool


class ReadNotifications(Struct, forbid_unknown_fields=True):
    """These, or all of one conversation, or with neither every one."""

    ids: Annotated[list[int], Meta(max_length=200)] = []
    conversation_id: int | None = None


class Subscription(Struct, forbid_unknown_fields=True):
    """A browser's PushSubscription: where to send, and the keys to encrypt with."""

    endpoint: Annotated[str, Meta(min_length=10, max_length=2000)]
    p256dh: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{80,90}=*$(?!\n)", max_length=92)]
    auth: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{20,24}=*$(?!\n)", max_length=26)]


class Unsubscription(Struct, forbid_unknown_fields=True):
    endpoint: Annotated[str, Meta(max_length=2000)]
