"""What a provider is: it translates between the world's protocols and our words, and has no database.

Values only. A provider is given a `Connection` (settings and secrets of one channel) and answers with these structs;
everything that remembers lives in `gateway` and `conversations`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from msgspec import Struct

if TYPE_CHECKING:
    from comptoir.channels.chat import AnyHappening, ChatOutgoing, MediaRef, Party, TemplateFound


class ChannelKind(StrEnum):
    EMAIL = "email"
    WHATSAPP = "whatsapp"


class Connection(Struct, frozen=True):
    """One channel as its provider sees it. `settings` is what a member may read back, `secrets` never leaves the server."""

    channel_id: int
    address: str
    name: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, str]


class Person(Struct, frozen=True):
    """A name and an e-mail address (lower case), as found in a header. The name may be empty."""

    address: str
    name: str = ""


class IncomingFile(Struct, frozen=True):
    """A file that came with a message. `content_id` is stripped of its angle brackets; `is_inline` when the HTML shows it."""

    name: str
    media_type: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False


Fate = Literal["failed", "delayed", "delivered", "read"]


class Report(Struct, frozen=True):
    """What became of a mail for one recipient. `address` may be empty when nothing says whose."""

    address: str
    fate: Fate
    is_permanent: bool
    status: str
    reason: str


class Bounce(Struct, frozen=True):
    """What a mail says of another: that it did not arrive, or that it did. `original_ids` are the Message-IDs of that other,
    most certain first, `original_subject` its subject; both may be missing. `is_standard` when a delivery status or a
    disposition part says so, not only the looks of the mail. Without reports it is a receipt with nothing worth showing."""

    reports: tuple[Report, ...]
    original_ids: tuple[str, ...]
    envelope_id: str
    is_standard: bool
    original_subject: str = ""

    @property
    def is_permanent(self) -> bool:
        return any(report.fate == "failed" and report.is_permanent for report in self.reports)


class Incoming(Struct, frozen=True, kw_only=True):
    """One message from the outside, understood. Times are aware UTC; `html` is raw, cleaned only when it is stored.

    `external_id` identifies the same message seen twice in the same channel (see mail.mime.fingerprint);
    `header_id`, `in_reply_to` and `references` are Message-IDs with their angle brackets, newest reference last; `own_id` is
    the one we gave it ourselves, where a server has renamed it. `original_sender` and `list_address` are what a list or a
    group says of itself, `forwarded_from` who seems to have written the mail that this one passes on. `is_forged`: the
    server that received it does not believe its sender. With a `bounce` it is no message, but news of one of ours.
    `protection`: signed_smime, signed_pgp, encrypted_smime, encrypted_pgp, or empty.
    `submitter` is the Sender header: whose hand it was, where that is not who it is from. `bcc` is only ever seen in mail of
    our own, in the Sent folder.
    """

    external_id: str
    at: datetime
    sender: Person
    submitter: Person = Person("")
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    reply_to: tuple[Person, ...] = ()
    subject: str = ""
    text: str = ""
    html: str = ""
    files: tuple[IncomingFile, ...] = ()
    header_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    is_automatic: bool = False
    protection: str = ""
    delivered_to: tuple[str, ...] = ()
    own_id: str = ""
    original_sender: Person | None = None
    list_address: str = ""
    forwarded_from: Person | None = None
    is_forged: bool = False
    bounce: Bounce | None = None


class OutgoingFile(Struct, frozen=True):
    """`url`: where a provider that fetches files, rather than takes them, finds it for a while; else "". `content_id`: a
    picture that the HTML of a mail shows by it; else a file beside the words."""

    name: str
    media_type: str
    content: bytes
    url: str = ""
    content_id: str = ""


class Outgoing(Struct, frozen=True, kw_only=True):
    """One message to send. The same value gives the same bytes at every attempt: `header_id` and `at` are fixed before."""

    header_id: str
    at: datetime
    sender: Person
    to: tuple[Person, ...]
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    subject: str
    text: str
    html: str = ""
    files: tuple[OutgoingFile, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()


class Refusal(Struct, frozen=True):
    """One recipient that the server would not take, in the server's words."""

    address: str
    code: int
    reason: str


