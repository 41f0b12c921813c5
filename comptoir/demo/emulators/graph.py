"""Meta's Graph API, as far as a business that only talks to its customers needs it."""

import hashlib
import hmac
import re
import secrets
from typing import Any

import msgspec

from comptoir.demo.emulators import envelopes, exchange
from comptoir.demo.emulators.arriving import Arriving
from comptoir.demo.emulators.exchange import Answer, Call, json
from comptoir.demo.emulators.files import UPLOAD_LASTS, File, as_sent, refusal
from comptoir.demo.emulators.graph_errors import refused
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.templates import Template
from comptoir.demo.emulators.world import World

VERSIONS = range(21, 27)
PAGE = 25


class Graph:
    """Every method answers one operation; `world.numbers` says who may ask."""

    def __init__(self, arriving: Arriving) -> None:
        self.arriving = arriving
        self.courier = arriving.courier
        self.world: World = arriving.world

    def owner(self, call: Call) -> Number | Answer:
        """Whose token this is; the version must be one that lives, and a proof, where there is one, the right one."""
        version = re.match(r"/v(\d+)\.0/", call.path)
        if version is None or int(version[1]) not in VERSIONS:
            return refused(100, f"(#2635) You are calling a version of the Graph API that does not exist: {call.path}")
        token = call.headers.get("authorization", "").removeprefix("Bearer ")
        number = next(
            (n for n in self.world.numbers if n.provider == "meta" and secrets.compare_digest(n.token, token)), None
        )
        if number is None:
            return refused(190, "Invalid OAuth access token - Cannot parse access token", subcode=463)
        proof = call.query.get("appsecret_proof")
        if proof is not None and proof != hmac.new(number.secret.encode(), token.encode(), hashlib.sha256).hexdigest():
            return refused(100, "Invalid appsecret_proof provided in the API argument")
        if not self.world.buckets.take(f"management:{number.account}", self.world.limits.management):
            return refused(80007)
        return number

    # -- the number and its account

    async def phone_number(self, call: Call, number: Number, id: str) -> Answer:
        if id != number.id:
            return _no_such(id)
        everything = {
            "id": number.id,
            "display_phone_number": number.phone,
            "verified_name": number.name,
            "quality_rating": number.quality,
            "code_verification_status": "VERIFIED",
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
            "status": "CONNECTED",
            "name_status": "APPROVED",
            "whatsapp_business_manager_messaging_limit": "TIER_250",
            "webhook_configuration": {"application": number.webhook_url},
        }
        fields = call.query.get("fields", "id,display_phone_number,verified_name,quality_rating").split(",")
        return json({field: everything[field] for field in ["id", *fields] if field in everything})

    async def account(self, call: Call, number: Number, id: str) -> Answer:
        return json({"id": number.account, "name": number.name, "currency": "EUR", "timezone_id": "1"})

    async def phone_numbers(self, call: Call, number: Number, id: str) -> Answer:
        data = [
            {"id": n.id, "display_phone_number": n.phone, "verified_name": n.name, "quality_rating": n.quality}
            for n in self.world.of_account(number.account)
        ]
        return json({"data": data, "paging": {"cursors": {"before": "MA", "after": "MA"}}})

    async def subscribed_apps(self, call: Call, number: Number, id: str) -> Answer:
        if id != number.account:
            return _no_such(id)
        if call.method == "DELETE":
            number.is_subscribed = False
            return json({"success": True})
        if call.method == "POST":
            return await self._subscribe(call, number)
        app = {
            "whatsapp_business_api_data": {"id": number.app_id, "name": "Comptoir", "link": "https://comptoir.example"}
        }
        if number.webhook_url:
            app["override_callback_uri"] = number.webhook_url  # type: ignore[assignment]
        return json({"data": [app] if number.is_subscribed else []})

    async def _subscribe(self, call: Call, number: Number) -> Answer:
        given: dict[str, str] = dict(call.form()) | dict(call.query)
        if call.headers.get("content-type", "").startswith("application/json") and call.body:
            given |= msgspec.json.decode(call.body, type=dict[str, Any])
        url = given.get("override_callback_uri", "")
        if url and not await self.courier.handshake(url, given.get("verify_token", "")):
            return refused(100, "(#2200) Callback verification failed: the callback URL did not answer the challenge.")
        if url:
            number.webhook_url = url
        number.is_subscribed = True
        return json({"success": True})

    async def debug_token(self, call: Call, number: Number, id: str) -> Answer:
        token = call.query.get("input_token", "")
        found = next((n for n in self.world.numbers if n.token == token), None)
        if found is None:
            error = {"code": 190, "message": "Invalid OAuth access token."}
            return json({"data": {"is_valid": False, "error": error, "scopes": []}})
        data = {
            "app_id": found.app_id,
            "type": "SYSTEM_USER",
            "application": "Comptoir",
            "expires_at": 0,
            "data_access_expires_at": 0,
            "is_valid": True,
            "scopes": list(found.permissions),
            "granular_scopes": [{"scope": scope, "target_ids": [found.account]} for scope in found.permissions],
        }
        return json({"data": data})

    async def permissions(self, call: Call, number: Number, id: str) -> Answer:
        return json({"data": [{"permission": one, "status": "granted"} for one in number.permissions]})

    # -- templates

    async def templates(self, call: Call, number: Number, id: str) -> Answer:
        if id != number.account:
            return _no_such(id)
        start = int(call.query.get("after", "0") or 0)
        limit = max(1, min(int(call.query.get("limit", PAGE)), 1000))
        page = number.templates[start : start + limit]
        fields = [field.partition("{")[0] for field in call.query.get("fields", "").split(",") if field]
        data = [
            {key: value for key, value in template.as_meta().items() if not fields or key in [*fields, "id"]}
            for template in page
        ]
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(start + len(page))}}
        if start + limit < len(number.templates):
            query = "&".join(
                f"{key}={value}" for key, value in (dict(call.query) | {"after": str(start + limit)}).items()
            )
            paging["next"] = f"{self.world.url}{call.path}?{query}"
        return json({"data": data, "paging": paging})

    async def create_template(self, call: Call, number: Number, id: str) -> Answer:
        """Pending; `Emulator.review` decides on it."""
        try:
            given = msgspec.json.decode(call.body, type=dict[str, Any])
            body = next(part["text"] for part in given["components"] if part["type"].upper() == "BODY")
            template = Template(
                id=f"16895569{self.world.serial():08}",
                name=given["name"],
                language=given["language"],
                category=given["category"],
                body=body,
                status="PENDING",
            )
        except (KeyError, TypeError, StopIteration, msgspec.MsgspecError) as error:
            return refused(100, f"Invalid parameter: {error}")
        if re.fullmatch(r"[a-z0-9_]{1,512}", template.name) is None:
            return refused(100, "The name of a template holds lower-case letters, digits and underscores only.")
        number.templates.append(template)
        return json({"id": template.id, "status": template.status, "category": template.category})

    # -- media

    async def upload(self, call: Call, number: Number, id: str) -> Answer:
        if id != number.id:
            return _no_such(id)
        given = {part.name: part for part in exchange.parts(call)}
        if "file" not in given or given.get("messaging_product", given["file"]).content != b"whatsapp":
            return refused(100, "The parameters file and messaging_product are required.")
        part = given["file"]
        media_type = given["type"].content.decode() if "type" in given else part.media_type
        file = File(f"9{self.world.serial():015}", part.content, media_type, part.filename, number.id)
        why = refusal(file.kind, media_type, len(part.content))
        if why or not part.content:
            return refused(131053 if part.content else 100, why or "The file is empty.")
        self.world.files.keep(file, UPLOAD_LASTS)
        return json({"id": file.id})

    async def media(self, call: Call, number: Number, id: str) -> Answer:
        file = self.world.files.find(id)
        if file is None or call.query.get("phone_number_id", file.number_id) != file.number_id:
            return _no_such(id)
        if call.method == "DELETE":
            return json({"success": self.world.files.forget(id)})
        token, until = self.world.files.link(file)
        url = envelopes.link(self.world, token, int(until.timestamp()))
        return json(
            {
                "url": url,
                "mime_type": file.plain_type,
                "sha256": "0" * 64 if self.world.faults.wrong_sha256 else file.sha256,
                "file_size": len(file.content),
                "id": file.id,
                "messaging_product": "whatsapp",
            }
        )

    async def download(self, call: Call) -> Answer:
        """Of the other host: an expired link and a missing bearer look the same there."""
        token = call.headers.get("authorization", "").removeprefix("Bearer ")
        number = next((n for n in self.world.numbers if n.provider == "meta" and n.token == token), None)
        file = self.world.files.opened(call.query.get("mid", ""))
        if number is None or file is None or not call.headers.get("user-agent"):
            return Answer(404, b"", "text/html")
        faults = self.world.faults
        content = as_sent(file, is_cut=faults.truncated_media, more=faults.more_media)
        return Answer(200, content, file.media_type)


def _no_such(id: str) -> Answer:
    return refused(
        100,
        f"Unsupported request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does not"
        " support this operation.",
        subcode=33,
    )
