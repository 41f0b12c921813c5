"""Who gets in, and who no longer does."""

import pytest

from comptoir.foundation.errors import NotAllowed, NotSignedIn
from comptoir.team import editing, signing_in
from comptoir.team.errors import AddressTaken, AlreadySetUp, InvitationGone, LastOwner, WrongPassword
from comptoir.team.schemas import AcceptInvitation, Setup
from tests.house import PASSWORD, House

GIVEN = Setup(name="Zoé", email="zoe@elsewhere.example", password="assez long pour ça", language="fr")


def test_only_the_first_visitor_becomes_the_owner(house: House) -> None:
    with pytest.raises(AlreadySetUp):
        house.write(lambda tx: signing_in.set_up(tx, GIVEN))


def test_a_password_opens_the_door_whatever_the_case_of_the_address(house: House) -> None:
    member = house.read(lambda tx: signing_in.sign_in(tx, email=" Anne@Pieces.example ", password=PASSWORD))

    assert member.id == house.anne.id


@pytest.mark.parametrize("email", ["anne@pieces.example", "nobody@pieces.example"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(house: House, email: str) -> None:
    with pytest.raises(WrongPassword):
        house.read(lambda tx: signing_in.sign_in(tx, email=email, password="pas le bon mot"))


def test_a_new_password_ends_the_other_sessions(house: House) -> None:
    old = signing_in.Claims(house.bruno.id, house.bruno.stamp)

    house.write(
        lambda tx: signing_in.change_password(
            tx, tx.find(type(house.bruno), house.bruno.id), current=PASSWORD, new="un autre mot long"
        )
    )

    with pytest.raises(NotSignedIn):
        house.read(lambda tx: signing_in.identify(tx, old))


def test_an_invitation_works_once_and_for_a_week(house: House) -> None:
    invitation = house.write(
        lambda tx: editing.invite(tx, email="dan@pieces.example", name="", role="member", channel_ids=[house.sav.id]),
        by=house.anne,
    )
    accepted = AcceptInvitation(name="Dan", password="assez long pour ça", language="en")
    house.clock.forward(days=6)

    dan = house.write(lambda tx: signing_in.accept_invitation(tx, invitation.token, accepted))

    assert house.actor(dan).channel_ids == (house.sav.id,)
    with pytest.raises(InvitationGone):
        house.write(lambda tx: signing_in.accept_invitation(tx, invitation.token, accepted))
    assert house.events() == ["member.invited", "member.joined"]


def test_an_invitation_expires(house: House) -> None:
    invitation = house.write(
        lambda tx: editing.invite(tx, email="dan@pieces.example", name="", role="member", channel_ids=[]), by=house.anne
    )
    house.clock.forward(days=8)

    with pytest.raises(InvitationGone):
        house.write(
            lambda tx: signing_in.accept_invitation(
                tx, invitation.token, AcceptInvitation(name="D", password="x" * 12, language="fr")
            )
        )


def test_a_member_may_not_invite(house: House) -> None:
    with pytest.raises(NotAllowed):
        house.write(
            lambda tx: editing.invite(tx, email="dan@pieces.example", name="", role="member", channel_ids=[]),
            by=house.bruno,
        )


def test_nobody_is_invited_twice(house: House) -> None:
    with pytest.raises(AddressTaken):
        house.write(
            lambda tx: editing.invite(tx, email="BRUNO@pieces.example", name="", role="member", channel_ids=[]),
            by=house.anne,
        )


def test_there_is_always_an_owner(house: House) -> None:
    with pytest.raises(LastOwner):
        house.write(
            lambda tx: editing.change_role(tx, tx.find(type(house.anne), house.anne.id), role="member"), by=house.anne
        )
    with pytest.raises(LastOwner):
        house.write(lambda tx: editing.deactivate(tx, tx.find(type(house.anne), house.anne.id)), by=house.anne)


def test_who_left_can_no_longer_sign_in(house: House) -> None:
    house.write(lambda tx: editing.deactivate(tx, tx.find(type(house.bruno), house.bruno.id)), by=house.anne)

    with pytest.raises(WrongPassword):
        house.read(lambda tx: signing_in.sign_in(tx, email="bruno@pieces.example", password=PASSWORD))
    with pytest.raises(NotSignedIn):
        house.actor(house.bruno)