class Receipt(Struct, frozen=True):
    """The provider took the message. `refused` lists the recipients it would not take; `size_limit` is the largest mail it
    says it takes, in bytes."""

    external_id: str
    refused: tuple[Refusal, ...] = ()
    size_limit: int | None = None


class SendError(Exception):
    """The provider did not take the message. `code` is stable, with a sentence in each language of the UI; `detail` is the
    provider's own words.

    `permanent` says that trying the same bytes again cannot help. `unknown` says that the provider may have taken it
    (the connection was lost after the last byte): look before sending again.
    """

    def __init__(self, code: str, detail: str = "", *, permanent: bool, unknown: bool = False) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.permanent = permanent
        self.unknown = unknown


class ConnectionTrouble(Exception):
    """A channel that cannot be reached as configured. `code` is stable and has a sentence in each language of the UI.

    Codes: host_unknown, refused, timeout, tls_failed, tls_required, certificate_invalid, sign_in_failed, idle_unsupported,
    folder_missing, protocol_error, disconnected, storage_failed (the mail came and we could not keep it). `side` is "imap"
    or "smtp", or "api" for the provider of a number, which also has the codes of channels.refusals; `detail` is the server's
    own words.
    """

    def __init__(self, code: str, detail: str = "", *, side: str = "imap") -> None:
        super().__init__(f"{side}: {code}: {detail}")
        self.code = code
        self.detail = detail
        self.side = side


class Cursor(Struct, frozen=True):
    """How far a mailbox folder has been durably read: every UID up to `last_uid` of the epoch `uidvalidity` is kept.
    `since` (aware UTC): when the folder was first seen; what is older was there before."""

    uidvalidity: int
    last_uid: int
    since: datetime | None = None


class RawMail(Struct, frozen=True):
    """One mail as the server holds it: the bytes, and the INTERNALDATE as aware UTC. `is_sent`: it lies in the Sent folder;
    `is_imported`: it was there before the mailbox was connected."""

    folder: str
    uidvalidity: int
    uid: int
    raw: bytes
    received_at: datetime
    is_sent: bool = False
    is_imported: bool = False


class Watcher(Protocol):
    """What a mailbox reports while it is watched. Each call blocks until what it says is durable. `start_at` begins a folder,
    or a new epoch of it, in which the UIDs up to `known_upto` were there already."""

    def cursor(self, folder: str) -> Cursor | None: ...
    def start_at(self, folder: str, cursor: Cursor, *, known_upto: int) -> None: ...
    def keep(self, mail: RawMail) -> None: ...
    def connected(self) -> None: ...
    def trouble(self, error: ConnectionTrouble) -> None: ...


