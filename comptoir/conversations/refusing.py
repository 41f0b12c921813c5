"""What a number would not carry, in sentences; the codes are those of channels.policy."""

from collections.abc import Sequence
from datetime import datetime

from comptoir.channels import policy
from comptoir.channels.policy import FileFacts
from comptoir.foundation.errors import Problem


class WindowClosed(Problem):
    status = 409
    code = "window_closed"
    fr = "Plus de 24 heures sans message du client : WhatsApp n'accepte plus qu'un modèle approuvé."
    en = "More than 24 hours without a message from the customer: WhatsApp only takes an approved template now."


class TemplateRequired(Problem):
    status = 409
    code = "template_required"
    fr = "Ce client n'a pas encore écrit : WhatsApp demande un modèle approuvé pour commencer."
    en = "This customer has not written yet: WhatsApp asks for an approved template to begin with."


class OneFilePerMessage(Problem):
    code = "one_file_per_message"
    fr = "WhatsApp n'accepte qu'un fichier par message ; envoyez les autres à part."
    en = "WhatsApp takes one file per message; send the others apart."


class FileTooLarge(Problem):
    status = 413
    code = "file_too_large"
    fr = "« {name} » dépasse la limite de {limit} Mo pour ce type de fichier sur WhatsApp."
    en = "“{name}” is larger than {limit} MB, WhatsApp's limit for this type of file."


class FileTypeRefused(Problem):
    code = "file_type_refused"
    fr = "WhatsApp n'accepte pas ce type de fichier (« {name} ») ; convertissez-le, ou mettez-le dans un PDF."
    en = "WhatsApp does not take this type of file (“{name}”); convert it, or put it into a PDF."


class TextTooLong(Problem):
    code = "text_too_long"
    fr = "Ce texte est trop long pour WhatsApp ({limit} caractères au plus) ; coupez-le en deux messages."
    en = "This text is too long for WhatsApp (at most {limit} characters); cut it into two messages."


class CaptionRefused(Problem):
    code = "caption_refused"
    fr = "Ce type de fichier part sans texte sur WhatsApp ; envoyez le texte à part."
    en = "This type of file goes without words on WhatsApp; send the words apart."


class GroupRefused(Problem):
    status = 409
    code = "group_refused"
    fr = "Le fournisseur de ce numéro ne permet pas d'écrire dans un groupe ; écrivez à la personne."
    en = "The provider of this number does not allow writing to a group; write to the person."


class NotPossible(Problem):
    status = 409
    code = "not_possible"
    fr = "Le fournisseur de ce numéro ne permet pas cette action."
    en = "The provider of this number does not allow this."


def require(
    provider: str,
    *,
    window_until: datetime | None,
    now: datetime,
    is_template: bool,
    words: str,
    files: Sequence[FileFacts],
) -> None:
    """Raises the Problem that says why it may not be sent."""
    code = policy.may_send(
        provider, window_until=window_until, now=now, is_template=is_template, words=words, files=files
    )
    if code is None:
        return
    name = files[0].name if files else ""
    match code:
        case "window_closed":
            raise WindowClosed
        case "template_required":
            raise TemplateRequired
        case "one_file_per_message":
            raise OneFilePerMessage
        case "file_too_large":
            raise FileTooLarge(name=name, limit=_limit(provider, files[0]))
        case "file_type_refused":
            raise FileTypeRefused(name=name)
        case "text_too_long":
            abilities = policy.ABILITIES[provider]
            raise TextTooLong(limit=abilities.most_caption if files else abilities.most_text)
        case _:
            raise CaptionRefused


def _limit(provider: str, file: FileFacts) -> str:
    limit = policy.limit_for(provider, file.media_type)
    return f"{limit.most_bytes / policy.MB:g}" if limit else "0"
