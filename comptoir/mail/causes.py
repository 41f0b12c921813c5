"""Why a mail was not delivered, as one of a few causes that have a sentence in the interface: from the enhanced status code
(RFC 3463), where the server gives one it means, else from its words.
"""

import re

_BY_STATUS = {
    "1.2": "unknown_domain",
    "1.3": "unknown_address",
    "1.6": "unknown_address",
    "1.10": "unknown_address",
    "1.0": "unknown_address",
    "1.1": "unknown_address",
    "2.1": "address_closed",
    "2.2": "mailbox_full",
    "2.3": "too_heavy",
    "3.4": "too_heavy",
    "4.4": "unknown_domain",
    "4.1": "unanswered",
    "4.2": "unanswered",
    "4.7": "unanswered",
    "7.1": "rejected",
    "7.26": "not_trusted",
    "7.9": "not_trusted",
    "7.23": "not_trusted",
    "7.25": "not_trusted",
}
_BY_CLASS = {"1": "unknown_address", "7": "rejected", "6": "rejected"}
_WORDS = (
    (
        "mailbox_full",
        r"over ?quota|quota exceed|mailbox (?:is )?full|boîte[^\n]{0,40} pleine|insufficient storage",
    ),
    ("too_heavy", r"too (?:large|big)|size limit|exceeds? (?:the )?(?:maximum |size )|message size"),
    ("spam", r"\bspam\b|blacklist|blocklist|block list|spamhaus|\brbl\b|reputation|junk"),
    ("not_trusted", r"\bdmarc\b|\bspf\b|\bdkim\b|unauthenticated|sender (?:address )?verif"),
    ("address_closed", r"disabled|inactive|suspended|no longer (?:available|in use|active)|désactivé"),
    (
        "unknown_domain",
        r"(?:host|domain) (?:name )?(?:unknown|not found)|no mx|unrouteable|bad destination (?:host|system)",
    ),
    (
        "unknown_address",
        r"(?:user|recipient|address|mailbox|account|adresse|destinataire)[^\n]{0,40}(?:unknown|not found|does(?: not|n't) exist|"
        r"invalid|inconnue?|introuvable|unavailable)|(?:no such|unknown|invalid) (?:user|recipient|address|mailbox)|550[ -]5\.1\.1",
    ),
    ("unanswered", r"timed? ?out|expired|connection refused|no route|unreachable|too long|retry time"),
)
_COMPILED = tuple((cause, re.compile(words, re.IGNORECASE)) for cause, words in _WORDS)
_REFINED = ("rejected", "")  # codes so general that the words beside them say more


def cause_of(status: str, reason: str) -> str:
    """One of: unknown_address, unknown_domain, address_closed, mailbox_full, too_heavy, spam, not_trusted, rejected,
    unanswered, undelivered."""
    _, _, detail = status.partition(".")
    by_status = _BY_STATUS.get(detail) or _BY_CLASS.get(detail.partition(".")[0], "")
    if by_status not in _REFINED and not (detail == "1.0" and reason):
        return by_status
    return next((cause for cause, words in _COMPILED if words.search(reason[:2_000])), by_status or "undelivered")
