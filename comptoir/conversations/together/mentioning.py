"""A note calls members and teams by name. Who is called is kept as a reference; the words only show it."""

from collections.abc import Sequence

from comptoir.conversations.models import Conversation
from comptoir.conversations.schemas import Mention, NewMention
from comptoir.conversations.together import audience
from comptoir.conversations.together.errors import CannotMention
from comptoir.conversations.together.schemas import Mentionable
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction


def mentions(tx: Transaction, conversation: Conversation, called: Sequence[NewMention]) -> list[Mention]:
    """Each once, with the name they have now. CannotMention where somebody could not read the note."""
    known = {(one.kind, one.id): one for one in mentionable(tx, conversation)} if called else {}
    found = [known.get((one.kind, one.id)) for one in called]
    if None in found:
        raise NotFound
    shut_out = [one.name for one in found if one is not None and not one.has_access]
    if shut_out:
        raise CannotMention(names=", ".join(dict.fromkeys(shut_out)))
    return list({(one.kind, one.id): Mention(one.kind, one.id, one.name) for one in found if one is not None}.values())


def mentionable(tx: Transaction, conversation: Conversation) -> list[Mentionable]:
    """Everybody in the house but oneself, and every team, by name; whether they may read this conversation. A team may when
    one of its members does."""
    people = tx.rows(
        "SELECT id, name FROM members WHERE is_active AND password_hash IS NOT NULL AND id <> :me ORDER BY name, id",
        me=tx.actor.id or 0,
    )
    seeing = audience.who_sees(tx, conversation.id, [id for id, _ in people])
    teams = tx.rows("SELECT id, name FROM teams WHERE archived_at IS NULL ORDER BY name, id")
    return [
        *(Mentionable("member", id, name, id in seeing) for id, name in people),
        *(Mentionable("team", id, name, bool(seeing & set(team_members(tx, id)))) for id, name in teams),
    ]


def called_members(tx: Transaction, called: Sequence[Mention]) -> set[int]:
    """The members that these name, themselves or by their team."""
    people = {one.id for one in called if one.kind == "member"}
    return people.union(*(team_members(tx, one.id) for one in called if one.kind == "team"))


def team_members(tx: Transaction, team_id: int) -> list[int]:
    return [id for (id,) in tx.rows("SELECT member_id FROM team_members WHERE team_id = :id", id=team_id)]
