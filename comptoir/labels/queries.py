"""Which labels there are."""

from comptoir.foundation.transaction import Transaction
from comptoir.labels.schemas import LabelView


def labels(tx: Transaction) -> list[LabelView]:
    return [
        LabelView(id, name, colour) for id, name, colour in tx.rows("SELECT id, name, colour FROM labels ORDER BY name")
    ]
