"""An error a person can act on: a stable code, a sentence in each language, and an HTTP status for the doors.

Rooms subclass `Problem` beside the act that raises it.
"""

from typing import ClassVar


class Problem(Exception):
    """`fr` and `en` are sentences; `{facts}` in them are filled from the keyword arguments."""

    status: ClassVar[int] = 422
    code: ClassVar[str]
    fr: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    def sentence(self, language: str) -> str:
        return (self.fr if language == "fr" else self.en).format(**self.facts)


class NotFound(Problem):
    """It does not exist, or this member may not see it: the answer is the same on purpose."""

    status = 404
    code = "not_found"
    fr = "Introuvable : cet élément n'existe pas, ou vous n'y avez pas accès."
    en = "Not found: it does not exist, or you have no access to it."


class NotAllowed(Problem):
    status = 403
    code = "not_allowed"
    fr = "Votre rôle ne permet pas cette action ; demandez à un administrateur."
    en = "Your role does not allow this; ask an administrator."


class NotSignedIn(Problem):
    status = 401
    code = "not_signed_in"
    fr = "Votre session a expiré ; connectez-vous de nouveau."
    en = "Your session has ended; please sign in again."
