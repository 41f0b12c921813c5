"""What customers do on their phones, and what the providers tell of it."""

import json
from typing import Any

from comptoir.demo.emulators import envelopes, forms
from comptoir.demo.emulators.arriving import Arriving
from comptoir.demo.emulators.files import RECEIVED_LASTS, File
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.people import Person
from comptoir.demo.emulators.world import Said, World

Json = dict[str, Any]


class Acting:
    """Each act returns at once; the webhook follows (`Emulator.settle` waits for it)."""

    def __init__(self, arriving: Arriving) -> None:
        self.arriving = arriving
        self.courier = arriving.courier
        self.world: World = arriving.world

    # -- saying something

    def say(self, number: Number, person: Person, text: str, *, quoted_id: str = "", **more: Any) -> Said:
        """`more`: keys beside the message (referral, context), as Meta writes them; or fields, as Twilio does."""
        said = self._said(number, person, "text", text, quoted_id=quoted_id)
        said.extra |= more
        return self._tell(said, {"text": {"body": text}} | more)

    def say_in_group(self, number: Number, person: Person, group_id: str, text: str) -> Said:
        return self.say(number, person, text, group_id=group_id)

    def send_file(
        self,
        number: Number,
        person: Person,
        content: bytes,
        media_type: str,
        *,
        name: str = "",
        caption: str = "",
        is_voice: bool = False,
        is_sticker: bool = False,
        quoted_id: str = "",
    ) -> Said:
        file = File(self._file_id(number), content, media_type, name, number.id)
        self.world.files.keep(file, RECEIVED_LASTS)
        said = self._said(number, person, "sticker" if is_sticker else file.kind, caption, quoted_id=quoted_id)
        said.file, said.is_voice = file, is_voice
        return self._tell(
            said, {said.kind: envelopes.media(self.world, said, file)} if number.provider == "meta" else {}
        )

    def send_place(
        self, number: Number, person: Person, latitude: float, longitude: float, *, name: str = "", address: str = ""
    ) -> Said:
        said = self._said(number, person, "location", name or address)
        place = {"latitude": latitude, "longitude": longitude, "name": name, "address": address}
        said.extra["location"] = place
        if number.provider == "meta":
            return self._tell(said, {"location": {key: value for key, value in place.items() if value}})
        said.text = ""
        fields = {"Latitude": str(latitude), "Longitude": str(longitude), "Address": address, "Label": name}
        return self._tell(said, {key: value for key, value in fields.items() if value})

    def send_contacts(self, number: Number, person: Person, contacts: list[Json]) -> Said:
        """In Meta's shape; Twilio hands a vCard over as a file."""
        if number.provider == "twilio":
            return self.send_file(number, person, _vcard(contacts).encode(), "text/vcard", name="contact.vcf")
        return self.send_raw(number, person, "contacts", {"contacts": contacts})

    def press(self, number: Number, person: Person, target: Said, title: str, *, payload: str = "") -> Said:
        """A quick reply of a template."""
        said = self._said(number, person, "button", title, quoted_id=target.id)
        if number.provider == "meta":
            return self._tell(said, {"button": {"payload": payload or title, "text": title}})
        return self._tell(said, {"ButtonText": title, "ButtonPayload": payload or title})

    def choose(
        self, number: Number, person: Person, target: Said, id: str, title: str, *, kind: str = "button_reply"
    ) -> Said:
        """A button or a line (`list_reply`) of an interactive message."""
        said = self._said(number, person, "interactive", title, quoted_id=target.id)
        if number.provider == "meta":
            return self._tell(said, {"interactive": {"type": kind, kind: {"id": id, "title": title}}})
        names = ("ListId", "ListTitle") if kind == "list_reply" else ("ButtonPayload", "ButtonText")
        return self._tell(said, dict(zip(names, (id, title), strict=True)))

    def send_raw(self, number: Number, person: Person, kind: str, content: Json) -> Said:
        """Any other type, with what Meta writes beside it: order, request_welcome, unsupported, and those yet unknown."""
        return self._tell(self._said(number, person, kind, ""), content)

    # -- about what was said

    def react(self, number: Number, person: Person, target_id: str, emoji: str) -> None:
        """An empty emoji takes it back. Twilio tells nothing of reactions."""
        target = self.world.said.get(target_id)
        if target is not None:
            target.reactions = (
                {**target.reactions, "customer": emoji} if emoji else _without(target.reactions, "customer")
            )
        reaction: Json = {"message_id": target_id} | ({"emoji": emoji} if emoji else {})
        self._tell_about(number, person, "reaction", {"reaction": reaction})

    def edit(self, number: Number, person: Person, target_id: str, text: str) -> None:
        target = self.world.said.get(target_id)
        if target is not None:
            target.text = text
        message = {"type": "text", "text": {"body": text}}
        self._tell_about(number, person, "edit", {"edit": {"original_message_id": target_id, "message": message}})

    def revoke(self, number: Number, person: Person, target_id: str) -> None:
        target = self.world.said.get(target_id)
        if target is not None:
            target.is_revoked = True
        self._tell_about(number, person, "revoke", {"revoke": {"original_message_id": target_id}})

    def read(self, number: Number, person: Person, *, upto: str = "") -> int:
        """Everything the business said, up to and with `upto`; how many were new."""
        count = 0
        for said in self.world.chat(number, person):
            if said.by == "business" and said.state in ("sent", "delivered"):
                self.arriving.read(said)
                count += 1
            if said.id == upto:
                break
        return count

    def play(self, number: Number, person: Person, id: str) -> None:
        said = self.world.said.get(id)
        if said is not None and said.is_voice:
            self.arriving.read(said, "played")

    # -- becoming somebody else

    def change_number(self, number: Number, person: Person, phone: str) -> None:
        """A new phone; the user id that goes with it is new, too."""
        before, previous = person.phone, person.bsuid
        person.phone = phone
        system: Json = {
            "body": f"{person.name} changed from {before} to {phone}",
            "type": "user_changed_number",
            "wa_id": phone,
            "new_wa_id": phone,
        }
        if previous and person.shown != "phone":
            person.bsuid = f"{previous[:3]}{self.world.serial():018}"
            system |= {"user_id": person.bsuid, "previous_user_id": previous}
        self._tell_system(number, {"from": before}, system, person)

    def change_user_id(self, number: Number, person: Person, bsuid: str) -> None:
        previous = person.bsuid
        person.bsuid = bsuid
        system = {"type": "user_changed_user_id", "previous_user_id": previous, "user_id": bsuid}
        self._tell_system(number, {}, system, person)

    # -- what the team writes on its own phone

    def echo(self, number: Number, person: Person, text: str) -> Said:
        """Written in the WhatsApp Business app (coexistence): told to the business, never to be answered."""
        said = self._said(number, person, "text", text, by="business")
        said.state = "delivered"
        echo: Json = {
            "from": number.digits,
            "id": said.id,
            "timestamp": self.world.stamp(),
            "type": "text",
            "text": {"body": text},
        }
        echo |= {"to": person.phone} if person.shows_phone else {}
        echo |= {"to_user_id": person.bsuid} if person.shows_bsuid else {}
        change = envelopes.told(number, field="smb_message_echoes", message_echoes=[echo])
        self.courier.tell(number, change, lane=self._lane(number, person))
        return said

    def hand_over_the_past(self, number: Number, person: Person, texts: list[str]) -> None:
        """The chat from before the number was connected, all of it in one body: every other line is ours."""
        since = int(self.world.stamp()) - 60 * len(texts)
        lines = [
            {
                "from": number.digits if place % 2 else person.phone,
                "id": self.world.new_id(number, person),
                "timestamp": str(since + 60 * place),
                "type": "text",
                "text": {"body": text},
                "history_context": {"status": "READ"},
            }
            for place, text in enumerate(texts)
        ]
        thread = {"id": person.phone, "context": {"wa_id": person.phone}, "messages": lines}
        chunk = {"metadata": {"phase": 0, "chunk_order": 1, "progress": 100}, "threads": [thread]}
        change = envelopes.told(number, field="history", history=[chunk])
        self.courier.tell(number, change, lane=self._lane(number, person))

    # -- how it is told

    def _said(
        self, number: Number, person: Person, kind: str, text: str, *, quoted_id: str = "", by: Any = "customer"
    ) -> Said:
        return self.world.add(
            Said(
                id=self.world.new_id(number, person),
                number=number,
                person=person,
                by=by,
                at=self.world.clock(),
                kind=kind,
                text=text,
                quoted_id=quoted_id,
            )
        )

    def _tell(self, said: Said, content: Json) -> Said:
        number, person = said.number, said.person
        if number.provider == "twilio":
            fields = {key: value if isinstance(value, str) else json.dumps(value) for key, value in content.items()}
            fields.pop("text", None)
            form = forms.incoming(self.world, said, fields)
            self.courier.send_form(number, number.webhook_url, form, lane=self._lane(number, person))
            return said
        if said.quoted_id and "context" not in content:
            quoted = self.world.said.get(said.quoted_id)
            by_customer = quoted is not None and quoted.by == "customer"
            content["context"] = {"from": person.phone if by_customer else number.digits, "id": said.quoted_id}
        message = envelopes.message(self.world, said, content)
        change = envelopes.told(number, contacts=[envelopes.contact(person)], messages=[message])
        self.courier.tell(number, change, lane=self._lane(number, person))
        return said

    def _tell_about(self, number: Number, person: Person, kind: str, content: Json) -> None:
        if number.provider == "twilio":
            return
        message = envelopes.sender(person) | {
            "id": self.world.new_id(number, person),
            "timestamp": self.world.stamp(),
            "type": kind,
        }
        change = envelopes.told(number, contacts=[envelopes.contact(person)], messages=[message | content])
        self.courier.tell(number, change, lane=self._lane(number, person))

    def _tell_system(self, number: Number, sender: Json, system: Json, person: Person) -> None:
        message = sender | {
            "id": self.world.new_id(number, person),
            "timestamp": self.world.stamp(),
            "type": "system",
            "system": system,
        }
        self.courier.tell(number, envelopes.told(number, messages=[message]), lane=self._lane(number, person))

    def _file_id(self, number: Number) -> str:
        return f"7{self.world.serial():015}" if number.provider == "meta" else self.world.sid("ME")

    @staticmethod
    def _lane(number: Number, person: Person) -> str:
        return f"chat:{number.id}:{person.key}"


def _without(reactions: dict[str, str], key: str) -> dict[str, str]:
    return {who: emoji for who, emoji in reactions.items() if who != key}


def _vcard(contacts: list[Json]) -> str:
    cards = []
    for contact in contacts:
        phones = "".join(f"TEL:{phone['phone']}\r\n" for phone in contact.get("phones", []))
        name = contact.get("name", {}).get("formatted_name", "")
        cards.append(f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\n{phones}END:VCARD\r\n")
    return "".join(cards)
