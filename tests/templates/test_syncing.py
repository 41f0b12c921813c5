"""Our copy of a number's templates follows the provider's: all of them now and then, one of them as soon as it changes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from comptoir.channels.chat import TemplateButton, TemplateChanged, TemplateFound
from comptoir.channels.models import Channel, ChannelMember
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.team.models import Member
from comptoir.templates import editing, queries, syncing
from comptoir.templates.errors import NotApproved, NotCanned, ValueMissing
from comptoir.templates.schemas import ChangeTemplate, TemplateView
from tests.house import House

READY = TemplateFound(
    external_id="594425479261596",
    name="commande_prete",
    language="fr",
    category="utility",
    status="approved",
    is_named=True,
    body="Bonjour {{first_name}}, la commande {{order}} est prête.",
    footer="Pièces Express",
    buttons=(TemplateButton(kind="url", text="Suivre", url="https://pieces.example/{{1}}"),),
    examples={"first_name": "Anna", "order": "A-1042"},
)


def number(house: House, address: str = "+33612345678", *members: Member) -> Channel:
    def make(tx: Transaction) -> Channel:
        channel = Channel(
            kind="whatsapp",
            provider="meta",
            name="WhatsApp",
            address=address,
            settings={},
            secrets="",
            health="connected",
            version=0,
            created_at=tx.now,
        )
        tx.add(channel)
        tx.add(*(ChannelMember(channel_id=channel.id, member_id=member.id) for member in members or (house.bruno,)))
        return channel

    return house.write(make)


def sync(house: House, channel: Channel, *found: TemplateFound) -> syncing.Synced:
    return house.write(lambda tx: syncing.sync(tx, channel, found))


def seen(house: House, by: Member) -> list[TemplateView]:
    return house.read(queries.templates, by=by)


def changed(**given: Any) -> TemplateChanged:
    facts = {"number_id": "1", "at": datetime(2026, 11, 24, tzinfo=UTC), "external_id": READY.external_id}
    return TemplateChanged(**(facts | given))


def test_the_list_of_the_provider_becomes_ours(house: House) -> None:
    channel = number(house)

    synced = sync(house, channel, READY)

    assert synced == syncing.Synced(added=1, changed=0, removed=0)
    [view] = seen(house, house.bruno)
    assert (view.kind, view.name, view.status, view.channel_id) == (
        "whatsapp",
        "commande_prete",
        "approved",
        channel.id,
    )
    assert [(v.place, v.key, v.default, v.example) for v in view.variables] == [
        ("body", "first_name", "{{contact.first_name}}", "Anna"),
        ("body", "order", "", "A-1042"),
        ("button", "0", "", ""),
    ]
    assert house.events() == ["template.synced"]


def test_the_same_list_again_records_nothing(house: House) -> None:
    channel = number(house)
    sync(house, channel, READY)

    assert sync(house, channel, READY) == syncing.Synced(0, 0, 0)
    assert house.events() == ["template.synced"]


def test_what_the_provider_no_longer_has_is_no_longer_offered_until_it_is_back(house: House) -> None:
    channel = number(house)
    sync(house, channel, READY)

    assert sync(house, channel).removed == 1
    assert seen(house, house.bruno) == []
    assert sync(house, channel, READY).changed == 1
    assert len(seen(house, house.bruno)) == 1


def test_a_status_is_applied_at_once_to_every_number_that_has_the_template(house: House) -> None:
    channel, other = number(house), number(house, "+33612345679")
    sync(house, channel, READY)
    sync(house, other, READY)

    assert house.write(lambda tx: syncing.change(tx, channel, changed(status="rejected", reason="INVALID_FORMAT")))

    assert [(view.status, view.reason) for view in seen(house, house.bruno)] == [("rejected", "INVALID_FORMAT")] * 2
    house.write(lambda tx: syncing.change(tx, channel, changed(status="approved")))
    assert seen(house, house.bruno)[0].reason == ""


def test_a_change_of_an_unknown_template_asks_for_a_sync(house: House) -> None:
    channel = number(house)

    assert not house.write(lambda tx: syncing.change(tx, channel, changed(status="approved")))


def test_a_member_sees_the_templates_of_their_own_numbers(house: House) -> None:
    sync(house, number(house), READY)

    assert seen(house, house.chloe) == []
    assert len(seen(house, house.anne)) == 1  # who manages, for the settings


def test_a_template_is_used_with_everything_it_wants(house: House) -> None:
    channel = number(house)
    sync(house, channel, READY)
    [view] = seen(house, house.bruno)

    use = house.read(
        lambda tx: queries.use(
            tx,
            view.id,
            channel_id=channel.id,
            values={"first_name": "Léa", "order": "12"},
            button_values={0: "abc"},
        ),
        by=house.bruno,
    )

    assert use.found == READY
    with pytest.raises(ValueMissing):
        house.read(lambda tx: queries.use(tx, view.id, channel_id=channel.id, values={"order": "12"}), by=house.bruno)
    with pytest.raises(NotFound):
        house.read(lambda tx: queries.use(tx, view.id, channel_id=house.sav.id, values={}), by=house.bruno)


def test_a_paused_template_is_not_sent(house: House) -> None:
    channel = number(house)
    sync(house, channel, READY)
    [view] = seen(house, house.bruno)
    house.write(lambda tx: syncing.change(tx, channel, changed(status="paused")))

    with pytest.raises(NotApproved):
        house.read(lambda tx: queries.use(tx, view.id, channel_id=channel.id, values={}), by=house.bruno)


def test_what_variables_start_as_is_ours_and_survives_a_sync(house: House) -> None:
    channel = number(house)
    sync(house, channel, READY)
    [view] = seen(house, house.bruno)
    defaults = {"body:first_name": "{{contact.first_name|cher client}}", "body:gone": "x", "button:0": "suivi"}
    house.write(lambda tx: editing.set_defaults(tx, queries.find(tx, view.id), defaults), by=house.anne)

    sync(house, channel, READY)

    first, _, button = seen(house, house.bruno)[0].variables
    assert (first.default, button.default) == ("{{contact.first_name|cher client}}", "suivi")
    with pytest.raises(NotCanned):
        house.write(
            lambda tx: editing.change(tx, queries.find(tx, view.id), ChangeTemplate(body="Autre")), by=house.anne
        )
