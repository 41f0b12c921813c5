"""What can be refused in the channels room, in sentences."""

from comptoir.channels.troubles import sentence
from comptoir.foundation.errors import Problem


class AddressTaken(Problem):
    status = 409
    code = "channel_address_taken"
    fr = "La boîte « {address} » est déjà connectée ; modifiez-la au lieu de la connecter de nouveau."
    en = "The mailbox “{address}” is already connected; change it instead of connecting it again."


class FieldMissing(Problem):
    """`field` is the name of the setting or secret, as the API calls it."""

    code = "number_field_missing"
    fr = "Il manque une information pour connecter ce numéro ({field})."
    en = "Something is missing to connect this number ({field})."


class LastMember(Problem):
    status = 409
    code = "last_channel_member"
    fr = "C'est la dernière personne de cette boîte ; ajoutez quelqu'un d'autre d'abord, ou déconnectez la boîte."
    en = "This is the last person in this mailbox; add someone else first, or disconnect the mailbox."


class CannotJoin(Problem):
    code = "cannot_join_channel"
    fr = "Cette personne ne fait pas partie de l'équipe : invitez-la d'abord."
    en = "This person is not in the team: invite them first."


class ConnectionFailed(Problem):
    """The world refused what was typed. `code` says what is wrong, `side` on which server, `detail` in its own words."""

    code = "connection_failed"

    def __init__(self, *, side: str, code: str, detail: str) -> None:
        super().__init__(side=side, code=code, detail=detail)

    def sentence(self, language: str) -> str:
        return sentence(str(self.facts["code"]), side=str(self.facts["side"]), language=language)
