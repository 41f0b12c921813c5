"""What the directory refuses, in a sentence for the program that asked."""

from collections.abc import Sequence

from comptoir.customers.directory.results import ItemResult, Outcome
from comptoir.foundation.errors import Problem

MOST = 1000


class ItemRefused(Problem):
    code = "item_refused"
    fr = "« {key} » est refusé : {reason} {given}"
    en = "“{key}” is refused: {reason} {given}"


class BatchTooLarge(Problem):
    status = 413
    code = "batch_too_large"
    fr = "Pas plus de {limit} à la fois : envoyez le reste ensuite."
    en = "No more than {limit} at a time: send the rest after."


def check_size(batch: Sequence[object]) -> None:
    if len(batch) > MOST:
        raise BatchTooLarge(limit=MOST)


def taken(result: ItemResult) -> ItemResult:
    """ItemRefused where it was."""
    if result.outcome == Outcome.REFUSED:
        raise ItemRefused(key=result.key, reason=result.reason, given=result.given)
    return result
