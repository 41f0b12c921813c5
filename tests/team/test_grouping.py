"""Teams, and how much of their channels a member sees."""

from collections.abc import Callable
from itertools import product

import pytest

from comptoir.conversations import assigning, lists, resolving, starting, thread
from comptoir.conversations.models import Conversation
from comptoir.conversations.schemas import NewConversation, NewReply, Recipient
from comptoir.conversations.search import searching
from comptoir.foundation.errors import NotAllowed, NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.team import editing, grouping, queries
from comptoir.team.access import can_see
from comptoir.team.errors import CannotJoinTeam, ScopeOfManagers, TeamTaken
from comptoir.team.models import Member, Team
from tests.house import House


def team_of(house: House, *members: Member, name: str = "Devis") -> int:
    def make(tx: Transaction) -> int:
        team = grouping.create(tx, name=name)
        for member in members:
            grouping.add_member(tx, team, member.id)
        return team.id

    return house.write(make, by=house.anne)


def on(house: House, id: int, act: Callable[[Transaction, Conversation], object], by: Member | None = None) -> None:
    house.write(lambda tx: act(tx, thread.find(tx, id)), by=by or house.anne)


def scope(house: House, member: Member, scope: str) -> None:
    house.write(lambda tx: editing.change_scope(tx, tx.find(Member, member.id), scope=scope), by=house.anne)


def test_a_team_is_made_renamed_and_filled_by_managers_alone(house: House) -> None:
    team = team_of(house, house.bruno, name="  Devis  ")
    house.write(lambda tx: grouping.rename(tx, tx.find(Team, team), name="Devis et prix"), by=house.anne)

    assert house.events() == ["team.created", "team.member_added", "team.changed"]
    assert house.read(queries.teams)[0].name == "Devis et prix"
    with pytest.raises(TeamTaken):
        house.write(lambda tx: grouping.create(tx, name="DEVIS ET PRIX"), by=house.anne)
    with pytest.raises(CannotJoinTeam):
        house.write(lambda tx: grouping.add_member(tx, tx.find(Team, team), 999), by=house.anne)
    with pytest.raises(NotAllowed):
        house.write(lambda tx: grouping.create(tx, name="Autre"), by=house.bruno)


def test_a_conversation_is_given_to_a_team_then_taken_by_one_of_it(house: House) -> None:
    team = team_of(house, house.bruno)
    id = house.receive().conversation_id
    on(house, id, lambda tx, c: assigning.assign(tx, c, member_id=house.chloe.id))

    on(house, id, lambda tx, c: assigning.assign_team(tx, c, team_id=team))
    assert (house.conversation(id).team_id, house.conversation(id).assignee_id) == (team, None), "Chloé is not of it"

    on(house, id, lambda tx, c: assigning.assign(tx, c, member_id=house.bruno.id), by=house.bruno)
    assert (house.conversation(id).team_id, house.conversation(id).assignee_id) == (team, house.bruno.id)
    assert house.events(id)[-3:] == ["conversation.team_assigned", "conversation.assigned", "conversation.assigned"]


def test_an_archived_team_gives_back_what_it_had_and_what_is_opened_again(house: House) -> None:
    team = team_of(house, house.bruno)
    id = house.receive().conversation_id
    on(house, id, lambda tx, c: assigning.assign_team(tx, c, team_id=team))
    on(house, id, resolving.resolve)
    house.write(lambda tx: grouping.archive(tx, tx.find(Team, team)), by=house.anne)

    assert house.conversation(id).team_id == team, "who had it is part of what happened"
    on(house, id, resolving.reopen)
    assert house.conversation(id).team_id is None
    restored = house.write(lambda tx: grouping.create(tx, name="devis").id, by=house.anne)
    assert restored == team


@pytest.fixture
def shelves(house: House) -> dict[str, int]:
    """A conversation for each way to be held: by nobody, by the team of Bruno or another, with or without an assignee."""
    ours, theirs = team_of(house, house.bruno), team_of(house, house.chloe, name="Compta")
    found = {}
    for team, member in product((None, "ours", "theirs"), (None, "bruno", "chloe")):
        key = f"{team}/{member}"
        found[key] = house.receive(subject=f"Pièce {key}").conversation_id

        def hold(tx: Transaction, c: Conversation, team: str | None = team, member: str | None = member) -> None:
            if team:
                assigning.assign_team(tx, c, team_id=ours if team == "ours" else theirs)
            if member:
                assigning.assign(tx, c, member_id=getattr(house, member).id)

        on(house, found[key], hold)
    return found


SEEN = {
    "all": {f"{team}/{member}" for team, member in product((None, "ours", "theirs"), (None, "bruno", "chloe"))},
    "team": {"None/None", "None/bruno", "ours/None", "ours/bruno", "ours/chloe", "theirs/bruno"},
    "own": {"None/bruno", "ours/bruno", "theirs/bruno"},
}


@pytest.mark.parametrize("wanted", SEEN)
def test_lists_counts_search_and_threads_agree_on_what_a_scope_shows(
    house: House, shelves: dict[str, int], wanted: str
) -> None:
    scope(house, house.bruno, wanted)
    seen = {shelves[key] for key in SEEN[wanted]}
    unassigned = {shelves[key] for key in SEEN[wanted] if key.endswith("/None")}

    def ids(tab: str, status: str) -> set[int]:
        page = house.read(lambda tx: lists.page(tx, tab=tab, status=status, cursor=None, limit=100), by=house.bruno)
        assert len({row.id for row in page.rows}) == len(page.rows), "each once"
        return {row.id for row in page.rows}

    assert ids("all", "open") == ids("all", "any") == seen
    assert ids("unassigned", "open") == unassigned
    assert ids("mine", "open") == {shelves[key] for key in SEEN[wanted] if key.endswith("/bruno")}
    counts = house.read(lambda tx: lists.counts(tx, status="open"), by=house.bruno)
    assert (counts.all, counts.unassigned, counts.mine) == (len(seen), len(unassigned), 3)
    hits = house.read(lambda tx: searching.search(tx, "plaquettes"), by=house.bruno).hits
    assert {hit.conversation.id for hit in hits} == seen
    for id in shelves.values():
        held = house.conversation(id)
        assert can_see(house.actor(house.bruno), held) == (id in seen)
        assert (house.bruno.id in house.read(lambda tx, h=held: queries.who_sees(tx, h))) == (id in seen)  # type: ignore[misc]
        if id not in seen:
            with pytest.raises(NotFound):
                house.read(lambda tx, id=id: thread.read(tx, id), by=house.bruno)  # type: ignore[misc]


def test_managers_see_all_of_their_channels(house: House) -> None:
    with pytest.raises(ScopeOfManagers):
        scope(house, house.anne, "own")
    scope(house, house.bruno, "own")
    house.write(lambda tx: editing.change_role(tx, tx.find(Member, house.bruno.id), role="admin"), by=house.anne)
    assert house.actor(house.bruno).scope == "all"


def test_who_sees_only_their_own_has_what_they_begin(house: House) -> None:
    scope(house, house.bruno, "own")
    words = NewReply(client_id="premier-mail", text="Bonjour", subject="Offre", to=[Recipient("nora@garage.example")])

    def begin(tx: Transaction) -> int:
        given = NewConversation(channel_id=house.sav.id, message=words)
        return starting.start(tx, starting.find_channel(tx, house.sav.id), given, token_key=b"k" * 32).conversation.id

    id = house.write(begin, by=house.bruno)
    assert house.conversation(id).assignee_id == house.bruno.id
