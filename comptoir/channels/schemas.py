"""What the channels room says on the wire. Secrets go in and never come out."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from comptoir.channels.policy import Abilities

TlsMode = Literal["tls", "starttls", "none"]
# What is said to a mail server: on one line, or it would say more than one thing. `$` alone lets a last newline pass.
ONE_LINE = r"^[^\x00-\x1f\x7f]*$(?!\n)"
Host = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[^\s\x00-\x1f\x7f]*$(?!\n)")]
Port = Annotated[int, Meta(ge=1, le=65535)]
Health = Literal["connecting", "connected", "failing"]


class ImapSettings(Struct):
    """Where a mailbox is read and where its mail leaves. `smtp_user` empty means the same user as IMAP; `sent_folder` empty
    means the one that the server marks as such, or that has a usual name. `asks_for_reports`: each mail asks the servers on
    its way to report its delivery too, and not only its failure; those reports fill the mailbox."""

    imap_host: Host
    imap_port: Port
    imap_tls: TlsMode
    smtp_host: Host
    smtp_port: Port
    smtp_tls: TlsMode
    user: Annotated[str, Meta(min_length=1, max_length=320, pattern=ONE_LINE)]
    smtp_user: Annotated[str, Meta(max_length=320, pattern=ONE_LINE)] = ""
    sent_folder: Annotated[str, Meta(max_length=255, pattern=ONE_LINE)] = ""
    asks_for_reports: bool = False


Id = Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9]*$(?!\n)")]
SecretText = Annotated[str, Meta(max_length=1000, pattern=r"^[\x21-\x7e]*$(?!\n)")]
Phone = Annotated[str, Meta(min_length=6, max_length=40, pattern=r"^[+0-9 ().\-\u00a0\u202f]+$(?!\n)")]
NumberProviderName = Literal["meta", "twilio"]


class NumberSettings(Struct, forbid_unknown_fields=True):
    """Meta wants the first three (`app_id` is a reminder), Twilio the `account_sid` and perhaps a messaging service.
    `marks_read`: the customer sees that the team has read."""

    phone_number_id: Id = ""
    waba_id: Id = ""
    app_id: Id = ""
    graph_version: Annotated[str, Meta(max_length=8, pattern=r"^(v[0-9]{1,3}\.[0-9])?$(?!\n)")] = ""
    account_sid: Id = ""
    messaging_service_sid: Id = ""
    marks_read: bool = True


class NumberSecrets(Struct, forbid_unknown_fields=True):
    """Empty is none, or the one that is kept. Meta: `access_token`, `app_secret`. Twilio: `auth_token`, and an API key to sign in
    with instead of it; `shared_key` for its newer signatures."""

    access_token: SecretText = ""
    app_secret: SecretText = ""
    auth_token: SecretText = ""
    api_key_sid: SecretText = ""
    api_key_secret: SecretText = ""
    shared_key: SecretText = ""


class NumberView(Struct):
    """How a number is connected. `last_webhook_at`: the last call of its provider with a good signature; `refused_webhooks`
    counts those with a bad one."""

    settings: NumberSettings
    last_webhook_at: datetime | None
    refused_webhooks: int


class NumberConnection(Struct, forbid_unknown_fields=True):
    """What *test* and *connect* take for a number."""

    provider: NumberProviderName
    address: Phone
    settings: NumberSettings
    secrets: NumberSecrets
    name: Annotated[str, Meta(max_length=120)] = ""
    member_ids: list[int] = []


class ChangeNumber(Struct, forbid_unknown_fields=True):
    """Only what is given changes; an empty secret is the one that is kept."""

    settings: NumberSettings | None = None
    secrets: NumberSecrets | None = None


class FindingView(Struct):
    """One line of the check list: `code` has a sentence in the UI, `detail` is the provider's own words or a value to show."""

    what: Literal["token", "number", "webhook", "quality", "templates"]
    state: Literal["ok", "warning", "failed"]
    code: str
    detail: str


