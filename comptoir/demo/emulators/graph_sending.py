"""POST /{phone_number_id}/messages: everything Meta looks at before it accepts a message, and what the customer then gets."""

import msgspec

from comptoir.demo.emulators import graph_shapes, graph_templates
from comptoir.demo.emulators.arriving import Arriving
from comptoir.demo.emulators.courier import Courier
from comptoir.demo.emulators.exchange import Answer, Call, json
from comptoir.demo.emulators.files import File, refusal
from comptoir.demo.emulators.graph_errors import refused
from comptoir.demo.emulators.graph_shapes import Media, Request, TemplateUsed
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.people import Person
from comptoir.demo.emulators.templates import MEDIA, Template, filled
from comptoir.demo.emulators.world import Said, World

Refusal = tuple[int, str]
WINDOW_CLOSED = 131047


class GraphSending:
    def __init__(self, arriving: Arriving) -> None:
        self.arriving = arriving
        self.courier: Courier = arriving.courier
        self.world: World = arriving.world

    async def send(self, call: Call, number: Number, id: str) -> Answer:
        if id != number.id:
            return refused(100, f"Unsupported post request. Object with ID '{id}' does not exist", subcode=33)
        request = graph_shapes.read(call.body)
        if isinstance(request, tuple):
            return refused(*request)
        if request.status:
            return self._mark(number, request)
        if request.recipient_type == "group":
            person = self.world.speaker(number, request.to)
        else:
            person = self.world.people.reached(phone=request.to, bsuid=request.recipient)
        error = self._too_fast(number, person) or self._unreachable(number, person)
        if error is not None:
            return refused(*error)
        assert person is not None
        if request.type == "reaction":
            return self._react(number, person, request)
        said = await self._said(number, person, request)
        if isinstance(said, tuple):
            return refused(*said)
        return await self._accept(said, request)

    async def _accept(self, said: Said, request: Request) -> Answer:
        number, person = said.number, said.person
        is_template, is_open = request.type == "template", self.world.is_open(number, person)
        is_refused = not is_template and not is_open
        if is_refused and self.world.faults.window_refusal == "sync":
            return refused(WINDOW_CLOSED)
        most = self.world.limits.people_a_day
        if is_template and not is_open and not self.world.buckets.may_start(number.account, person.key, most):
            return refused(131048, "The messaging limit of this business was reached.")
        said.state = "accepted"
        await self.arriving.accepted(said, error=WINDOW_CLOSED if is_refused else 0)
        return self._taken(said.id, person, request)

    def _taken(self, id: str, person: Person, request: Request) -> Answer:
        contact: dict[str, str] = {"input": request.to or request.recipient}
        if person.shows_phone or request.to:
            contact["wa_id"] = person.phone
        if person.shows_bsuid:
            contact["user_id"] = person.bsuid
        return json({"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": id}]})

    def _too_fast(self, number: Number, person: Person | None) -> Refusal | None:
        buckets, limits = self.world.buckets, self.world.limits
        if not buckets.take(f"number:{number.id}", limits.number):
            return 130429, ""
        if person is not None and not buckets.take(f"pair:{number.id}:{person.key}", limits.pair):
            return 131056, ""
        return None

    def _unreachable(self, number: Number, person: Person | None) -> Refusal | None:
        if person is None:
            return 131026, ""
        return (131021, "") if person.phone == number.digits else None

    # -- what is no message of its own

    def _mark(self, number: Number, request: Request) -> Answer:
        said = self.world.said.get(request.message_id)
        if request.status != "read" or said is None or said.number is not number or said.by != "customer":
            return refused(131009, "Parameter value is not valid: message_id")
        for earlier in self.world.chat(number, said.person):
            if earlier.by == "customer" and earlier.at <= said.at:
                earlier.state = "read"
        if request.typing_indicator is not msgspec.UNSET:
            self.world.typing[number.id, said.person.key] = self.world.clock()
        return json({"success": True})

    def _react(self, number: Number, person: Person, request: Request) -> Answer:
        assert request.reaction is not msgspec.UNSET
        target = self.world.said.get(request.reaction.message_id)
        if target is None or target.number is not number or target.person is not person:
            return refused(131009, "Parameter value is not valid: reaction['message_id']")
        if not self.world.is_open(number, person):
            return refused(WINDOW_CLOSED)
        if request.reaction.emoji:
            target.reactions["business"] = request.reaction.emoji
        else:
            target.reactions.pop("business", None)
        return self._taken(self.world.new_id(number, person), person, request)

    # -- what the customer will see

    async def _said(self, number: Number, person: Person, request: Request) -> Said | Refusal:
        said = Said(
            id=self.world.new_id(number, person),
            number=number,
            person=person,
            by="business",
            at=self.world.clock(),
            kind=request.type,
            our_id=request.biz_opaque_callback_data,
        )
        if request.context is not msgspec.UNSET:
            quoted = self.world.said.get(request.context.message_id)
            said.quoted_id = quoted.id if quoted is not None and quoted.person is person else ""
        if request.text is not msgspec.UNSET:
            said.text = request.text.body
        elif request.template is not msgspec.UNSET:
            return await self._from_template(said, request.template)
        elif request.location is not msgspec.UNSET:
            said.text = request.location.name or request.location.address
            said.extra["location"] = msgspec.to_builtins(request.location)
        elif request.media is not None:
            return await self._with_file(said, request.type, request.media)
        return said

    async def _with_file(self, said: Said, kind: str, media: Media) -> Said | Refusal:
        file = await self._file(said.number, media)
        if file is None:
            return (
                (131009, f"Media ID {media.id} is not valid")
                if media.id
                else (131053, f"Unable to download {media.link}")
            )
        why = refusal(kind, file.media_type, len(file.content))
        if why:
            return 131053, why
        said.file = File(file.id, file.content, file.media_type, media.filename or file.name, said.number.id)
        said.text, said.is_voice = media.caption, media.voice
        return said

    async def _file(self, number: Number, media: Media) -> File | None:
        if media.id:
            return self.world.files.find(media.id)
        answer = await self.courier.get(media.link)
        if answer is None or answer.status_code != 200:
            return None
        media_type = answer.headers.get("content-type", "application/octet-stream")
        return File(f"8{self.world.serial():015}", answer.content, media_type, media.filename, number.id)

    async def _from_template(self, said: Said, used: TemplateUsed) -> Said | Refusal:
        template = graph_templates.find(said.number, used)
        if isinstance(template, tuple):
            return template
        said.text = filled(template.body, graph_templates.values_of(used, template))
        said.header = graph_templates.header_of(used, template)
        said.footer = template.footer
        said.buttons = tuple(button.text for button in template.buttons)
        said.extra["category"] = template.category.lower()
        said.extra["template"] = template.name
        return await self._with_header(said, used, template)

    async def _with_header(self, said: Said, used: TemplateUsed, template: Template) -> Said | Refusal:
        if template.header_format not in MEDIA:
            return said
        kind = template.header_format.lower()
        parameter = next(component for component in used.components if component.type == "header").parameters[0]
        media: Media = getattr(parameter, kind)
        file = await self._file(said.number, media)
        if file is None:
            return 131053, f"Unable to download the {kind} of the header"
        why = refusal(kind, file.media_type, len(file.content))
        if why:
            return 131053, why
        said.file = File(file.id, file.content, file.media_type, media.filename or file.name, said.number.id)
        return said
