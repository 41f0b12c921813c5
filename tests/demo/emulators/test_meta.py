"""Meta, emulated: it refuses what Meta refuses, and tells what Meta tells, signed over the very bytes."""

import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest

from comptoir.demo.emulators.faults import Broken
from comptoir.demo.emulators.limits import Rate
from comptoir.demo.emulators.templates import Button, Template
from tests.demo.emulators.conftest import Business


def send(business: Business, **request: Any) -> httpx.Response:
    given = {"messaging_product": "whatsapp", "to": "+33639980001", "biz_opaque_callback_data": "m1"} | request
    return business.api.post(f"/{business.number.id}/messages", json=given)


def say(business: Business, text: str = "Bonjour Léa") -> httpx.Response:
    return send(business, type="text", text={"body": text})


def code(answer: httpx.Response) -> int:
    return int(answer.json()["error"]["code"])


def told(business: Business) -> list[dict[str, Any]]:
    """The values of all changes heard so far."""
    bodies = [json.loads(heard.body) for heard in business.listener.heard]
    return [change["value"] for body in bodies for entry in body["entry"] for change in entry["changes"]]


def statuses(business: Business) -> list[str]:
    business.settle()
    return [status["status"] for value in told(business) for status in value.get("statuses", [])]


def test_a_message_is_told_signed_over_escaped_bytes(meta: Business) -> None:
    meta.hears("Réf. ABC 👍")

    heard = meta.listener.heard[0]
    assert b"R\\u00e9f. ABC \\ud83d\\udc4d" in heard.body
    digest = hmac.new(meta.number.secret.encode(), heard.body, hashlib.sha256).hexdigest()
    assert heard.headers["x-hub-signature-256"] == f"sha256={digest}"
    assert told(meta)[0]["messages"][0]["text"]["body"] == "Réf. ABC 👍"


def test_an_answer_within_the_window_arrives(meta: Business) -> None:
    meta.hears()

    answer = say(meta)

    assert answer.json()["contacts"] == [{"input": "+33639980001", "wa_id": "33639980001"}]
    assert statuses(meta) == ["sent", "delivered"]
    assert told(meta)[-1]["statuses"][0]["biz_opaque_callback_data"] == "m1"
    assert [said.text for said in meta.emulator.received(meta.number)] == ["Bonjour Léa"]
    meta.emulator.act(lambda acting: acting.read(meta.number, meta.lea))
    assert statuses(meta)[-1] == "read"


def test_outside_the_window_only_templates_leave(meta: Business) -> None:
    meta.number.templates.append(Template("1", "suite", "fr", "Bonjour {{1}}, votre pièce est là."))
    meta.hears()
    meta.emulator.advance(hours=25)

    refused = say(meta)
    meta.emulator.faults.window_refusal = "async"
    later = say(meta)

    assert (refused.status_code, code(refused)) == (400, 131047)
    assert later.status_code == 200 and statuses(meta) == ["failed"]
    assert told(meta)[-1]["statuses"][0]["errors"][0]["code"] == 131047 and "contacts" not in told(meta)[-1]
    body = [{"type": "body", "parameters": [{"type": "text", "text": "Léa"}]}]
    template = {"name": "suite", "language": {"code": "fr"}, "components": body}
    assert send(meta, type="template", template=template).status_code == 200
    assert meta.emulator.received(meta.number)[-1].text == "Bonjour Léa, votre pièce est là."


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ({"name": "inconnu", "language": {"code": "fr"}}, 132001),
        ({"name": "suite", "language": {"code": "en"}}, 132001),
        ({"name": "suite", "language": {"code": "fr"}}, 132000),
        (
            {"name": "nomme", "language": {"code": "fr"}, "components": [("body", [{"type": "text", "text": "Léa"}])]},
            132012,
        ),
        (
            {"name": "suite", "language": {"code": "fr"}, "components": [("body", [{"type": "text", "text": "a\nb"}])]},
            132018,
        ),
        ({"name": "photo", "language": {"code": "fr"}}, 132012),
        ({"name": "lien", "language": {"code": "fr"}}, 131008),
        ({"name": "pause", "language": {"code": "fr"}}, 132015),
        ({"name": "refus", "language": {"code": "fr"}}, 132001),
        ({"name": "suite", "language": {"code": "fr"}, "surprise": 1}, 100),
    ],
)
def test_a_template_that_does_not_fit_is_refused(meta: Business, template: dict[str, Any], expected: int) -> None:
    meta.number.templates += [
        Template("1", "suite", "fr", "Bonjour {{1}}"),
        Template("2", "nomme", "fr", "Bonjour {{prenom}}"),
        Template("3", "photo", "fr", "Voici", header_format="IMAGE"),
        Template("4", "lien", "fr", "Voici", buttons=[Button("URL", "Suivre", url="https://suivi.example/{{1}}")]),
        Template("5", "pause", "fr", "Bonjour", status="PAUSED"),
        Template("6", "refus", "fr", "Bonjour", status="REJECTED"),
    ]
    components = [{"type": kind, "parameters": given} for kind, given in template.get("components", [])]

    answer = send(meta, type="template", template=template | {"components": components})

    assert code(answer) == expected


