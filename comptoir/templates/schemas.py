"""What the templates room says on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from comptoir.channels.chat import TemplateButton

Kind = Literal["canned", "whatsapp"]
Place = Literal["body", "header", "button"]


class TemplateFileView(Struct):
    id: int
    name: str
    media_type: str
    size: int


class VariableView(Struct):
    """One thing to fill in. `key` is its name in `values` (body) or `header_values`, or the index of the button; `default`
    is what it starts as, marks included; `example` is what the provider was shown."""

    place: Place
    key: str
    label: str
    default: str = ""
    example: str = ""


class TemplateView(Struct):
    """`member_id`: whose canned reply it is, null for everybody's. `channel_id`: whose WhatsApp template. `needs_file`: its
    header is a file chosen at each sending. `may_edit`: whether the signed-in member may change it."""

    id: int
    kind: Kind
    name: str
    language: str
    category: str
    body: str
    shortcut: str | None
    member_id: int | None
    channel_id: int | None
    status: str
    quality: str
    reason: str
    header_format: str
    header: str
    footer: str
    buttons: list[TemplateButton]
    variables: list[VariableView]
    needs_file: bool
    files: list[TemplateFileView]
    uses: int
    changed_at: datetime
    may_edit: bool


Name = Annotated[str, Meta(min_length=1, max_length=120)]
Body = Annotated[str, Meta(min_length=1, max_length=50_000)]
# Typed after a slash: a word, without a slash or a space in it. Empty: none.
Shortcut = Annotated[str, Meta(max_length=40, pattern=r"^[^\s/]*$(?!\n)")]
Category = Annotated[str, Meta(max_length=60)]


class NewTemplate(Struct, forbid_unknown_fields=True):
    """A canned reply. `is_shared`: everybody's, for which one must be an owner or an admin."""

    name: Name
    body: Body
    shortcut: Shortcut = ""
    category: Category = ""
    language: Literal["", "fr", "en"] = ""
    is_shared: bool = False


class ChangeTemplate(Struct, forbid_unknown_fields=True):
    """Only what is given changes."""

    name: Name | None = None
    body: Body | None = None
    shortcut: Shortcut | None = None
    category: Category | None = None
    language: Literal["", "fr", "en"] | None = None
    is_shared: bool | None = None


class TemplateDefaults(Struct, forbid_unknown_fields=True):
    """What the variables of a WhatsApp template start as, by place and name ("body:first_name", "button:0"): words, and marks
    such as {{contact.first_name|client}}."""

    defaults: Annotated[dict[str, Annotated[str, Meta(max_length=1000)]], Meta(max_length=100)]
