"""Whether a mail was written by a machine: such a mail is kept and shown, and never answered automatically."""

import re

from comptoir.mail.headers import Headers

_PRECEDENCE = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
_PRESENT = (
    "x-auto-response-suppress",
    "list-id",
    "list-unsubscribe",
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-loop",
    "feedback-id",
    "x-ms-exchange-inbox-rules-loop",
)
_SENDER = re.compile(
    r"(?:^|[<\s\"])(?:mailer-daemon|postmaster|no-?reply|ne-?pas-?repondre|donotreply|do-not-reply)(?:[@+.\"\s]|$)"
)
_SUBJECT = re.compile(
    r"(?:auto(?:matic)?[ -]?(?:reply|response)|réponse automatique|absence(?: du bureau)?\s*[:.]|out of (?:the )?office|"
    r"automatische antwort|abwesenheit|respuesta automática|risposta automatica)",
    re.IGNORECASE,
)


def is_automatic(fields: Headers) -> bool:
    submitted = fields.raw("auto-submitted").split(";")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    if fields.raw("precedence").strip().lower() in _PRECEDENCE:
        return True
    if any(name in fields for name in _PRESENT):
        return True
    if fields.raw("return-path").replace(" ", "") == "<>":
        return True
    media_type, parameters = fields.parameters("content-type")
    if media_type == "multipart/report" or "report-type" in parameters:
        return True
    return bool(_SENDER.search(fields.raw("from").lower()) or _SUBJECT.match(fields.text("subject")))