def test_what_only_looks_like_a_request_is_refused(meta: Business) -> None:
    meta.hears()

    assert code(send(meta, type="text", text={"body": "x"}, surprise=True)) == 100
    assert code(send(meta, type="text", text={"body": ""})) == 100
    assert code(send(meta, type="text", text={"body": "x" * 4097})) == 100
    assert code(send(meta, type="image")) == 131008
    assert code(send(meta, to="+33600000000", type="text", text={"body": "x"})) == 131026
    assert meta.api.post("/999/messages", json={"messaging_product": "whatsapp"}).json()["error"]["error_subcode"] == 33
    wrong = meta.api.post(f"/{meta.number.id}/messages", json={}, headers={"authorization": "Bearer no"})
    assert (wrong.status_code, code(wrong)) == (401, 190)


def test_media_come_and_go_with_a_link_that_expires(meta: Business) -> None:
    photo = b"\x89PNG photo"
    meta.emulator.act(lambda acting: acting.send_file(meta.number, meta.lea, photo, "image/png", caption="Celle-ci"))
    image = told(meta)[0]["messages"][0]["image"]
    found = meta.api.get(f"/{image['id']}").json()

    assert image["caption"] == "Celle-ci"
    assert meta.api.get(found["url"]).content == photo
    assert httpx.get(found["url"]).status_code == 404, "the link wants the bearer"
    meta.emulator.advance(minutes=6)
    assert meta.api.get(found["url"]).status_code == 404, "and it has expired"
    meta.emulator.advance(days=8)
    assert meta.api.get(f"/{image['id']}").status_code == 400, "and so has the id"

    meta.hears()
    form = {"messaging_product": "whatsapp", "type": "image/png"}
    mine = meta.api.post(f"/{meta.number.id}/media", data=form, files={"file": ("a.png", photo, "image/png")})
    assert send(meta, type="image", image={"id": mine.json()["id"], "caption": "La nôtre"}).status_code == 200
    said = meta.emulator.received(meta.number)[-1]
    assert said.file is not None and said.file.content == photo and said.text == "La nôtre"
    big = {"file": ("a.png", b"x" * (5 * 2**20 + 1), "image/png")}
    assert code(meta.api.post(f"/{meta.number.id}/media", data=form, files=big)) == 131053


def test_templates_come_page_by_page(meta: Business) -> None:
    meta.number.templates += [Template(str(number), f"modele_{number}", "fr", "Bonjour") for number in range(30)]

    url, names = f"/{meta.number.account}/message_templates?limit=12", []
    while url:
        page = meta.api.get(url).json()
        names += [template["name"] for template in page["data"]]
        url = page["paging"].get("next", "")

    assert names == [f"modele_{number}" for number in range(30)]


def test_what_is_not_answered_with_200_comes_again(meta: Business) -> None:
    meta.listener.statuses = [500, 302, 204]

    meta.hears("Vous êtes là ?")
    for hours in (1, 3, 9):
        meta.emulator.advance(hours=hours)

    bodies = [heard.body for heard in meta.listener.heard]
    assert len(bodies) == 4 and len(set(bodies)) == 1, "the same bytes each time, until a 200"
    meta.listener.statuses = [500] * 100
    meta.hears("Et là ?")
    for _ in range(20):
        meta.emulator.advance(hours=13)
    assert len(meta.emulator.emulator.courier.lost) == 1, "given up after seven days"


def test_the_handshake_is_made_before_an_address_is_taken(meta: Business) -> None:
    meta.listener.verify_token = "le mot"
    path, url = f"/{meta.number.account}/subscribed_apps", f"{meta.listener.url}/autre"

    wrong = meta.api.post(path, json={"override_callback_uri": url, "verify_token": "non"})
    right = meta.api.post(path, json={"override_callback_uri": url, "verify_token": "le mot"})

    assert wrong.status_code == 400 and right.json() == {"success": True}
    meta.hears()
    assert meta.listener.heard[-1].path == "/autre"
    meta.api.delete(path)
    meta.hears("Personne n'écoute")
    assert len(meta.listener.heard) == 1


