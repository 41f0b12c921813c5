"""Why a mail was not delivered, from the code or from the words."""

import pytest

from comptoir.mail.causes import cause_of


@pytest.mark.parametrize(
    ("status", "reason", "cause"),
    [
        ("5.1.1", "550 5.1.1 no such user", "unknown_address"),
        ("5.1.2", "host unknown", "unknown_domain"),
        ("5.2.1", "mailbox disabled", "address_closed"),
        ("4.2.2", "over quota", "mailbox_full"),
        ("5.3.4", "552 message too big", "too_heavy"),
        ("5.7.1", "554 5.7.1 blocked using zen.spamhaus.org", "spam"),
        ("5.7.26", "unauthenticated", "not_trusted"),
        ("5.7.1", "550 relaying denied", "rejected"),
        ("4.4.7", "message expired", "unanswered"),
        ("5.0.0", "550 No such user", "unknown_address"),
        ("", "The recipient's mailbox is full", "mailbox_full"),
        ("", "La boîte du destinataire est pleine", "mailbox_full"),
        ("550", "", "undelivered"),
        ("", "", "undelivered"),
    ],
)
def test_bounces_have_a_cause_that_a_member_understands(status: str, reason: str, cause: str) -> None:
    assert cause_of(status, reason) == cause
