"""The doors of tokens, for managers."""

from litestar import Router, delete, get, post
from litestar.params import FromPath, JSONBody

from comptoir.foundation.doors import act, query
from comptoir.foundation.transaction import Transaction
from comptoir.team.tokens import issuing, queries
from comptoir.team.tokens.schemas import MadeToken, NewToken, TokenView


@get("/tokens", operation_id="tokens")
@query
def tokens(tx: Transaction) -> list[TokenView]:
    return queries.tokens(tx)


@post("/tokens", operation_id="issueToken")
@act
def issue(tx: Transaction, data: JSONBody[NewToken]) -> MadeToken:
    """The token is said here, and never again."""
    made, token = issuing.issue(tx, name=data.name)
    return MadeToken(token, queries.view(made))


@delete("/tokens/{token_id:int}", operation_id="revokeToken", status_code=204)
@act
def revoke(tx: Transaction, token_id: FromPath[int]) -> None:
    issuing.revoke(tx, queries.find(tx, token_id))


def router() -> Router:
    return Router("/", route_handlers=[tokens, issue, revoke], tags=["tokens"])
