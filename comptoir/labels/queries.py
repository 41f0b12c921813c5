"""Which labels there are."""

from sqlalchemy import select

from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.labels.models import Label
from comptoir.labels.schemas import LabelView


def labels(tx: Transaction) -> list[LabelView]:
    """All of them, by name, the archived ones too."""
    return [
        LabelView(id, name, colour, archived_at is not None)
        for id, name, colour, archived_at in tx.rows(
            "SELECT id, name, colour, archived_at FROM labels ORDER BY lower(name), id"
        )
    ]


def find(tx: Transaction, id: int) -> Label:
    label = tx.session.get(Label, id)
    if label is None:
        raise NotFound
    return label


def by_name(tx: Transaction, name: str) -> Label | None:
    """Whatever the case of its letters."""
    wanted = name.casefold()  # SQLite's lower() knows no accents
    return next((label for label in tx.session.scalars(select(Label)) if label.name.casefold() == wanted), None)


def view(label: Label) -> LabelView:
    return LabelView(label.id, label.name, label.colour, label.archived_at is not None)