class NumberReport(Struct):
    """What the provider answered, line by line. `is_ready`: nothing failed that would stop a message."""

    findings: list[FindingView]
    is_ready: bool


class NumberCheck(Struct):
    """A connected number, looked at now. `verify_token`: what Meta's dashboard asks for beside the address."""

    findings: list[FindingView]
    webhook_url: str
    verify_token: str
    last_webhook_at: datetime | None
    refused_webhooks: int


Period = Literal["month", "all"]


class HistoryView(Struct):
    """The past of a mailbox being brought in. `total` is null while the server counts; `since` null means all of it."""

    state: Literal["running", "stopped", "done"]
    since: datetime | None
    total: int | None
    done: int
    ended_at: datetime | None


class Reopening(Struct, forbid_unknown_fields=True):
    """For how many days a customer's message opens a resolved conversation again; null: always; 0: never."""

    within_days: Annotated[int, Meta(ge=0, le=3650)] | None = None


class Recall(Struct, forbid_unknown_fields=True):
    period: Period


class ChannelView(Struct):
    """A connected mailbox or number, as every member sees it. `trouble_code` has a sentence in the UI; `last_received_at`:
    the newest message kept; `checked_at`: the last time the mailbox was known to be in step; `sent_folder`: where mail sent from
    elsewhere is found, null while it is not known. `settings` is a mailbox's and `number` a number's, for who manages them.
    `aliases`: other addresses whose mail comes here too; `quotes_history`: answers carry the mail they answer.
    `reopens_within`: see Reopening. `abilities`: what the provider of a number can do and carry; null for a mailbox."""

    id: int
    kind: str
    provider: str
    name: str
    address: str
    health: Health
    trouble_code: str | None
    trouble_detail: str | None
    trouble_side: str | None
    checked_at: datetime | None
    last_received_at: datetime | None
    member_ids: list[int]
    settings: ImapSettings | None
    sent_folder: str | None = None
    history: HistoryView | None = None
    aliases: list[str] = []
    quotes_history: bool = True
    reopens_within: int | None = None
    abilities: Abilities | None = None
    number: NumberView | None = None


MailAddress = Annotated[str, Meta(min_length=3, max_length=320, pattern=r"^[^@\s,;<>()\"]+@[^@\s,;<>()\"]+$(?!\n)")]


class MailboxConnection(Struct, forbid_unknown_fields=True):
    """What *test connection* and *connect* take. `smtp_password` empty means the same as `password`."""

    address: Annotated[str, Meta(min_length=3, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$(?!\n)")]
    settings: ImapSettings
    password: Annotated[str, Meta(min_length=1, max_length=500, pattern=ONE_LINE)]
    smtp_password: Annotated[str, Meta(max_length=500, pattern=ONE_LINE)] = ""
    name: Annotated[str, Meta(max_length=120)] = ""
    member_ids: list[int] = []
    history: Literal["none"] | Period = "none"


class ChangeChannel(Struct, forbid_unknown_fields=True):
    """Only what is given changes. A new password alone reconnects; history and cursor stay."""

    name: Annotated[str, Meta(min_length=1, max_length=120)] | None = None
    settings: ImapSettings | None = None
    password: Annotated[str, Meta(min_length=1, max_length=500, pattern=ONE_LINE)] | None = None
    smtp_password: Annotated[str, Meta(max_length=500, pattern=ONE_LINE)] | None = None
    aliases: Annotated[list[MailAddress], Meta(max_length=50)] | None = None
    quotes_history: bool | None = None


class ConnectionReport(Struct):
    """`ok`, or what is wrong: which side (imap, smtp), a stable code with a sentence in the UI, the server's own words."""

    ok: bool
    side: str | None = None
    code: str | None = None
    detail: str | None = None


class Guess(Struct):
    """Settings guessed from an address. `hint` is a stable code when the host wants something special
    (app_password_google, app_password_apple, oauth_microsoft), else null; `is_known` when the host is in our table."""

    settings: ImapSettings
    is_known: bool
    hint: str | None = None