@runtime_checkable
class Overseer(Watcher, Protocol):
    """A watcher that also keeps an eye on the whole. `in_step` follows every resync (a few minutes apart) that found nothing
    left to read. `missing` answers which of these UIDs (all at or below the cursor, the newest 500) should be fetched again:
    those it never stored and that came after the mailbox was connected. Keeping them must not move the cursor back.
    `sent_folder` is told which folder holds the mail we sent, None when there is none of a known name."""

    def in_step(self, folder: str) -> None: ...
    def sent_folder(self, folder: str | None) -> None: ...
    def missing(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> Sequence[int]: ...


class Historian(Protocol):
    """What the past of a mailbox is brought in through, newest first. Each call blocks until what it says is durable.

    `upto` is the highest UID still to bring in, None while the folder has not been watched yet. `count`: so many are left.
    `missing`: those not stored yet. `keep` and `passed` (so many that are stored already, or gone) also remember the place."""

    def since(self) -> datetime | None: ...
    def upto(self, folder: str, uidvalidity: int) -> int | None: ...
    def count(self, left: int) -> None: ...
    def missing(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> Sequence[int]: ...
    def keep(self, mail: RawMail) -> None: ...
    def passed(self, folder: str, uidvalidity: int, uid: int, mails: int) -> None: ...
    def is_crowded(self) -> bool: ...
    def finish(self) -> None: ...


class Mailbox(Protocol):
    """A mailbox being watched, in a thread of its own. `stop` returns at once and ends the thread soon after."""

    def stop(self) -> None: ...


class Provider(Protocol):
    """A kind of channel. `check` raises ConnectionTrouble, or says the largest mail the server takes, in bytes; `send` raises
    SendError; `read` never raises on bad bytes except mail.mime.Unreadable, which the ledger keeps. `file_copy` puts a sent
    message in the Sent folder, once, and `find_sent` looks there by Message-ID after an unknown outcome; both raise
    ConnectionTrouble and are apart from `send` because a copy that fails must never look like a message that failed."""

    kind: ChannelKind

    async def check(self, connection: Connection) -> int | None: ...
    async def send(self, connection: Connection, outgoing: Outgoing) -> Receipt: ...
    async def file_copy(self, connection: Connection, outgoing: Outgoing) -> None: ...
    async def find_sent(self, connection: Connection, header_id: str) -> bool: ...
    def read(self, raw: bytes, received_at: datetime) -> Incoming: ...
    def watch(self, connection: Connection, watcher: Watcher) -> Mailbox: ...


# -- numbers


@runtime_checkable
class Recalling(Protocol):
    """A provider whose mailboxes have a past that can be brought in, in a thread of its own."""

    def recall(self, connection: Connection, historian: Historian) -> Mailbox: ...


class Retold(Struct, frozen=True):
    """What a customer said, as the body of the call that would have brought it."""

    external_id: str
    body: bytes


@runtime_checkable
class Retelling(Protocol):
    """A provider that gives up calling after a moment, but can be asked what was said: to this number, at `since` or later,
    oldest first. ConnectionTrouble."""

    async def retell(self, connection: Connection, since: datetime) -> list[Retold]: ...


@runtime_checkable
class Inquiring(Protocol):
    """A provider that can be asked what became of a message that it took: the body of the call that would have told it, None
    while it has come no further. ConnectionTrouble."""

    async def inquire(self, connection: Connection, external_id: str) -> bytes | None: ...


class Finding(Struct, frozen=True):
    """One line of the check list of a number. `what`: token, number, webhook, quality, templates. `code` is stable, with a
    sentence in each language of the UI that says what to do; `detail` is the provider's own words, or a value to show."""

    what: Literal["token", "number", "webhook", "quality", "templates"]
    state: Literal["ok", "warning", "failed"]
    code: str
    detail: str = ""


class Media(Struct, frozen=True):
    """A file of a message, fetched whole and verified. `name` is "" unless the provider says it."""

    content: bytes
    media_type: str
    name: str = ""


class MediaTrouble(Exception):
    """A file that could not be fetched. Codes: media_gone, media_too_large, media_damaged, media_refused, unreachable.
    `permanent` says that no other attempt can help."""

    def __init__(self, code: str, detail: str = "", *, permanent: bool) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.permanent = permanent


class NumberProvider(Protocol):
    """Who carries a number. `authentic` checks a webhook's signature on its raw bytes, before anything is parsed;
    `happenings` never raises: what it cannot read becomes NotUnderstood. `url` is the address the provider called, as
    configured and with its query; header names are lower case.

    `check` is the check list, asked of the provider, and never raises; where `webhook_url` is not yet called it subscribes
    when the provider lets it ("" asks nothing about webhooks: the number is not connected yet). `send` raises SendError,
    `fetch` MediaTrouble, the others ConnectionTrouble. What a provider can do at all (react, quote, mark as read, which
    files) is data in `channels.policy`."""

    kind: ChannelKind

    def authentic(self, connection: Connection, *, url: str, headers: Mapping[str, str], body: bytes) -> bool: ...
    def happenings(self, connection: Connection, body: bytes, received_at: datetime) -> "list[AnyHappening]": ...
    async def check(self, connection: Connection, *, webhook_url: str) -> list[Finding]: ...
    async def send(self, connection: Connection, outgoing: "ChatOutgoing") -> Receipt: ...
    async def fetch(self, connection: Connection, ref: "MediaRef") -> Media: ...
    async def mark_read(self, connection: Connection, external_id: str, *, is_typing: bool = False) -> None: ...
    async def react(self, connection: Connection, to: "Party", target_id: str, emoji: str) -> Receipt: ...
    async def templates(self, connection: Connection) -> "list[TemplateFound]": ...
