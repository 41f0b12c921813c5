"""Twilio's REST API: accounts, messages that go out and those that came, media behind a redirect, typing."""

import base64
import json as stdjson
import re
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from comptoir.demo.emulators.arriving import Arriving
from comptoir.demo.emulators.exchange import Answer, Call, json
from comptoir.demo.emulators.files import MB, File
from comptoir.demo.emulators.forms import API_VERSION, address
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.people import Person
from comptoir.demo.emulators.templates import MARK, MEDIA, Template, filled
from comptoir.demo.emulators.twilio_errors import refused
from comptoir.demo.emulators.world import Said, World

MOST_TEXT, MOST_MEDIA = 1600, 16 * MB
TAKEN = {
    "To", "From", "MessagingServiceSid", "Body", "MediaUrl", "ContentSid", "ContentVariables", "StatusCallback",
    "ValidityPeriod", "SendAt", "ScheduleType", "SmartEncoded", "PersistentAction", "ApplicationSid", "ProvideFeedback",
    "Attempt", "MaxPrice", "ShortenUrls", "RiskCheck",
}  # fmt: skip
STATUS_WORDS = {"accepted": "queued", "queued": "queued"}


class Twilio:
    def __init__(self, arriving: Arriving) -> None:
        self.arriving = arriving
        self.courier = arriving.courier
        self.world: World = arriving.world

    def owner(self, call: Call) -> Number | Answer:
        """Whose account this is, by the account's token. The account in the path must be the same."""
        kind, _, given = call.headers.get("authorization", "").partition(" ")
        try:
            user, _, password = base64.b64decode(given).decode().partition(":")
        except ValueError:
            user = password = ""
        number = next((n for n in self.world.numbers if n.provider == "twilio" and n.token == password), None)
        named = re.search(r"/Accounts/(AC\w+)", call.path)
        if kind != "Basic" or number is None or user not in (number.account, number.app_id or number.account):
            return refused(20003)
        if named is not None and named[1] != number.account:
            return refused(20003)
        if not self.world.buckets.take(f"number:{number.id}", self.world.limits.number):
            return refused(20429)
        return number

    async def account(self, call: Call, number: Number) -> Answer:
        found = {"sid": number.account, "friendly_name": number.name, "status": "active", "type": "Full"}
        return json(found | {"auth_token": number.token, "date_created": self._moment()})

    async def senders(self, call: Call, number: Number) -> Answer:
        """The WhatsApp senders of the account, with the webhook that each calls."""
        senders = [
            {
                "sid": f"XE{int(one.digits):032x}",
                "sender_id": f"whatsapp:{one.phone}",
                "status": "ONLINE",
                "profile": {"name": one.name},
                "webhook": {
                    "callback_url": one.webhook_url,
                    "callback_method": "POST",
                    "fallback_url": one.fallback_url,
                },
                "properties": {"quality_rating": "HIGH", "messaging_limit": "2K Customers/24hr"},
            }
            for one in self.world.of_account(number.account)
        ]
        return json({"senders": senders, "meta": self._meta(call, "senders", 0, len(senders), len(senders))})

    # -- messages

    async def create(self, call: Call, number: Number) -> Answer:
        form = call.form()
        given = dict(form)
        media = [value for name, value in form if name == "MediaUrl"]
        error = self._misfit(number, given, media)
        if error:
            return refused(*error)
        sender = next((one for one in self.world.of_account(number.account) if self._is_of(one, given)), number)
        to = given["To"].removeprefix("whatsapp:")
        person = self.world.people.reached(phone=to) if to.startswith("+") else None
        if person is None:
            return refused(21211 if not to.startswith("+") else 63024, f"Invalid 'To' Phone Number: {to}")
        said = Said(
            id=self.world.sid("MM" if media else "SM"),
            number=sender,
            person=person,
            by="business",
            at=self.world.clock(),
            kind="text",
            text=given.get("Body", ""),
            status_url=given.get("StatusCallback", ""),
            state="accepted",
        )
        if "ContentSid" in given:
            refusal = self._from_content(said, given["ContentSid"], given.get("ContentVariables", ""))
            if refusal is not None:
                return refused(*refusal)
        fails = await self._failure(said, person, media)
        await self.arriving.accepted(said, error=fails)
        return json(self._resource(said), 201)

    def _misfit(self, number: Number, given: dict[str, str], media: list[str]) -> tuple[int, str] | None:
        unknown = set(given) - TAKEN
        if unknown:
            return 63030, f"Unsupported parameter: {', '.join(sorted(unknown))}"
        to, sender = given.get("To", ""), given.get("From", "")
        if not sender and "MessagingServiceSid" not in given:
            return 21603, ""
        if "MessagingServiceSid" in given and not re.fullmatch(r"MG[0-9a-f]{32}", given["MessagingServiceSid"]):
            return 21701, ""
        if sender and to.startswith("whatsapp:") != sender.startswith("whatsapp:"):
            return 21910, ""
        if sender and all(f"whatsapp:{one.phone}" != sender for one in self.world.of_account(number.account)):
            return 63007, ""
        if not to:
            return 21211, "A 'To' phone number is required."
        if not given.get("Body") and not media and "ContentSid" not in given and "PersistentAction" not in given:
            return 21602, ""
        if len(given.get("Body", "")) > MOST_TEXT:
            return 21617, ""
        return (21623, "") if len(media) > 1 else None

    @staticmethod
    def _is_of(number: Number, given: dict[str, str]) -> bool:
        return given.get("From") == f"whatsapp:{number.phone}"

    def _from_content(self, said: Said, sid: str, variables: str) -> tuple[int, str] | None:
        template = next((one for one in said.number.templates if one.id == sid), None)
        if template is None or not re.fullmatch(r"HX[0-9a-f]{32}", sid):
            return 21655, ""
        try:
            values = stdjson.loads(variables or "{}")
        except ValueError:
            return 21656, ""
        if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
            return 21656, ""
        said.kind, said.footer = "template", template.footer
        said.text = filled(template.body, values)
        said.buttons = tuple(button.text for button in template.buttons)
        said.extra |= {"template": template.name, "values": values, "content": template}
        if template.header_format in MEDIA and template.header.startswith("http"):
            said.extra["media"] = filled(template.header, values)
        return None

    async def _failure(self, said: Said, person: Person, media: list[str]) -> int:
        """What makes the message fail once Twilio has taken it: the code of its status, 0 where it arrives."""
        template = said.extra.get("content")
        if isinstance(template, Template):
            return self._content_failure(said, template)
        if not self.world.is_open(said.number, person):
            return 63016
        if not self.world.buckets.take(f"pair:{said.number.id}:{person.key}", self.world.limits.pair):
            return 63018
        return await self._take_media(said, media[0]) if media else 0

    def _content_failure(self, said: Said, template: Template) -> int:
        if template.status != "APPROVED" and not self.world.is_open(said.number, said.person):
            return {"PAUSED": 63041, "DISABLED": 63042}.get(template.status, 63027)
        values = said.extra["values"]
        wanted = {*template.marks, *(mark for button in template.buttons for mark in MARK.findall(button.url))}
        if any(
            not values.get(mark, template.examples.get(mark, "")) or "\n" in values.get(mark, "") for mark in wanted
        ):
            return 63028
        said.text = filled(template.body, template.examples | values)
        return 0

    async def _take_media(self, said: Said, url: str) -> int:
        """Fetched from the business without credentials, as Twilio does."""
        answer = await self.courier.get(url)
        if answer is None or answer.status_code != 200:
            return 63019
        if len(answer.content) > MOST_MEDIA:
            return 63034
        media_type = answer.headers.get("content-type", "application/octet-stream")
        name = re.search(r'filename="?([^";]+)', answer.headers.get("content-disposition", ""))
        said.file = File(self.world.sid("ME"), answer.content, media_type, name[1] if name else "", said.number.id)
        said.kind = said.file.kind
        said.is_voice = said.file.plain_type == "audio/ogg"
        return 0

    async def fetch(self, call: Call, number: Number, sid: str) -> Answer:
        said = self.world.said.get(sid)
        if said is None or said.number.account != number.account:
            return refused(
                20404,
                f"The requested resource /{API_VERSION}/Accounts/{number.account}/Messages/{sid}.json was not found",
            )
        return json(self._resource(said))

    async def list(self, call: Call, number: Number) -> Answer:
        """Newest first; filtered by To, From and DateSent>= as given."""
        query = dict(call.query)
        since = query.get("DateSent>", query.get("DateSent>=", ""))[:10]
        found = [
            said
            for said in reversed(list(self.world.said.values()))
            if said.number.account == number.account
            and query.get("To") in (None, self._to(said))
            and query.get("From") in (None, self._from(said))
            and f"{said.at:%Y-%m-%d}" >= since
        ]
        size, page = max(1, min(int(query.get("PageSize", 50)), 1000)), int(query.get("Page", 0))
        shown = found[page * size : (page + 1) * size]
        path = f"/{API_VERSION}/Accounts/{number.account}/Messages.json"
        asked = urlencode(query | {"PageSize": str(size), "Page": str(page + 1)})
        following = f"{path}?{asked}" if len(found) > (page + 1) * size else None
        body: dict[str, Any] = {"messages": [self._resource(said) for said in shown], "page": page, "page_size": size}
        return json(
            body | {"next_page_uri": following, "uri": path, "start": page * size, "end": page * size + len(shown)}
        )

    async def typing(self, call: Call, number: Number) -> Answer:
        given = dict(call.form())
        said = self.world.said.get(given.get("messageId", ""))
        if said is None or given.get("channel") != "whatsapp":
            return refused(20404)
        said.state = "read"
        self.world.typing[number.id, said.person.key] = self.world.clock()
        return json({"success": True})

    # -- as Twilio writes things

    def _resource(self, said: Said) -> dict[str, Any]:
        base = f"/{API_VERSION}/Accounts/{said.number.account}/Messages/{said.id}"
        is_ours = said.by == "business"
        moment = format_datetime(said.at)
        return {
            "account_sid": said.number.account,
            "api_version": API_VERSION,
            "body": said.text,
            "date_created": moment,
            "date_sent": None if said.state == "accepted" else moment,
            "date_updated": moment,
            "direction": "outbound-api" if is_ours else "inbound",
            "error_code": said.error if said.state == "failed" else None,
            "error_message": None,
            "from": self._from(said),
            "messaging_service_sid": None,
            "num_media": "1" if said.file else "0",
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "sid": said.id,
            "status": STATUS_WORDS.get(said.state, said.state) if is_ours else "received",
            "subresource_uris": {"media": f"{base}/Media.json"},
            "to": self._to(said),
            "uri": f"{base}.json",
        }

    def _from(self, said: Said) -> str:
        return f"whatsapp:{said.number.phone}" if said.by == "business" else address(said.person)

    def _to(self, said: Said) -> str:
        return address(said.person) if said.by == "business" else f"whatsapp:{said.number.phone}"

    def _moment(self) -> str:
        return format_datetime(self.world.clock())

    def _meta(self, call: Call, key: str, page: int, size: int, total: int) -> dict[str, Any]:
        following = (
            f"{self.world.url}{call.path}?PageSize={size}&Page={page + 1}" if (page + 1) * size < total else None
        )
        return {
            "page": page,
            "page_size": size,
            "first_page_url": f"{self.world.url}{call.path}?PageSize={size}&Page=0",
            "previous_page_url": None,
            "url": f"{self.world.url}{call.path}",
            "next_page_url": following,
            "key": key,
        }
