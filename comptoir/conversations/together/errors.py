"""What can be refused where several people work in one conversation."""

from comptoir.foundation.errors import Problem


class NewerMessages(Problem):
    """`messages` is what arrived, as MessageViews, oldest first."""

    status = 409
    code = "newer_messages"
    fr = "Pendant que vous écriviez, il y a eu du nouveau dans cette conversation : lisez-le, puis décidez."
    en = "Something new arrived in this conversation while you were writing: read it, then decide."


class CannotMention(Problem):
    code = "cannot_mention"
    fr = "{names} n'a pas accès à cette conversation : retirez la mention, ou donnez-lui d'abord l'accès au canal."
    en = "{names} has no access to this conversation: take the mention out, or give them access to the channel first."
