"""What the emulated providers tell has every field that all captured payloads of its kind have, with the same JSON types."""

import csv
import json
from collections.abc import Callable, Iterator
from functools import reduce
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from comptoir.demo.emulators.acting import Acting
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.people import Person
from comptoir.demo.emulators.templates import Template
from comptoir.demo.emulators.world import Said
from tests.rig.emulator import EmulatedWhatsApp
from tests.rig.listener import Listener

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this checkout")

Act = Callable[[Acting, Number, Person], object]
Shape = set[tuple[str, str]]
CONTACT = {
    "name": {"formatted_name": "Karim", "first_name": "Karim", "last_name": "Haddad"},
    "phones": [{"phone": "+33639980003"}],
}
ORDER = {"product_retailer_id": "09.9772.11", "quantity": 2, "item_price": 41.5, "currency": "EUR"}
ERROR = {"code": 131051, "title": "Message type unknown"}


def ours(acting: Acting, number: Number, person: Person) -> Said:
    """A message of the business that the customer can act upon."""
    return acting.echo(number, person, "Bonjour")


META: dict[str, Act] = {
    "message_text": lambda a, n, p: a.say(n, p, "Bonjour"),
    "message_image": lambda a, n, p: a.send_file(n, p, b"png", "image/png"),
    "message_document": lambda a, n, p: a.send_file(n, p, b"pdf", "application/pdf", name="BL.pdf"),
    "message_video": lambda a, n, p: a.send_file(n, p, b"mp4", "video/mp4"),
    "message_audio": lambda a, n, p: a.send_file(n, p, b"ogg", "audio/ogg; codecs=opus", is_voice=True),
    "message_sticker": lambda a, n, p: a.send_file(n, p, b"webp", "image/webp", is_sticker=True),
    "message_location": lambda a, n, p: a.send_place(n, p, 45.75, 4.83, name="Garage", address="Lyon"),
    "message_contacts": lambda a, n, p: a.send_contacts(n, p, [CONTACT]),
    "message_reaction": lambda a, n, p: a.react(n, p, ours(a, n, p).id, "👍"),
    "message_button": lambda a, n, p: a.press(n, p, ours(a, n, p), "Oui"),
    "message_interactive_button_reply": lambda a, n, p: a.choose(n, p, ours(a, n, p), "1", "Oui"),
    "message_interactive_list_reply": lambda a, n, p: a.choose(n, p, ours(a, n, p), "1", "Oui", kind="list_reply"),
    "message_order": lambda a, n, p: a.send_raw(
        n, p, "order", {"order": {"catalog_id": "1", "product_items": [ORDER]}}
    ),
    "message_unsupported": lambda a, n, p: a.send_raw(n, p, "unsupported", {"errors": [ERROR]}),
    "message_edit": lambda a, n, p: a.edit(n, p, a.say(n, p, "Bonjour").id, "Bonsoir"),
    "message_system_user_changed_number": lambda a, n, p: a.change_number(n, p, "33639980099"),
    "message_system_user_changed_user_id": lambda a, n, p: a.change_user_id(n, p, "FR.2"),
    "echo_text": ours,
    "status_sent": lambda a, n, p: became(a, n, p, "sent"),
    "status_delivered": lambda a, n, p: became(a, n, p, "delivered"),
    "status_read": lambda a, n, p: became(a, n, p, "read"),
    "status_failed": lambda a, n, p: became(a, n, p, "failed"),
}
TWILIO: dict[str, Act] = {
    "inbound_text": META["message_text"],
    "inbound_location": META["message_location"],
    "inbound_document": META["message_document"],
    "inbound_audio": META["message_audio"],
    "inbound_button": META["message_button"],
    "inbound_list": META["message_interactive_list_reply"],
    "status": lambda a, n, p: became(a, n, p, "delivered"),
}


def became(acting: Acting, number: Number, person: Person, state: str) -> None:
    said = ours(acting, number, person)
    said.error, said.status_url = 131026, number.webhook_url
    acting.courier.tell_status(said, state)


def captured(provider: str, kind: str) -> list[Path]:
    folder = CORPUS / ("whatsapp" if provider == "meta" else "twilio")
    rows = csv.DictReader((folder / "index.csv").open(encoding="utf-8"))
    return [folder / row["file"] for row in rows if row["kind"] == kind]


def envelope(path: Path) -> Any:
    """Without what the software that captured it has added beside."""
    return {
        key: value for key, value in json.loads(path.read_text(encoding="utf-8")).items() if key in ("object", "entry")
    }


def shape(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every place in a JSON value, and what is there; all items of a list are in one place."""
    kind = "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    yield path, kind
    for name, item in value.items() if isinstance(value, dict) else ():
        yield from shape(item, f"{path}.{name}")
    for item in value if isinstance(value, list) else ():
        yield from shape(item, f"{path}[]")


@pytest.mark.parametrize("kind", META)
def test_meta_tells_what_all_captured_payloads_hold(emulator: EmulatedWhatsApp, heard: Listener, kind: str) -> None:
    number = emulator.meta_number(webhook_url=heard.url)
    lea = emulator.person("Léa Morel", "33639980001", bsuid="FR.1", shown="both")

    emulator.act(lambda acting: META[kind](acting, number, lea))

    told = set(shape(json.loads(heard.heard[-1].body)))
    shapes = [set(shape(envelope(path))) for path in captured("meta", kind)]
    assert shapes, f"the corpus has {kind}"
    wanted: Shape = reduce(set.intersection, shapes)
    assert sorted(wanted - told) == []


@pytest.mark.parametrize("kind", TWILIO)
def test_twilio_tells_what_all_captured_forms_hold(emulator: EmulatedWhatsApp, heard: Listener, kind: str) -> None:
    number = emulator.twilio_number(webhook_url=heard.url)
    lea = emulator.person("Léa Morel", "33639980001", bsuid="FR.1", shown="both")

    emulator.act(lambda acting: TWILIO[kind](acting, number, lea))

    told = set(parse_qs(heard.heard[-1].body.decode(), keep_blank_values=True))
    forms = [
        set(parse_qs(path.read_text(encoding="utf-8"), keep_blank_values=True)) for path in captured("twilio", kind)
    ]
    assert forms and not reduce(set.intersection, forms) - told


def test_a_decision_on_a_template_is_told_as_captured(emulator: EmulatedWhatsApp, heard: Listener) -> None:
    number = emulator.meta_number(webhook_url=heard.url)
    template = Template("1689556908120001", "suite", "fr", "Bonjour", status="PENDING")
    number.templates.append(template)

    emulator.review(number, template, "APPROVED")

    told = set(shape(json.loads(heard.heard[-1].body)))
    paths = captured("meta", "field_message_template_status_update")
    assert not reduce(set.intersection, [set(shape(json.loads(path.read_text()))) for path in paths]) - told
