"""Make a label, change it, archive it, or merge it into another. Anybody makes one while working; managers tidy them."""

import re

from comptoir.foundation.transaction import Transaction
from comptoir.labels import queries
from comptoir.labels.errors import LabelNameless, LabelTaken, MergeWithItself
from comptoir.labels.models import COLOURS, Label
from comptoir.team import access


def create(tx: Transaction, *, name: str, colour: str | None = None) -> Label:
    """A label by that name is that label: an archived one comes back, one in use is refused. Without a colour, the one that is
    used least."""
    name = _clean(name)
    known = queries.by_name(tx, name)
    if known is not None and known.archived_at is None:
        raise LabelTaken(name=known.name)
    if known is not None:
        known.archived_at = None
        tx.record("label.restored", label_id=known.id)
        return known
    label = Label(name=name, colour=colour or _rarest(tx))
    tx.add(label)
    tx.record("label.created", label_id=label.id)
    return label


def change(tx: Transaction, label: Label, *, name: str | None = None, colour: str | None = None) -> None:
    access.require_manager(tx.actor)
    name = label.name if name is None else _clean(name)
    known = queries.by_name(tx, name)
    if known is not None and known.id != label.id:
        raise LabelTaken(name=known.name)
    if (name, colour or label.colour) == (label.name, label.colour):
        return
    label.name = name
    label.colour = colour or label.colour
    tx.record("label.changed", label_id=label.id)


def archive(tx: Transaction, label: Label) -> None:
    """No longer on offer; the conversations that have it keep it."""
    access.require_manager(tx.actor)
    if label.archived_at is None:
        label.archived_at = tx.now
        tx.record("label.archived", label_id=label.id)


def restore(tx: Transaction, label: Label) -> None:
    access.require_manager(tx.actor)
    if label.archived_at is not None:
        label.archived_at = None
        tx.record("label.restored", label_id=label.id)


def merge(tx: Transaction, label: Label, *, into: Label) -> None:
    """Every conversation with the one has the other instead, and the one is no more."""
    access.require_manager(tx.actor)
    if label.id == into.id:
        raise MergeWithItself
    both = {"one": label.id, "other": into.id}
    tx.execute(
        "INSERT INTO conversation_labels (conversation_id, label_id)"
        " SELECT l.conversation_id, :other FROM conversation_labels l WHERE l.label_id = :one AND NOT EXISTS"
        " (SELECT 1 FROM conversation_labels k WHERE k.conversation_id = l.conversation_id AND k.label_id = :other)",
        **both,
    )
    tx.execute(
        "UPDATE conversations SET label_ids = CASE WHEN label_ids LIKE :has_other THEN replace(label_ids, :one, ',')"
        " ELSE replace(label_ids, :one, :other) END"
        " WHERE id IN (SELECT conversation_id FROM conversation_labels WHERE label_id = :id)",
        id=label.id,
        one=f",{label.id},",
        other=f",{into.id},",
        has_other=f"%,{into.id},%",
    )
    tx.execute("DELETE FROM conversation_labels WHERE label_id = :one", one=label.id)
    tx.record("label.merged", label_id=label.id, into_id=into.id, name=label.name)
    tx.remove(label)


def _clean(name: str) -> str:
    name = re.sub(r"\s+", " ", "".join(c for c in name if c.isprintable() or c.isspace())).strip()
    if not name:
        raise LabelNameless
    return name


def _rarest(tx: Transaction) -> str:
    used = dict(tx.rows("SELECT colour, count(*) FROM labels WHERE archived_at IS NULL GROUP BY colour"))
    return min(COLOURS, key=lambda colour: used.get(colour, 0))
