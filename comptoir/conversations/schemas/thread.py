"""The right-hand side: a conversation, a page of its messages, the lines between them, and who an answer would go to."""

from datetime import datetime

from msgspec import Struct

from comptoir.conversations.schemas.messages import MessageView, PersonView
from comptoir.conversations.schemas.rows import ConversationRow, Reading


class Activity(Struct):
    """A line of the timeline, from the event log. `data` depends on `type`: conversation.assigned {member_id|null},
    conversation.team_assigned {team_id|null},
    conversation.resolved, conversation.reopened {by: "member"|"customer"|"bounce"}, conversation.labelled {label_id},
    conversation.moved_in and moved_out {other_id, count}, conversation.linked {other_id, why, is_origin},
    conversation.merged_in {other_id, count, subject, can_undo}, conversation.unmerged {other_id, count, subject},
    conversation.customer_linked and customer_unlinked {customer_id, name}."""

    id: int
    conversation_id: int
    type: str
    at: datetime
    actor_id: int | None
    data: dict[str, str | int | bool | None]


class ReplyRecipients(Struct):
    """Who a reply-all goes to, own addresses removed, and from which address: the alias that the mail answered was sent to.
    `senders`: every address one may answer from. `signature`: the member's own, as text, as it will stand below a mail.
    `files_limit`: bytes that the files of one mail may have together. `author` and `at` are those of the mail answered."""

    sender: PersonView
    to: list[PersonView]
    cc: list[PersonView]
    subject: str
    in_reply_to_id: int | None
    senders: list[PersonView]
    signature: str
    quotes_history: bool
    files_limit: int
    author: PersonView | None = None
    at: datetime | None = None


class Thread(Struct):
    """The newest messages (or those before a cursor), oldest first. `older` is the cursor of the page above, null at the start."""

    conversation: ConversationRow
    reading: Reading
    messages: list[MessageView]
    activities: list[Activity]
    reply: ReplyRecipients
    older: str | None
    seq: int
