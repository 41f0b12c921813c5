"""What is said on the wire around a reply."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from comptoir.conversations.schemas import Forwarded, Mode, PersonView, Recipient, TemplateChoice, Upload

People = Annotated[list[Recipient], Meta(max_length=100)]


class DraftContent(Struct, forbid_unknown_fields=True):
    """What is being written. Null: whatever a reply would have by itself. `in_reply_to_id`: the mail that was chosen to be
    answered, where it is not just the newest. `template`: an approved template of WhatsApp that was to leave later and is back;
    `text` begins with how it reads."""

    text: Annotated[str, Meta(max_length=200_000)] = ""
    html: Annotated[str, Meta(max_length=1_000_000)] = ""
    to: People | None = None
    cc: People | None = None
    bcc: People | None = None
    subject: Annotated[str, Meta(max_length=900)] | None = None
    sender: Annotated[str, Meta(max_length=320)] = ""
    attachment_ids: Annotated[list[int], Meta(max_length=50)] = []
    forwarded: Forwarded | None = None
    in_reply_to_id: int | None = None
    template: TemplateChoice | None = None


class KeepDraft(Struct, forbid_unknown_fields=True):
    """`version` is the one this browser knew (0: none). The last one who writes wins; but a draft that is gone meanwhile
    (sent, emptied) does not come back by itself: 409 draft_gone."""

    version: Annotated[int, Meta(ge=0)]
    content: DraftContent


class DraftView(Struct):
    """One's own draft. `files`: its uploads that are still there."""

    conversation_id: int
    mode: Mode
    version: int
    updated_at: datetime
    content: DraftContent
    files: list[Upload]


class DraftVersion(Struct):
    version: int


class SuggestedPerson(PersonView):
    """`is_member`: a colleague."""

    is_member: bool = False


class Signature(Struct, forbid_unknown_fields=True):
    """HTML; cleaned here. {{name}}, {{email}}, {{company}} and {{mailbox}} are filled at every sending."""

    html: Annotated[str, Meta(max_length=20_000)]
