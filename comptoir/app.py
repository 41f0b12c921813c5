"""The composition root: what Comptoir is made of, in the order in which it starts."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable

import uvicorn
from litestar import Litestar, Router, get
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import State
from litestar.openapi import OpenAPIConfig

from comptoir import __version__, pages, reactions, schedule, stream
from comptoir.channels import api as channels
from comptoir.conversations import api as conversations
from comptoir.conversations.answering import api as answering
from comptoir.conversations.beginning import api as beginning
from comptoir.conversations.bulk import api as bulk
from comptoir.conversations.contents import api as contents
from comptoir.conversations.customers import api as linked_customers
from comptoir.conversations.filters import api as filters
from comptoir.conversations.handling import api as handling
from comptoir.conversations.places import api as places
from comptoir.conversations.together import api as together
from comptoir.conversations.views import api as views
from comptoir.customers import api as customers
from comptoir.customers.directory import api as directory
from comptoir.customers.documents import api as documents
from comptoir.customers.imports import api as imports
from comptoir.demo import api as demo
from comptoir.demo.phone import api as phone
from comptoir.demo.phone.switchboard import Switchboard
from comptoir.foundation import doors, files, secrets
from comptoir.foundation.database import Committed, Database
from comptoir.foundation.jobs import queue_for
from comptoir.foundation.services import Clock, Services, system_clock
from comptoir.gateway import api as gateway
from comptoir.gateway import images, reading, webhooks
from comptoir.gateway.contents import api as gateway_contents
from comptoir.gateway.erp import api as erp
from comptoir.gateway.polling import Mailboxes
from comptoir.gateway.whatsapp import api as whatsapp
from comptoir.labels import api as labels
from comptoir.notifications import api as notifications
from comptoir.privacy import api as privacy
from comptoir.settings import Settings
from comptoir.team import api as team
from comptoir.team import signing_in
from comptoir.team.tokens import api as tokens
from comptoir.team.tokens import issuing
from comptoir.templates import api as templates

ROOMS = (
    answering,
    bulk,
    beginning,
    channels,
    contents,
    conversations,
    customers,
    demo,
    filters,
    gateway,
    gateway_contents,
    handling,
    directory,
    documents,
    erp,
    imports,
    labels,
    notifications,
    linked_customers,
    phone,
    places,
    privacy,
    templates,
    together,
    tokens,
    views,
    webhooks,
    whatsapp,
)


def make_services(settings: Settings, clock: Clock = system_clock) -> Services:
    database = Database(
        settings.database_url,
        clock=clock,
        reactions=reactions.reactions(),
        reflexes=reactions.reflexes(),
        queue=queue_for(settings.database_url),
    )
    return Services(
        settings=settings,
        database=database,
        files=files.DiskFiles(settings.data / "files"),
        secrets=secrets.load(settings.secret, settings.data),
        clock=clock,
    )


def make_app(services: Services, *, web: bool = True, work: bool = True) -> Litestar:
    """`web` serves browsers; `work` runs jobs and watches mailboxes. One process does both until it is outgrown."""
    follower = stream.Stream(services)
    mailboxes = Mailboxes(services)
    switchboard = Switchboard(services) if web else None

    @contextlib.asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        services.database.open()
        async with running(services, follower if web else None, mailboxes if work else None), _playing(switchboard):
            yield
        services.database.close()

    api = Router(
        "/api",
        route_handlers=[
            health,
            *(room.router() for room in ROOMS),
            team.router(services.settings.sign_in_attempts_per_minute),
        ],
    )
    return Litestar(
        route_handlers=[api, stream.stream, stream.changes, *pages.pages()],
        lifespan=[lifespan],
        state=State(
            {
                "door": doors.Door(services, signing_in.identify, issuing.come_in),
                "stream": follower,
                "webhooks": webhooks.Webhooks(services),
                "image_proxy": images.proxy(services.secrets),
                "switchboard": switchboard,
                "presence": follower.presence,
            }
        ),
        exception_handlers=doors.EXCEPTION_HANDLERS,
        csrf_config=CSRFConfig(
            secret=services.secrets.text_key("csrf"),
            cookie_secure=services.settings.secure_cookies,
            cookie_samesite="lax",
            exclude=["^/assets/", "^/api/webhooks/"],
        ),
        compression_config=CompressionConfig(
            backend="gzip",
            gzip_compress_level=5,
            minimum_size=1500,
            exclude=["^/assets/", "^/api/(stream|attachments|images|messages)"],
        ),
        openapi_config=OpenAPIConfig(title="Comptoir", version=__version__, path="/api/docs", create_examples=False),
        logging_config=None,
    )


class Server(uvicorn.Server):
    """Serves, and ends the open streams first when it is told to stop: uvicorn waits for every connection, and they never end."""

    def __init__(self, app: Litestar, settings: Settings) -> None:
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_level="warning",
            timeout_graceful_shutdown=5,
            server_header=False,
        )
        super().__init__(config)
        self._follower: stream.Stream = app.state.stream

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._follower.close()
        await super().shutdown(sockets)


@contextlib.asynccontextmanager
async def running(
    services: Services, follower: stream.Stream | None, mailboxes: Mailboxes | None
) -> AsyncIterator[None]:
    """The stream, the jobs, the clock and the mailboxes, from start to stop. The database is open before and after."""
    stop = asyncio.Event()
    tasks: list[asyncio.Task[None]] = []
    queue = services.database.queue
    assert queue is not None
    loop = asyncio.get_running_loop()
    wake = _waker(loop, follower, queue.wake)
    services.database.on_commit.append(wake)
    if follower is not None:
        services.database.on_said.append(_hearer(loop, follower))
    services.database.listen()
    if follower is not None:
        tasks.append(asyncio.create_task(follower.follow()))
    if mailboxes is not None:
        tasks.append(asyncio.create_task(queue.work(services, reactions.functions(), stop)))
        tasks.append(asyncio.create_task(schedule.run(services, stop)))
        await mailboxes.start()
    try:
        yield
    finally:
        if follower is not None:
            follower.close()
            tasks[0].cancel()
        stop.set()
        if mailboxes is not None:
            await mailboxes.stop()
        await asyncio.gather(*tasks, return_exceptions=True)
        reading.readers.close()
        services.database.on_commit.remove(wake)
        services.database.on_said.clear()


@contextlib.asynccontextmanager
async def _playing(switchboard: Switchboard | None) -> AsyncIterator[None]:
    """The providers of the sample numbers, where there are any."""
    if switchboard is not None:
        await switchboard.open()
    yield
    if switchboard is not None:
        await switchboard.close()


def _waker(
    loop: asyncio.AbstractEventLoop, follower: stream.Stream | None, wake_jobs: Callable[[], None]
) -> Callable[[Committed], None]:
    def wake(committed: Committed) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody is left to wake
            if committed.events and follower is not None:
                loop.call_soon_threadsafe(follower.wake)
            if committed.jobs:
                wake_jobs()

    return wake


def _hearer(loop: asyncio.AbstractEventLoop, follower: stream.Stream) -> Callable[[str], None]:
    def hear(words: str) -> None:
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(follower.hear, words)

    return hear


@get("/health", operation_id="health", tags=["health"], sync_to_thread=False)
def health() -> dict[str, str]:
    return {"status": "ok", "version": __version__}
