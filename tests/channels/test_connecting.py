"""Anne connects a mailbox, changes it, lets it go and takes it back."""

import pytest

from comptoir.channels import connecting, queries
from comptoir.channels.errors import AddressTaken, CannotJoin
from comptoir.channels.models import Channel
from comptoir.channels.port import Cursor
from comptoir.foundation.errors import NotAllowed, NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import keeping
from comptoir.team.models import Member
from tests.house import House

SETTINGS = {
    "imap_host": "imap.pieces.example",
    "imap_port": 993,
    "imap_tls": "tls",
    "smtp_host": "smtp.pieces.example",
    "smtp_port": 465,
    "smtp_tls": "tls",
    "user": "devis@pieces.example",
    "smtp_user": "",
}


def connect(
    house: House, *, by: Member, address: str = "devis@pieces.example", members: list[int] | None = None
) -> int:
    secrets = queries.sealed({"password": "sésame"}, house.services.secrets)
    return house.write(
        lambda tx: (
            connecting.connect(
                tx,
                address=address,
                name="Devis",
                provider="imap",
                settings=SETTINGS,
                secrets=secrets,
                member_ids=members or [],
            ).id
        ),
        by=by,
    )


def channel(house: House, id: int) -> Channel:
    return house.read(lambda tx: tx.find(Channel, id))


def test_who_connects_a_mailbox_works_in_it(house: House) -> None:
    id = connect(house, by=house.anne, members=[house.bruno.id])
    [view] = [view for view in house.read(queries.channels, by=house.anne) if view.id == id]
    assert view.member_ids == [house.anne.id, house.bruno.id]
    assert (view.health, view.address, view.settings.user if view.settings else "") == (
        "connecting",
        "devis@pieces.example",
        "devis@pieces.example",
    )
    assert house.events() == ["channel.connected", "channel.member_added", "channel.member_added"]


def test_the_password_is_sealed_in_the_row_and_read_back_for_the_provider(house: House) -> None:
    stored = channel(house, connect(house, by=house.anne))
    assert "sésame" not in stored.secrets
    connection = queries.connection_of(stored, house.services.secrets)
    assert connection.secrets == {"password": "sésame"}
    assert connection.settings == SETTINGS


def test_a_member_connects_nothing(house: House) -> None:
    with pytest.raises(NotAllowed):
        connect(house, by=house.bruno)
    assert house.events() == []


def test_an_address_is_connected_once_however_it_is_written(house: House) -> None:
    connect(house, by=house.anne)
    with pytest.raises(AddressTaken) as refused:
        connect(house, by=house.anne, address=" Devis@Pieces.example ")
    assert "devis@pieces.example" in refused.value.sentence("fr")
    assert refused.value.sentence("en").startswith("The mailbox")


def test_nobody_from_outside_the_team_is_made_a_member(house: House) -> None:
    with pytest.raises(CannotJoin):
        connect(house, by=house.anne, members=[9999])
    assert house.events() == []


def test_a_new_name_leaves_the_line_alone_and_a_new_password_tries_it_again(house: House) -> None:
    def rename(tx: Transaction) -> None:
        connecting.change(tx, tx.find(Channel, house.sav.id), name="Après-vente")

    def reseal(tx: Transaction) -> None:
        secrets = queries.sealed({"password": "autre"}, house.services.secrets)
        connecting.change(tx, tx.find(Channel, house.sav.id), secrets=secrets)

    house.write(rename, by=house.anne)
    assert (channel(house, house.sav.id).name, channel(house, house.sav.id).health) == ("Après-vente", "connected")
    house.write(reseal, by=house.anne)
    assert channel(house, house.sav.id).health == "connecting"
    house.write(rename, by=house.anne)
    assert house.events() == ["channel.changed", "channel.changed"]


def test_a_disconnected_mailbox_is_hidden_and_forgets_its_password(house: House) -> None:
    house.write(lambda tx: connecting.disconnect(tx, tx.find(Channel, house.sav.id)), by=house.anne)
    gone = channel(house, house.sav.id)
    assert gone.disconnected_at is not None
    assert gone.secrets == ""
    assert [view.id for view in house.read(queries.channels, by=house.anne)] == [house.achats.id]
    with pytest.raises(NotFound):
        house.read(lambda tx: queries.find(tx, house.sav.id), by=house.anne)
    assert house.events() == ["channel.disconnected"]


def test_connecting_a_disconnected_address_again_brings_its_history_and_its_place_back(house: House) -> None:
    received = house.receive()
    place = Cursor(uidvalidity=7, last_uid=42)
    house.write(lambda tx: keeping.start_at(tx, house.sav.id, "INBOX", place, known_upto=42))
    house.write(lambda tx: connecting.disconnect(tx, tx.find(Channel, house.sav.id)), by=house.anne)

    again = connect(house, by=house.anne, address="sav@pieces.example")

    assert again == house.sav.id
    assert house.read(lambda tx: queries.cursor(tx, again, "INBOX")) == Cursor(7, 42, house.clock.now)
    assert house.conversation(received.conversation_id).channel_id == again
    [view] = [view for view in house.read(queries.channels, by=house.bruno) if view.id == again]
    assert view.member_ids == [house.anne.id, house.bruno.id, house.chloe.id]


def test_members_see_their_own_channels_without_settings_and_managers_see_all(house: House) -> None:
    connect(house, by=house.anne)
    assert [view.name for view in house.read(queries.channels, by=house.anne)] == ["Achats", "Devis", "SAV"]
    seen = house.read(queries.channels, by=house.bruno)
    assert [(view.name, view.settings) for view in seen] == [("SAV", None)]
    with pytest.raises(NotFound):
        house.read(lambda tx: queries.find(tx, house.achats.id), by=house.bruno)
    with pytest.raises(NotAllowed):
        house.read(lambda tx: queries.managed(tx, house.sav.id), by=house.bruno)
