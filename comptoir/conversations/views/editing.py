"""Keep a filter as a view, change it, put views in order, delete one."""

import re
from collections.abc import Sequence

import msgspec
from sqlalchemy import select

from comptoir.conversations.filters.schemas import Filter
from comptoir.conversations.views import queries
from comptoir.conversations.views.errors import TooManyViews, ViewNameless
from comptoir.conversations.views.models import View
from comptoir.foundation.errors import NotAllowed
from comptoir.foundation.transaction import Transaction
from comptoir.team import queries as members

MOST = 100  # of one member: a list longer than that is no navigation


def create(tx: Transaction, *, name: str, asked: Filter, is_shared: bool = False) -> View:
    author = members.me(tx)
    count = tx.value("SELECT count(*) FROM views WHERE member_id = :me", me=author.id)
    if count >= MOST:
        raise TooManyViews(most=MOST)
    view = View(
        member_id=author.id,
        name=_clean(name),
        is_shared=is_shared,
        filter=msgspec.to_builtins(asked),
        position=_last(tx) + 1,
        created_at=tx.now,
    )
    tx.add(view)
    tx.record("view.created", view_id=view.id)
    return view


def change(
    tx: Transaction, view: View, *, name: str | None = None, asked: Filter | None = None, is_shared: bool | None = None
) -> None:
    """A shared one that is made personal again is its author's."""
    _require_editor(tx, view)
    before = (view.name, view.filter, view.is_shared)
    view.name = view.name if name is None else _clean(name)
    view.filter = view.filter if asked is None else msgspec.to_builtins(asked)
    view.is_shared = view.is_shared if is_shared is None else is_shared
    if (view.name, view.filter, view.is_shared) != before:
        tx.record("view.changed", view_id=view.id)


def arrange(tx: Transaction, ids: Sequence[int]) -> None:
    """Those that the member may edit stand in this order; the others stay where they are."""
    found = [queries.find(tx, id) for id in dict.fromkeys(ids)]
    mine = [view for view in found if queries.can_edit(tx, view)]
    places = sorted(view.position for view in mine)
    if places == [view.position for view in mine] and len(set(places)) == len(places):
        return
    last = _last(tx)
    for number, view in enumerate(mine, 1):
        view.position = last + number
    tx.record("view.arranged")


def delete(tx: Transaction, view: View) -> None:
    _require_editor(tx, view)
    tx.record("view.deleted", view_id=view.id)
    tx.remove(view)


def replace_label(tx: Transaction, old: int, new: int) -> None:
    for view in tx.session.scalars(select(View).order_by(View.id)):
        asked = msgspec.convert(view.filter, Filter)
        lists = {name: getattr(asked, name) for name in ("label_any", "label_all", "label_none")}
        if any(old in ids for ids in lists.values()):
            changed = {name: list(dict.fromkeys(new if id == old else id for id in ids)) for name, ids in lists.items()}
            view.filter = msgspec.to_builtins(msgspec.structs.replace(asked, **changed))
            tx.record("view.changed", view_id=view.id)


def _require_editor(tx: Transaction, view: View) -> None:
    if not queries.can_edit(tx, view):
        raise NotAllowed


def _last(tx: Transaction) -> int:
    return int(tx.value("SELECT coalesce(max(position), 0) FROM views"))


def _clean(name: str) -> str:
    name = re.sub(r"\s+", " ", "".join(c for c in name if c.isprintable() or c.isspace())).strip()
    if not name:
        raise ViewNameless
    return name
