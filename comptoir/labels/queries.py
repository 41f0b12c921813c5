"""Which labels there are."""

from comptoir.foundation.transaction import Transaction
from comptoir.labels.schemas import LabelPill


def labels(tx: Transaction) -> list[LabelPill]:
    return [
        LabelPill(id, name, colour) for id, name, colour in tx.rows("SELECT id, name, colour FROM labels ORDER BY name")
    ]
