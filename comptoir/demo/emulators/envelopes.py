"""What Meta tells a business, in its shapes: changes of fields, and the envelope that carries any number of them."""

import base64
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from msgspec import Struct

from comptoir.demo.emulators.files import File
from comptoir.demo.emulators.graph_errors import in_status
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.people import Person
from comptoir.demo.emulators.world import Said, World

Json = dict[str, Any]
FREE_ENTRY = timedelta(hours=72)


class Change(Struct, frozen=True):
    """One change of one field. `at`: account-level fields carry a time of their entry."""

    account: str
    field: str
    value: Json
    at: int | None = None


def envelope(changes: Sequence[Change]) -> Json:
    """All of them in one body: an entry per account, in order."""
    entries: dict[tuple[str, int | None], Json] = {}
    for change in changes:
        entry = entries.setdefault((change.account, change.at), {"id": change.account, "changes": []})
        if change.at is not None:
            entry["time"] = change.at
        entry["changes"].append({"value": change.value, "field": change.field})
    return {"object": "whatsapp_business_account", "entry": list(entries.values())}


def encoded(body: Json) -> bytes:
    """As Meta writes it: everything outside ASCII escaped, in lower-case hex."""
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode()


def told(number: Number, **value: Any) -> Change:
    """A change of `messages` (or of the field that is named) of a number."""
    field = value.pop("field", "messages")
    metadata = {"display_phone_number": number.digits, "phone_number_id": number.id}
    return Change(number.account, field, {"messaging_product": "whatsapp", "metadata": metadata} | value)


def contact(person: Person, *, has_name: bool = True) -> Json:
    found: Json = {"profile": {"name": person.name} if has_name else {}}
    if person.username and person.shown != "phone":
        found["profile"]["username"] = person.username
    if person.shown == "empty":
        found["wa_id"] = ""
    elif person.shows_phone:
        found["wa_id"] = person.phone
    if person.shows_bsuid:
        found["user_id"] = person.bsuid
    if person.shown == "parent" and person.parent_bsuid:
        found["parent_user_id"] = person.parent_bsuid
    return found


def sender(person: Person) -> Json:
    found: Json = {}
    if person.shown == "empty":
        found["from"] = ""
    elif person.shows_phone:
        found["from"] = person.phone
    if person.shows_bsuid:
        found["from_user_id"] = person.bsuid
    if person.shown == "parent" and person.parent_bsuid:
        found["from_parent_user_id"] = person.parent_bsuid
    return found


def message(world: World, said: Said, content: Json) -> Json:
    """A message of the customer; `content` holds what its type says, and any context or referral."""
    return sender(said.person) | {"id": said.id, "timestamp": world.stamp(), "type": said.kind} | content


def media(world: World, said: Said, file: File) -> Json:
    """The media object of a message: the file by its id, and by a link that still wants the bearer."""
    token, until = world.files.link(file)
    sha256 = base64.b64encode(b"another file").decode() if world.faults.wrong_sha256 else file.sha256_base64
    found: Json = {
        "id": file.id,
        "mime_type": file.media_type,
        "sha256": sha256,
        "url": link(world, token, int(until.timestamp())),
    }
    if said.text:
        found["caption"] = said.text
    if said.kind == "document" and file.name:
        found["filename"] = file.name
    if said.kind == "audio":
        found["voice"] = said.is_voice
    if said.kind == "sticker":
        found["animated"] = False
    return found


def link(world: World, token: str, until: int) -> str:
    return f"{world.url}/whatsapp_business/attachments/?mid={token}&ext={until}"


def status(world: World, said: Said, state: str) -> Change:
    """What became of a message of the business. Failed ones carry neither contacts nor user ids."""
    number, person = said.number, said.person
    found: Json = {"id": said.id, "status": state, "timestamp": world.stamp()}
    if person.shows_phone or state == "failed":
        found["recipient_id"] = person.phone
    if said.our_id:
        found["biz_opaque_callback_data"] = said.our_id
    if state == "failed":
        return told(number, statuses=[found | {"errors": [in_status(said.error)]}])
    if person.shows_bsuid:
        found["recipient_user_id"] = person.bsuid
    if person.shown == "parent" and person.parent_bsuid:
        found["recipient_parent_user_id"] = person.parent_bsuid
    if state in ("sent", "delivered"):
        found["pricing"] = _pricing(world, said)
    return told(number, contacts=[contact(person, has_name=state != "sent")], statuses=[found])


def _pricing(world: World, said: Said) -> Json:
    """Free for 72 hours for who came from an advertisement; the window does not follow from it."""
    came = [one.at for one in world.chat(said.number, said.person) if "referral" in one.extra]
    is_free = any(said.at - at < FREE_ENTRY for at in came)
    category = "referral_conversion" if is_free else said.extra.get("category", "service")
    kind = "free_entry_point" if is_free else "regular"
    return {"billable": not is_free, "pricing_model": "PMP", "type": kind, "category": category}


def template_status(
    number: Number, template_id: str, *, name: str, language: str, event: str, reason: str, at: int
) -> Change:
    value: Json = {
        "event": event,
        "message_template_id": int(template_id),
        "message_template_name": name,
        "message_template_language": language,
        "reason": reason,
    }
    return Change(number.account, "message_template_status_update", value, at)
