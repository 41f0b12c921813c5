"""The ASGI application: which operation an address is, whose token opens it, and how its answer is broken on demand."""

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from msgspec import Struct

from comptoir.demo.emulators.arriving import Arriving
from comptoir.demo.emulators.exchange import Answer, Call, json
from comptoir.demo.emulators.faults import Broken
from comptoir.demo.emulators.graph import Graph
from comptoir.demo.emulators.graph_errors import refused as refused_by_meta
from comptoir.demo.emulators.graph_sending import GraphSending
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.twilio import Twilio
from comptoir.demo.emulators.twilio_content import TwilioContent
from comptoir.demo.emulators.twilio_errors import refused as refused_by_twilio
from comptoir.demo.emulators.twilio_media import TwilioMedia
from comptoir.demo.emulators.world import World

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
PATIENCE = 60.0  # how long a silent answer waits for the other side to give up
HTML = (
    b"<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>"
)


class Route(Struct, frozen=True):
    """`operation` is what faults name. Without an `owner` an address is open to whoever holds its link."""

    method: str
    pattern: re.Pattern[str]
    operation: str
    function: Callable[..., Awaitable[Answer]]
    owner: Callable[[Call], Number | Answer] | None = None


class Door:
    def __init__(self, world: World, arriving: Arriving) -> None:
        self.world = world
        self.calls: deque[tuple[str, Call, Answer]] = deque(maxlen=100 if world.is_live else None)
        graph, sending = Graph(arriving), GraphSending(arriving)
        twilio, content, media = Twilio(arriving), TwilioContent(world), TwilioMedia(world)
        self._routes = [*_meta(graph, sending), *_twilio(twilio, content, media)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        call = await _read(scope, receive)
        route, found = self._route(call)
        broken = self.world.faults.take(route.operation) if route else None
        answer = await self._answer(route, found, call) if broken is None or broken.is_done else Answer()
        self.calls.append((route.operation if route else "", call, answer))
        if broken is None:
            await _give(send, answer)
        else:
            await _break(broken, answer, receive, send)

    def _route(self, call: Call) -> tuple[Route | None, tuple[str, ...]]:
        for route in self._routes:
            match = route.pattern.fullmatch(call.path)
            if match is not None and call.method in route.method.split("|"):
                return route, match.groups()
        return None, ()

    async def _answer(self, route: Route | None, found: tuple[str, ...], call: Call) -> Answer:
        if route is None:
            is_graph = re.match(r"/v\d+\.\d+/", call.path)
            return refused_by_meta(100, f"Unknown path {call.path}") if is_graph else refused_by_twilio(20404)
        if route.owner is None:
            return await route.function(call, *found)
        number = route.owner(call)
        return number if isinstance(number, Answer) else await route.function(call, number, *found)


def _meta(graph: Graph, sending: GraphSending) -> list[Route]:
    def route(method: str, path: str, operation: str, function: Callable[..., Awaitable[Answer]]) -> Route:
        return Route(method, re.compile(r"/v\d+\.\d+" + path), operation, function, graph.owner)

    id = r"/(\w+)"
    return [
        route("GET", "/(debug_token)", "debug_token", graph.debug_token),
        route("GET", "/(me)/permissions", "permissions", graph.permissions),
        route("POST", f"{id}/messages", "send", sending.send),
        route("POST", f"{id}/media", "upload", graph.upload),
        route("GET", f"{id}/message_templates", "templates", graph.templates),
        route("POST", f"{id}/message_templates", "create_template", graph.create_template),
        route("GET|POST|DELETE", f"{id}/subscribed_apps", "subscribed_apps", graph.subscribed_apps),
        route("GET", f"{id}/phone_numbers", "phone_numbers", graph.phone_numbers),
        route("GET|DELETE", r"/([79]\d{15})", "media", graph.media),
        route("GET", r"/(10229012934\d{4})", "account", graph.account),
        route("GET", id, "phone_number", graph.phone_number),
        Route("GET", re.compile(r"/whatsapp_business/attachments/"), "download", graph.download),
    ]


def _twilio(twilio: Twilio, content: TwilioContent, media: TwilioMedia) -> list[Route]:
    def route(method: str, path: str, operation: str, function: Callable[..., Awaitable[Answer]]) -> Route:
        return Route(method, re.compile(path), operation, function, twilio.owner)

    account = r"/2010-04-01/Accounts/AC\w+"
    sid = r"/v[12]/Content/(HX\w+)"
    return [
        route("GET", rf"{account}\.json", "account", twilio.account),
        route("POST", rf"{account}/Messages\.json", "send", twilio.create),
        route("GET", rf"{account}/Messages\.json", "messages", twilio.list),
        route("GET", rf"{account}/Messages/(\w+)\.json", "message", twilio.fetch),
        route("GET", rf"{account}/Messages/(\w+)/Media\.json", "media_list", media.media_list),
        route("GET", rf"{account}/Messages/(\w+)/Media/(\w+)", "media", media.media),
        Route("GET", re.compile(r"/twiliocdn/([\w-]+)"), "download", media.download),
        route("GET", r"/v[12]/Content", "templates", content.contents),
        route("POST", r"/v1/Content", "create_template", content.create),
        route("GET", r"/v[12]/ContentAndApprovals", "templates", content.contents_and_approvals),
        route("GET|DELETE", sid, "template", content.content),
        route("GET", f"{sid}/ApprovalRequests", "approvals", content.approvals),
        route("POST", f"{sid}/ApprovalRequests/whatsapp", "submit", content.submit),
        route("POST", r"/v2/Indicators/Typing\.json", "typing", twilio.typing),
        route("GET", r"/v2/Channels/Senders", "senders", twilio.senders),
    ]


async def _read(scope: Scope, receive: Receive) -> Call:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    return Call(scope["method"], scope["path"], query, headers, bytes(body))


async def _give(send: Send, answer: Answer, *, size: int | None = None) -> None:
    """`size`: what the header promises, when that is a lie."""
    headers: Mapping[str, str] = {
        "content-type": answer.media_type,
        "content-length": str(len(answer.body) if size is None else size),
        **answer.headers,
    }
    raw = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": answer.body, "more_body": size is not None})


async def _break(broken: Broken, answer: Answer, receive: Receive, send: Send) -> None:
    match broken.how:
        case "html":
            await _give(send, Answer(502, HTML, "text/html"))
        case "busy":
            await _give(send, Answer(429, b"", "text/plain"))
        case "error_in_200":
            await _give(send, json({"error": {"message": "(#131000) Something went wrong", "code": 131000}}))
        case "truncated":
            await _give(
                send, Answer(answer.status, answer.body[: len(answer.body) // 2] or b'{"messages":', answer.media_type)
            )
        case "slow":
            await asyncio.sleep(broken.seconds)
            await _give(send, answer)
        case "reset":  # more was promised than is sent: the server hangs up
            await _give(send, Answer(answer.status, b"", answer.media_type), size=1000)
        case "silent":
            await asyncio.wait_for(_until_gone(receive), PATIENCE)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
