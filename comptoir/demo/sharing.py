"""The teams of the sample house, and the views its owner shares: what a newcomer finds ready to work together."""

from collections.abc import Mapping

from comptoir.conversations.filters.schemas import Filter
from comptoir.conversations.views import editing
from comptoir.conversations.views import queries as shown
from comptoir.demo.cast import TEAMS
from comptoir.foundation.transaction import Transaction
from comptoir.labels.models import Label
from comptoir.team import grouping, queries
from comptoir.team.models import Member


def share(tx: Transaction, members: Mapping[str, Member], labels: Mapping[str, Label]) -> None:
    """By the owner. A team that is here already under that name is somebody's own, and left alone."""
    for name, who in TEAMS:
        if queries.team_by_name(tx, name) is None:
            team = grouping.create(tx, name=name)
            for key in who:
                grouping.add_member(tx, team, members[key].id)
    for name, asked in views({name: label.id for name, label in labels.items()}).items():
        editing.create(tx, name=name, asked=asked, is_shared=True)


def views(labels: Mapping[str, int]) -> dict[str, Filter]:
    return {
        "Urgences": Filter(label_any=[labels["Urgent"]]) if "Urgent" in labels else Filter(),
        "WhatsApp non lus": Filter(kind=["whatsapp"], unread=True),
    }


def take_back(tx: Transaction) -> None:
    """Before the labels and the colleagues go. A view whose filter was changed stays, and so does a team that others have joined
    or that has work in a real mailbox."""
    labels = {name: id for id, name in tx.rows("SELECT id, name FROM labels")}
    ours = views(labels)
    for view in shown.views(tx):
        if view.is_shared and view.filter == ours.get(view.name):
            tx.execute("DELETE FROM views WHERE id = :id", id=view.id)
    for name, _ in TEAMS:
        team = queries.team_by_name(tx, name)
        if team is not None and not _is_used(tx, team.id):
            tx.execute("DELETE FROM team_members WHERE team_id = :id", id=team.id)
            tx.execute("DELETE FROM teams WHERE id = :id", id=team.id)


def _is_used(tx: Transaction, team_id: int) -> bool:
    sample = {key for _, who in TEAMS for key in who}
    for (email,) in tx.rows(
        "SELECT m.email FROM team_members t JOIN members m ON m.id = t.member_id WHERE t.team_id = :id AND m.role <> 'owner'",
        id=team_id,
    ):
        if email.partition("@")[0] not in sample:
            return True
    return tx.value("SELECT 1 FROM conversations WHERE team_id = :id LIMIT 1", id=team_id) is not None
