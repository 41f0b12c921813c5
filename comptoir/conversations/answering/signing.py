"""Change what stands below one's own mail. Here rather than in the team's room: cleaning HTML is a mail craft."""

from comptoir.foundation.transaction import Transaction
from comptoir.mail import signatures
from comptoir.team import queries


def sign_with(tx: Transaction, html: str) -> None:
    member = queries.me(tx)
    kept = signatures.cleaned(html)
    if kept != member.signature:
        member.signature = kept
        tx.record("member.changed", member_id=member.id)
