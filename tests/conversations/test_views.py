"""A filter that is kept: one's own, or everybody's; who may change it; and what each of those who look sees through it."""

import pytest

from comptoir.conversations.filters.schemas import Filter
from comptoir.conversations.views import editing, queries
from comptoir.foundation.errors import NotAllowed, NotFound
from comptoir.team.models import Member
from tests.house import House, Served

FAILED = Filter(status=["any"], failed=True)


def keep(house: House, by: Member, name: str, *, is_shared: bool = False) -> int:
    return house.write(lambda tx: editing.create(tx, name=name, asked=FAILED, is_shared=is_shared).id, by=by)


def names(house: House, by: Member) -> list[str]:
    return [view.name for view in house.read(queries.views, by=by)]


def test_ones_own_are_ones_own_and_shared_ones_everybodys(house: House) -> None:
    own = keep(house, house.bruno, "  Les   échecs ")
    keep(house, house.anne, "SAV en panne", is_shared=True)

    assert names(house, house.bruno) == ["Les échecs", "SAV en panne"]
    assert names(house, house.chloe) == ["SAV en panne"]
    with pytest.raises(NotFound):
        house.read(lambda tx: queries.find(tx, own), by=house.chloe)
    assert house.read(queries.views, by=house.bruno)[0].filter == FAILED


def test_a_shared_one_is_changed_by_its_author_or_a_manager(house: House) -> None:
    id = keep(house, house.bruno, "Échecs", is_shared=True)

    with pytest.raises(NotAllowed):
        house.write(lambda tx: editing.change(tx, queries.find(tx, id), name="À moi"), by=house.chloe)
    house.write(lambda tx: editing.change(tx, queries.find(tx, id), name="Panne"), by=house.anne)
    house.write(lambda tx: editing.change(tx, queries.find(tx, id), name="Panne"), by=house.bruno)
    assert [view.can_edit for view in house.read(queries.views, by=house.chloe)] == [False]
    house.write(lambda tx: editing.delete(tx, queries.find(tx, id)), by=house.anne)

    assert names(house, house.bruno) == []
    assert house.events() == ["view.created", "view.changed", "view.deleted"], "the same name again says nothing"


def test_views_stand_in_the_order_they_are_given(house: House) -> None:
    one, two, three = (keep(house, house.bruno, name) for name in ("un", "deux", "trois"))

    house.write(lambda tx: editing.arrange(tx, [three, one, two]), by=house.bruno)

    assert names(house, house.bruno) == ["trois", "un", "deux"]


def test_a_view_follows_its_label_into_another(house: House) -> None:
    asked = Filter(label_any=[1, 2], label_none=[3])
    house.write(lambda tx: editing.create(tx, name="Étiquettes", asked=asked), by=house.bruno)

    house.write(lambda tx: editing.replace_label(tx, 1, 2))

    (view,) = house.read(queries.views, by=house.bruno)
    assert (view.filter.label_any, view.filter.label_none) == ([2], [3])


def test_each_sees_their_own_through_a_shared_one(house: House) -> None:
    house.receive()
    house.receive(house.achats)
    house.write(lambda tx: editing.create(tx, name="Ouvertes", asked=Filter(), is_shared=True), by=house.anne)

    def count(by: Member) -> tuple[int, bool]:
        (found,) = house.read(queries.counts, by=by)
        return found.count, found.is_more

    assert (count(house.bruno), count(house.chloe)) == ((1, False), (2, False))


def test_views_over_http(served: Served) -> None:
    owner = {"name": "Anne", "email": "anne@pieces.example", "password": "un mot de passe long", "language": "fr"}
    anne = served.client()
    assert anne.post("/api/setup", json=owner).status_code == 201
    asked = {"status": ["open", "pending"], "label_any": [3], "assignee": ["me", "nobody"], "active_from": "2026-11-01"}

    made = anne.post("/api/views", json={"name": "Urgences", "filter": asked})

    assert made.status_code == 201, made.text
    assert made.json()["filter"] | asked == made.json()["filter"]
    id = made.json()["id"]
    assert anne.patch(f"/api/views/{id}", json={"is_shared": True}).json()["is_shared"] is True
    assert anne.get("/api/conversations", params=asked).json()["rows"] == []
    assert anne.patch(f"/api/views/{id}", json={"name": " "}).json()["code"] == "view_nameless"
    assert anne.get("/api/views/counts").json() == [{"view_id": id, "count": 0, "is_more": False}]
    assert anne.delete(f"/api/views/{id}").status_code == 204
    assert anne.get("/api/views").json() == []
    anne.close()
