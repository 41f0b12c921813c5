"""Make a token, revoke it, and know who comes with one. A token keeps the directory up to date: it sees no conversation."""

import hashlib
import secrets
from datetime import timedelta

from comptoir.foundation.errors import NotAllowed
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Actor, Transaction
from comptoir.team import access
from comptoir.team.tokens.errors import BadToken
from comptoir.team.tokens.models import ApiToken

PREFIX = "cpt_"
KIND = "token"
SAID_EVERY = timedelta(minutes=1)


def issue(tx: Transaction, *, name: str) -> tuple[ApiToken, str]:
    """The row, and the token itself, which nobody can read again."""
    access.require_manager(tx.actor)
    token = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken(
        name=name.strip(), token_hash=_hash(token), ending=token[-4:], member_id=tx.actor.id, created_at=tx.now
    )
    tx.add(made)
    tx.record("token.issued", token_id=made.id)
    return made, token


def revoke(tx: Transaction, token: ApiToken) -> None:
    access.require_manager(tx.actor)
    if token.revoked_at is None:
        token.revoked_at = tx.now
        tx.record("token.revoked", token_id=token.id)


def come_in(tx: Transaction, token: str, *, writes: bool) -> Actor:
    """Whoever comes with this token; BadToken where it is none of ours. `writes`: its use can be noted."""
    found = tx.row(
        "SELECT id, used_at FROM api_tokens WHERE token_hash = :hash AND revoked_at IS NULL", hash=_hash(token)
    )
    if found is None:
        raise BadToken
    id, used_at = found
    if writes and to_ms(tx.now - SAID_EVERY) > (used_at or 0):
        tx.execute("UPDATE api_tokens SET used_at = :now WHERE id = :id", now=to_ms(tx.now), id=id)
    return Actor(KIND, language="en", channel_ids=())


def require_directory(actor: Actor) -> None:
    """Whoever may say who the company's customers are: its managers, and programs with a token."""
    if actor.kind != KIND and not access.can_manage(actor):
        raise NotAllowed


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
