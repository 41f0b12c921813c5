"""Who, of some members, may see a conversation: each is asked as themselves, through the same door as everybody.

So there is no second predicate of access that could say something else than the first.
"""

import contextlib
from collections.abc import Iterable, Iterator

from comptoir.conversations import thread
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Claims, Transaction
from comptoir.team import signing_in


def who_sees(tx: Transaction, conversation_id: int, member_ids: Iterable[int]) -> set[int]:
    """Those of them who are in the house and may read this conversation."""
    return {id for id in set(member_ids) if may_see(tx, conversation_id, id)}


def may_see(tx: Transaction, conversation_id: int, member_id: int) -> bool:
    with acting_as(tx, member_id) as is_here:
        if not is_here:
            return False
        try:
            thread.find(tx, conversation_id)
        except NotFound:
            return False
        return True


@contextlib.contextmanager
def acting_as(tx: Transaction, member_id: int) -> Iterator[bool]:
    """Inside, the transaction sees what this member sees; False when they cannot sign in any more, or not yet."""
    actor = tx.actor
    stamp = tx.value(
        "SELECT stamp FROM members WHERE id = :id AND is_active AND password_hash IS NOT NULL", id=member_id
    )
    try:
        if stamp is not None:
            tx.actor = signing_in.identify(tx, Claims(member_id, stamp))
        yield stamp is not None
    finally:
        tx.actor = actor
