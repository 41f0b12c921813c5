"""What views say on the wire."""

from typing import Annotated

from msgspec import Meta, Struct

from comptoir.conversations.filters.schemas import Filter

Name = Annotated[str, Meta(min_length=1, max_length=60)]


class ViewView(Struct):
    """`can_edit`: the member may rename, change, share or delete it."""

    id: int
    name: str
    is_shared: bool
    author_id: int
    can_edit: bool
    filter: Filter


class NewView(Struct, forbid_unknown_fields=True):
    name: Name
    filter: Filter
    is_shared: bool = False


class ChangeView(Struct, forbid_unknown_fields=True):
    """Only what is given changes."""

    name: Name | None = None
    filter: Filter | None = None
    is_shared: bool | None = None


class ViewOrder(Struct, forbid_unknown_fields=True):
    """All of them, or some: those named stand in this order."""

    ids: Annotated[list[int], Meta(max_length=200)]


class ViewCount(Struct):
    """How many conversations a view shows; `is_more`: at least so many, only the newest were looked at."""

    view_id: int
    count: int
    is_more: bool
