"""Canned replies: one's own or everybody's, each with a shortcut that means one thing."""

from typing import Any

import pytest

from comptoir.conversations import uploading
from comptoir.conversations.facts import facts_of
from comptoir.conversations.models import Attachment, Conversation
from comptoir.foundation.errors import NotAllowed, NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.team.models import Member
from comptoir.templates import editing, filling, queries
from comptoir.templates.errors import ShortcutTaken, UnknownField
from comptoir.templates.models import Template
from comptoir.templates.schemas import ChangeTemplate, NewTemplate
from tests.house import House


def create(house: House, by: Member, **given: Any) -> Template:
    facts = {"name": "Horaires", "body": "Nous ouvrons à 8 h, {{contact.first_name|cher client}}."}
    return house.write(lambda tx: editing.create(tx, NewTemplate(**(facts | given))), by=by)


def change(house: House, template: Template, by: Member, **given: Any) -> None:
    house.write(lambda tx: editing.change(tx, queries.find(tx, template.id), ChangeTemplate(**given)), by=by)


def names(house: House, by: Member) -> list[str]:
    return [template.name for template in house.read(queries.templates, by=by)]


def test_a_shared_reply_is_everybodys_and_a_personal_one_its_authors(house: House) -> None:
    create(house, house.anne, name="Horaires", is_shared=True)
    create(house, house.bruno, name="Mes mots")

    assert names(house, house.bruno) == ["Horaires", "Mes mots"]
    assert names(house, house.chloe) == ["Horaires"]
    assert house.events() == ["template.created", "template.created"]


def test_only_who_manages_shares_and_changes_what_is_shared(house: House) -> None:
    shared = create(house, house.anne, is_shared=True)
    own = create(house, house.bruno, name="Mes mots")

    with pytest.raises(NotAllowed):
        create(house, house.bruno, is_shared=True)
    with pytest.raises(NotAllowed):
        change(house, shared, house.bruno, body="Fermé.")
    with pytest.raises(NotAllowed):
        change(house, own, house.bruno, is_shared=True)
    with pytest.raises(NotFound):
        change(house, own, house.chloe, body="Fermé.")


def test_a_shortcut_means_one_thing(house: House) -> None:
    create(house, house.anne, name="Horaires", shortcut="Heures", is_shared=True)
    create(house, house.chloe, name="À elle", shortcut="moi")
    create(house, house.bruno, name="À lui", shortcut="moi")

    for shortcut, by in (("heures", house.bruno), ("HEURES", house.anne), ("moi", house.bruno)):
        with pytest.raises(ShortcutTaken):
            create(house, by, name="Autre", shortcut=shortcut)


def test_an_archived_reply_is_gone_and_its_shortcut_free(house: House) -> None:
    first = create(house, house.bruno, shortcut="h")

    house.write(lambda tx: editing.archive(tx, queries.find(tx, first.id)), by=house.bruno)
    create(house, house.bruno, name="Nouveau", shortcut="h")

    assert names(house, house.bruno) == ["Nouveau"]


def test_a_field_that_does_not_exist_is_refused_by_name(house: House) -> None:
    with pytest.raises(UnknownField) as refused:
        create(house, house.bruno, body="Bonjour {{contact.prenom}}")

    assert "contact.prenom" in refused.value.sentence("fr")


def test_a_change_that_changes_nothing_records_nothing(house: House) -> None:
    template = create(house, house.bruno)

    change(house, template, house.bruno, name=template.name, body=template.body)
    change(house, template, house.bruno, body="Fermé le lundi.")

    assert house.events() == ["template.created", "template.changed"]


def test_its_files_become_uploads_of_who_uses_it(house: House) -> None:
    template = create(house, house.anne, is_shared=True)

    def give(tx: Transaction) -> None:
        upload = uploading.upload(tx, name="tarif.pdf", media_type="application/pdf", size=3, file_key="a" * 64)
        uploading.give(tx, queries.find(tx, template.id), upload.id)

    house.write(give, by=house.anne)
    taken = house.write(lambda tx: uploading.take(tx, queries.find(tx, template.id)), by=house.bruno)

    assert [(file.name, file.file_key, file.member_id) for file in taken] == [("tarif.pdf", "a" * 64, house.bruno.id)]
    assert house.read(lambda tx: tx.value("SELECT count(*) FROM attachments")) == 1
    view = house.read(queries.templates, by=house.bruno)[0]
    assert ([file.name for file in view.files], view.uses) == (["tarif.pdf"], 1)


def test_what_is_used_most_comes_first(house: House) -> None:
    create(house, house.bruno, name="A")
    often = create(house, house.bruno, name="B")

    house.write(lambda tx: editing.count_use(tx, often.id))

    assert names(house, house.bruno) == ["B", "A"]


def test_nobody_gives_away_the_upload_of_another(house: House) -> None:
    template = create(house, house.bruno)
    upload = house.write(
        lambda tx: uploading.upload(tx, name="a.txt", media_type="text/plain", size=1, file_key="b" * 64),
        by=house.chloe,
    )

    with pytest.raises(uploading.UploadMissing):
        house.write(lambda tx: uploading.give(tx, queries.find(tx, template.id), upload.id), by=house.bruno)

    assert house.read(lambda tx: tx.find(Attachment, upload.id)).name == "a.txt"


def test_every_field_has_a_meaning_in_a_conversation(house: House) -> None:
    landed = house.receive()

    facts = house.read(lambda tx: facts_of(tx, tx.find(Conversation, landed.conversation_id)), by=house.bruno)

    assert set(facts) == set(filling.FIELDS)
    assert (facts["contact.first_name"], facts["contact.last_name"]) == ("Léa", "Morel")
    assert (facts["contact.email"], facts["contact.phone"]) == ("lea@garage-morel.example", "")
    assert (facts["member.first_name"], facts["organisation.name"]) == ("Bruno", "Pièces Express")