def test_statuses_skip_repeat_and_run_backwards(meta: Business) -> None:
    meta.hears()
    meta.emulator.faults.statuses, meta.emulator.faults.repeats = ("read", "delivered", "sent"), 2
    meta.emulator.faults.is_early = True

    heard_before = len(meta.listener.heard)
    say(meta)

    assert statuses(meta) == ["read", "read", "delivered", "delivered", "sent", "sent"]
    assert len(meta.listener.heard) - heard_before == 6, "and all of it before the answer"


def test_limits_are_per_number_and_per_pair(meta: Business) -> None:
    meta.hears()
    meta.emulator.limits.pair = Rate(1 / 6, 2)

    assert [say(meta).status_code for _ in range(3)] == [200, 200, 400]
    assert code(say(meta)) == 131056
    meta.emulator.advance(seconds=7)
    assert say(meta).status_code == 200
    meta.emulator.limits.number = Rate(0.1, 1)
    say(meta)
    assert code(say(meta)) == 130429


def test_answers_break_on_demand(meta: Business) -> None:
    meta.hears()
    faults = meta.emulator.faults

    faults.broken = [Broken("html", "send")]
    assert say(meta).status_code == 502 and not meta.emulator.received(meta.number)
    faults.broken = [Broken("truncated", "send", is_done=True)]
    with pytest.raises(json.JSONDecodeError):
        say(meta).json()
    faults.broken = [Broken("reset", "send", is_done=True)]
    with pytest.raises(httpx.RemoteProtocolError):
        say(meta)
    faults.broken = [Broken("silent", "send", is_done=True)]
    with pytest.raises(httpx.ReadTimeout):
        meta.api.post(
            f"/{meta.number.id}/messages",
            json={"messaging_product": "whatsapp", "to": "+33639980001", "text": {"body": "Parti ?"}},
            timeout=0.3,
        )
    assert len(meta.emulator.received(meta.number)) == 3, "carried out, although nobody could see it"


def test_a_customer_shows_only_what_they_want(meta: Business) -> None:
    hidden = meta.emulator.person("Nadia", "33639980009", bsuid="FR.1349120865530274", username="nadia", shown="bsuid")

    meta.emulator.says(meta.number, hidden, "Bonjour")

    value = told(meta)[-1]
    assert value["contacts"] == [{"profile": {"name": "Nadia", "username": "nadia"}, "user_id": "FR.1349120865530274"}]
    assert "from" not in value["messages"][0]
    answer = send(meta, to="", recipient="FR.1349120865530274", type="text", text={"body": "Bonjour"})
    assert answer.json()["contacts"] == [{"input": "FR.1349120865530274", "user_id": "FR.1349120865530274"}]


def test_national_variants_reach_the_same_person(meta: Business) -> None:
    brazil = meta.emulator.person("João", "554188887777")
    meta.emulator.says(meta.number, brazil, "Olá")

    answer = send(meta, to="+5541988887777", type="text", text={"body": "Olá"})

    assert answer.json()["contacts"] == [{"input": "+5541988887777", "wa_id": "554188887777"}]


def test_who_came_from_an_advertisement_is_free_for_three_days(meta: Business) -> None:
    referral = {
        "source_url": "https://fb.me/1",
        "source_id": "1",
        "source_type": "ad",
        "headline": "Pneus",
        "body": "-15 %",
    }
    meta.hears("Bonjour", referral=referral)

    say(meta)

    statuses(meta)
    assert told(meta)[-1]["statuses"][0]["pricing"]["type"] == "free_entry_point"


def test_a_whole_past_comes_in_one_body(meta: Business) -> None:
    texts = [f"ligne {number}" for number in range(5000)]
    meta.emulator.act(lambda acting: acting.hand_over_the_past(meta.number, meta.lea, texts))

    [value] = told(meta)
    assert len(value["history"][0]["threads"][0]["messages"]) == 5000
    assert len(meta.listener.heard[0].body) < 3 * 2**20


def test_signatures_go_wrong_on_demand(meta: Business) -> None:
    meta.emulator.faults.signature = "wrong"
    meta.hears()
    meta.emulator.faults.signature = "missing"
    meta.hears()

    wrong, missing = meta.listener.heard
    right = hmac.new(meta.number.secret.encode(), wrong.body, hashlib.sha256).hexdigest()
    assert wrong.headers["x-hub-signature-256"] not in ("", f"sha256={right}")
    assert "x-hub-signature-256" not in missing.headers


def test_many_things_come_in_one_body(meta: Business) -> None:
    meta.emulator.emulator.courier.hold()
    for number in range(5):
        meta.hears(f"{number}")
    meta.emulator.emulator.courier.release()
    meta.settle()

    assert len(meta.listener.heard) == 1
    assert [value["messages"][0]["text"]["body"] for value in told(meta)] == ["0", "1", "2", "3", "4"]
