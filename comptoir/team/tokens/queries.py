"""The tokens there are, newest first."""

from sqlalchemy import select

from comptoir.foundation.transaction import Transaction
from comptoir.team import access
from comptoir.team.tokens.models import ApiToken
from comptoir.team.tokens.schemas import TokenView


def tokens(tx: Transaction) -> list[TokenView]:
    access.require_manager(tx.actor)
    return [view(one) for one in tx.session.scalars(select(ApiToken).order_by(ApiToken.id.desc()))]


def find(tx: Transaction, token_id: int) -> ApiToken:
    access.require_manager(tx.actor)
    return tx.find(ApiToken, token_id)


def view(token: ApiToken) -> TokenView:
    return TokenView(token.id, token.name, token.ending, token.created_at, token.used_at, token.revoked_at)
