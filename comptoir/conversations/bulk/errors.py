"""What can be refused of a bulk act, in sentences."""

from comptoir.foundation.errors import Problem


class NothingChosen(Problem):
    code = "nothing_chosen"
    fr = "Sélectionnez au moins une conversation."
    en = "Select at least one conversation."


class BulkNotDone(Problem):
    status = 409
    code = "bulk_not_done"
    fr = "L'action n'a pas encore commencé ; annulez-la dans un instant."
    en = "This has not begun yet; undo it in a moment."
