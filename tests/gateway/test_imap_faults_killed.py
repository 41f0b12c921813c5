"""`kill -9` between any two steps of a mail's way in, and the next process brings it all to the same end: each mail once.

The process that dies is a real one, whole, watching a real mailbox: it kills itself right after the step that is named. It is
forked from a nest that has imported everything once, because importing it all again for each death is what would take long.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from comptoir.channels import watching
from comptoir.channels.models import Channel
from comptoir.channels.port import Cursor
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import keeping
from tests.gateway.post_office import PostOffice, a_mail, eventually
from tests.gateway.test_history import ask, progress, put

STEPS = {
    "put aside": ("comptoir.gateway.keeping", "put_aside"),
    "kept, not committed": ("comptoir.gateway.keeping", "keep"),
    "cursor moved, not committed": ("comptoir.gateway.keeping", "_reach"),
    "kept and committed": ("comptoir.gateway.polling", "MailboxWatcher.keep"),
    "parsed": ("comptoir.gateway.reading", "_understand"),
    "landed, not committed": ("comptoir.conversations.receiving", "receive"),
    "settled, not committed": ("comptoir.gateway.ledger", "settle"),
    "landed together, not committed": ("comptoir.gateway.reading", "_write"),
    "landed together and committed": ("comptoir.gateway.reading", "_land_together"),
    "echoed, not committed": ("comptoir.conversations.echoing", "echo"),
}
# The steps are the same on both stores: three of them are enough to see that the other one keeps its word too.
DEATHS = [("sqlite", step) for step in STEPS] + [
    ("postgresql", step) for step in ("kept, not committed", "parsed", "settled, not committed")
]
PAST = {
    "history kept, not committed": ("comptoir.gateway.history", "Archive._advance"),
    "history landed, not committed": ("comptoir.conversations.importing", "land"),
}
LEASE = 1.2  # seconds, for the dead process and for the one after it

NEST = f"""
import asyncio, importlib, inspect, json, os, signal, sys
from pathlib import Path
import msgspec
from comptoir import app
from comptoir.gateway.polling import Mailboxes
from comptoir.providers.imap.provider import ImapProvider
from comptoir.settings import Settings
from tests.gateway.post_office import QUICK

def arm(module, path):
    owner = importlib.import_module(module)
    *holders, name = path.split(".")
    for holder in holders:
        owner = getattr(owner, holder)
    step = getattr(owner, name)

    def die_after(*given, **named):
        answer = step(*given, **named)
        if not inspect.isawaitable(answer):
            os.kill(os.getpid(), signal.SIGKILL)
        async def later():
            await answer
            os.kill(os.getpid(), signal.SIGKILL)
        return later()

    setattr(owner, name, die_after)

async def live(data, database):
    services = app.make_services(Settings(data=Path(data), database=database))
    services.database.queue.timing = msgspec.structs.replace(services.database.queue.timing, lease={LEASE})
    services.database.open()
    mailboxes = Mailboxes(services, providers={{"imap": ImapProvider(QUICK)}}, look_every=0.3)
    async with app.running(services, None, mailboxes):
        await asyncio.sleep(40)

for line in sys.stdin:
    data, database, module, path = json.loads(line)
    if not (child := os.fork()):
        arm(module, path)
        asyncio.run(live(data, database))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def nest() -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", NEST]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


async def live_and_die(nest: "subprocess.Popen[str]", office: PostOffice, module: str, path: str) -> None:
    """A whole process, which ends as soon as it has taken that step; what it held is given up afterwards."""
    settings, stdin, stdout = office.services.settings, nest.stdin, nest.stdout
    assert stdin is not None and stdout is not None
    stdin.write(json.dumps([str(settings.data), settings.database, module, path]) + "\n")
    stdin.flush()
    assert await asyncio.to_thread(stdout.readline) == "-9\n"
    office.house.clock.now = datetime.now(UTC) + timedelta(minutes=5)
    queue = office.services.database.queue
    assert queue is not None
    queue.timing = msgspec.structs.replace(queue.timing, lease=LEASE, first_wait=0.2)  # type: ignore[attr-defined]


def know_the_folders(office: PostOffice) -> None:
    """As after a first visit to a mailbox that was empty."""
    with office.account.imap() as client:
        client.create_folder("Sent")

    def work(tx: Transaction) -> None:
        watching.found_sent(tx, tx.find(Channel, office.channel_id), folder="Sent")
        for folder in ("INBOX", "Sent"):
            place = Cursor(office.server.uidvalidity(office.account.address, folder), 0)
            keeping.start_at(tx, office.channel_id, folder, place, known_upto=0)

    office.house.write(work)


@pytest.mark.parametrize(("store", "step"), DEATHS, indirect=["store"])
async def test_killed_at_any_step_each_mail_is_there_once(
    office: PostOffice, nest: "subprocess.Popen[str]", step: str
) -> None:
    know_the_folders(office)
    office.deliver(a_mail(to=office.account.address, subject="un", text="é" * 300_000))
    office.deliver(a_mail(to=office.account.address, subject="deux"))
    office.server.append(
        office.account.address, "Sent", a_mail(to="lea@garage-morel.example", subject="trois").replace(b"\n", b"\r\n")
    )

    await live_and_die(nest, office, *STEPS[step])
    await office.open()

    await eventually(lambda: office.ledger() == ["read"] * 3, seconds=30)
    assert sorted(message.subject for message in office.messages()) == ["deux", "trois", "un"]
    assert [message.kind for message in office.messages() if message.subject == "trois"] == ["reply"]
    assert office.dead_jobs() == []


@pytest.mark.parametrize(("store", "step"), [("sqlite", step) for step in PAST], indirect=["store"])
async def test_killed_in_the_middle_of_the_past_it_goes_on_from_there(
    office: PostOffice, nest: "subprocess.Popen[str]", step: str
) -> None:
    for number in range(12):
        put(office, "INBOX", f"Commande {number}", f"<c{number}@garage-morel.example>", minutes=number)
    ask(office)

    await live_and_die(nest, office, *PAST[step])
    await office.open()

    await eventually(lambda: progress(office).state == "done" and office.ledger() == ["read"] * 12, seconds=30)
    assert sorted(m.subject for m in office.messages()) == sorted(f"Commande {n}" for n in range(12))
    assert (progress(office).total, progress(office).done) == (12, 12)
    assert all(message.is_imported for message in office.messages())
