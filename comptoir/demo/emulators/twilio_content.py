"""Twilio's Content API: templates with their approvals, page by page, and how a new one is made and submitted."""

import re
from typing import Any

import msgspec

from comptoir.demo.emulators.exchange import Answer, Call, json
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.templates import Template
from comptoir.demo.emulators.twilio_errors import refused
from comptoir.demo.emulators.world import World

SIZE = 50


class TwilioContent:
    def __init__(self, world: World) -> None:
        self.world = world

    async def contents(self, call: Call, number: Number) -> Answer:
        return self._page(call, number, has_approvals=False)

    async def contents_and_approvals(self, call: Call, number: Number) -> Answer:
        return self._page(call, number, has_approvals=True)

    async def content(self, call: Call, number: Number, sid: str) -> Answer:
        template = self._find(number, sid)
        if template is None:
            return refused(20404)
        if call.method == "DELETE":
            number.templates.remove(template)
            return Answer(204)
        return json(self._resource(number, template))

    async def approvals(self, call: Call, number: Number, sid: str) -> Answer:
        template = self._find(number, sid)
        if template is None:
            return refused(20404)
        whatsapp = template.approval() | {"type": "whatsapp"}
        return json(
            {
                "sid": template.id,
                "account_sid": number.account,
                "whatsapp": whatsapp,
                "url": f"{self.world.url}{call.path}",
            }
        )

    async def create(self, call: Call, number: Number) -> Answer:
        try:
            given = msgspec.json.decode(call.body, type=dict[str, Any])
            kind, content = next(iter(given["types"].items()))
            template = Template(
                id=self.world.sid("HX"),
                name=given.get("friendly_name", ""),
                language=given["language"],
                body=content["body"],
                status="DRAFT",
                examples=dict(given.get("variables", {})),
                header_format="DOCUMENT" if kind == "twilio/media" else "",
            )
        except (KeyError, TypeError, AttributeError, StopIteration, msgspec.MsgspecError) as error:
            return refused(20001, f"Bad request: {error}")
        number.templates.append(template)
        return json(self._resource(number, template), 201)

    async def submit(self, call: Call, number: Number, sid: str) -> Answer:
        """Pending; `Emulator.review` decides on it."""
        template = self._find(number, sid)
        if template is None:
            return refused(20404)
        given = msgspec.json.decode(call.body, type=dict[str, Any])
        if re.fullmatch(r"[a-z0-9_]+", str(given.get("name", ""))) is None:
            return refused(20001, "The name of a template holds lower-case letters, digits and underscores only.")
        template.name, template.category, template.status = given["name"], given.get("category", "UTILITY"), "PENDING"
        return json(template.approval(), 201)

    def _find(self, number: Number, sid: str) -> Template | None:
        return next((template for template in number.templates if template.id == sid), None)

    def _page(self, call: Call, number: Number, *, has_approvals: bool) -> Answer:
        query = dict(call.query)
        size = max(1, min(int(query.get("PageSize", SIZE)), 500))
        start = int(query.get("PageToken", "0") or 0)
        shown = number.templates[start : start + size]
        found = [self._resource(number, template) for template in shown]
        if has_approvals:
            found = [
                one | {"approval_requests": template.approval()} for one, template in zip(found, shown, strict=True)
            ]
        here = f"{self.world.url}{call.path}?PageSize={size}"
        following = (
            f"{here}&Page={start // size + 1}&PageToken={start + size}"
            if start + size < len(number.templates)
            else None
        )
        meta = {
            "page": start // size,
            "page_size": size,
            "first_page_url": f"{here}&Page=0",
            "previous_page_url": None,
            "url": here,
            "next_page_url": following,
            "key": "contents",
        }
        return json({"contents": found, "meta": meta})

    def _resource(self, number: Number, template: Template) -> dict[str, Any]:
        links = {
            "approval_create": f"{self.world.url}/v1/Content/{template.id}/ApprovalRequests/whatsapp",
            "approval_fetch": f"{self.world.url}/v1/Content/{template.id}/ApprovalRequests",
        }
        resource = template.as_content(number.account, f"{self.world.clock():%Y-%m-%dT%H:%M:%SZ}")
        return resource | {"links": links, "url": f"{self.world.url}/v1/Content/{template.id}"}
