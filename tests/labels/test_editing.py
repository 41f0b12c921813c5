"""Labels: made while working, tidied by managers; renamed, merged and archived without a conversation losing one."""

import pytest

from comptoir.conversations import labelling
from comptoir.conversations.models import Conversation
from comptoir.conversations.rows import rows_of
from comptoir.foundation.errors import NotAllowed
from comptoir.foundation.transaction import Transaction
from comptoir.labels import editing, queries
from comptoir.labels.errors import LabelArchived, LabelNameless, LabelTaken
from comptoir.labels.models import COLOURS, Label
from comptoir.team.models import Member
from tests.house import House


def _create(house: House, name: str, *, by: Member | None = None) -> int:
    return house.write(lambda tx: editing.create(tx, name=name).id, by=by or house.bruno)


def _label(house: House, conversation_id: int, label_id: int) -> None:
    def work(tx: Transaction) -> None:
        labelling.label(tx, tx.find(Conversation, conversation_id), tx.find(Label, label_id))

    house.write(work, by=house.bruno)


def _names(house: House, conversation_id: int) -> list[str]:
    return [pill.name for pill in house.read(lambda tx: rows_of(tx, [conversation_id]))[0].labels]


def test_a_label_made_while_working_goes_on_and_off_a_conversation(house: House) -> None:
    id = house.receive().conversation_id
    urgent = _create(house, "  Urgent  ")
    _label(house, id, urgent)
    _label(house, id, urgent)
    assert _names(house, id) == ["Urgent"]
    assert house.events(id).count("conversation.labelled") == 1
    house.write(lambda tx: labelling.unlabel(tx, tx.find(Conversation, id), tx.find(Label, urgent)), by=house.anne)
    assert _names(house, id) == []
    assert house.events(id)[-1] == "conversation.unlabelled"


def test_the_same_name_in_another_case_is_the_same_label(house: House) -> None:
    _create(house, "Élan")
    with pytest.raises(LabelTaken):
        _create(house, "ÉLAN")
    with pytest.raises(LabelNameless):
        _create(house, " \u200b ")


def test_colours_are_given_in_turn(house: House) -> None:
    for n in range(len(COLOURS)):
        _create(house, f"n° {n}")
    given = house.read(queries.labels)
    assert {label.colour for label in given} == set(COLOURS)


def test_an_archived_label_stays_where_it_is_and_is_not_on_offer(house: House) -> None:
    first, second = house.receive().conversation_id, house.receive(subject="Autre").conversation_id
    salon = _create(house, "Salon 2025")
    _label(house, first, salon)
    house.write(lambda tx: editing.archive(tx, tx.find(Label, salon)), by=house.anne)
    assert _names(house, first) == ["Salon 2025"]
    with pytest.raises(LabelArchived):
        _label(house, second, salon)
    assert _create(house, "salon 2025") == salon  # asked for by name, it comes back
    _label(house, second, salon)


def test_merging_moves_every_conversation_once(house: House) -> None:
    ids = [house.receive(subject=f"n° {n}").conversation_id for n in range(3)]
    sav, apres = _create(house, "SAV"), _create(house, "Après-vente")
    for id in ids[:2]:
        _label(house, id, sav)
    for id in ids[1:]:
        _label(house, id, apres)
    house.write(lambda tx: editing.merge(tx, tx.find(Label, apres), into=tx.find(Label, sav)), by=house.anne)
    assert [_names(house, id) for id in ids] == [["SAV"]] * 3
    assert [label.name for label in house.read(queries.labels)] == ["SAV"]


def test_members_make_labels_and_managers_tidy_them(house: House) -> None:
    urgent, autre = _create(house, "Urgent"), _create(house, "Autre")
    acts = (
        lambda tx: editing.change(tx, tx.find(Label, urgent), name="Très urgent"),
        lambda tx: editing.archive(tx, tx.find(Label, urgent)),
        lambda tx: editing.restore(tx, tx.find(Label, urgent)),
        lambda tx: editing.merge(tx, tx.find(Label, urgent), into=tx.find(Label, autre)),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            house.write(act, by=house.bruno)
    house.write(acts[0], by=house.anne)
    assert "Très urgent" in [label.name for label in house.read(queries.labels)]
