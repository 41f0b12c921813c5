"""Taking the sample data away leaves nothing of it, and touches nothing that is real."""

import asyncio

import pytest

from comptoir.channels import connecting, joining
from comptoir.channels.models import Channel
from comptoir.conversations import assigning, receiving
from comptoir.conversations.models import Conversation
from comptoir.demo import clearing, opening
from comptoir.demo.cast import COLLEAGUES, DOMAIN
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Actor, Transaction
from comptoir.reactions import functions
from comptoir.team.models import Member, Organisation
from comptoir.team.queries import demo_actor, member_by_email
from tests.demo.test_demo import count, play
from tests.house import incoming_mail

EMPTY = (
    "channels",
    "channel_members",
    "conversations",
    "messages",
    "message_html",
    "message_search",
    "attachments",
    "readings",
    "conversation_labels",
    "ledger",
    "contacts",
    "identities",
    "labels",
    "templates",
    "teams",
    "team_members",
    "views",
    "early_signs",
    "customers",
    "customer_domains",
    "customer_notes",
    "customer_words",
    "contact_words",
    "documents",
    "merges",
)


def test_clearing_leaves_nothing(demo: Services) -> None:
    asyncio.run(clearing.clear(demo))

    assert {table: count(demo, table) for table in EMPTY} == dict.fromkeys(EMPTY, 0)
    assert count(demo, "members") == 1
    assert count(demo, "events WHERE conversation_id IS NOT NULL") == 0
    assert not [path for path in (demo.settings.data / "files").rglob("*") if path.is_file()]


def test_it_can_be_brought_in_again(demo: Services) -> None:
    conversations = count(demo, "conversations")
    asyncio.run(clearing.clear(demo))

    asyncio.run(opening.fill(demo, play(demo, lambda tx: demo_actor(tx).id or 0)))

    assert count(demo, "conversations") == conversations
    assert count(demo, "members") == len(COLLEAGUES)


def test_only_the_owner_clears_and_only_sample_data(demo: Services) -> None:
    bruno = play(demo, lambda tx: actor_of(tx, "bruno"))
    with pytest.raises(opening.NotAllowed):
        demo.database.read_now(clearing.require_demo, actor=bruno)
    asyncio.run(clearing.clear(demo))

    with pytest.raises(clearing.NoDemo):
        demo.database.read_now(clearing.require_demo, actor=play(demo, demo_actor))


def test_what_is_assigned_in_a_real_mailbox_stays_so(demo: Services) -> None:
    """The owner works in their own mailbox too; a sample colleague given something there becomes one who has left."""
    ours = play(demo, lambda tx: actor_of(tx, "anne"))
    mine, brunos = demo.database.write_now(lambda tx: real_mailbox(tx), actor=ours)

    asyncio.run(clearing.clear(demo))
    run_jobs(demo, "conversations.releasing.release")

    assert play(demo, lambda tx: tx.find(Conversation, mine).assignee_id) == ours.id
    assert play(demo, lambda tx: tx.find(Conversation, brunos).assignee_id) is None
    assert count(demo, "channels") == 1
    assert count(demo, "messages") == 2
    assert count(demo, "contacts") == 1
    bruno = play(demo, lambda tx: member_by_email(tx, f"bruno@{DOMAIN}"))
    assert bruno is not None and not bruno.is_active
    assert play(demo, lambda tx: member_by_email(tx, f"david@{DOMAIN}")) is None
    assert not play(demo, lambda tx: tx.find(Organisation, 1).is_demo)


def real_mailbox(tx: Transaction) -> tuple[int, int]:
    """One conversation of the owner's and one of Bruno's, in a mailbox that is no sample, from a customer of the cast."""
    channel = connecting.connect(
        tx, address="contact@vrai.example", name="Vrai", provider="imap", settings={}, secrets="x", member_ids=()
    )
    bruno = member_by_email(tx, f"bruno@{DOMAIN}")
    assert bruno is not None and tx.actor.id is not None
    joining.add_member(tx, channel, bruno.id)
    found = []
    for member_id in (tx.actor.id, bruno.id):
        conversation = received(tx, channel)
        assigning.assign(tx, conversation, member_id=member_id)
        found.append(conversation.id)
    return found[0], found[1]


def received(tx: Transaction, channel: Channel) -> Conversation:
    landed = receiving.receive(tx, channel, incoming_mail(tx.now), token_key=b"k" * 32)
    return tx.find(Conversation, landed.conversation_id)


def actor_of(tx: Transaction, key: str) -> Actor:
    member = member_by_email(tx, f"{key}@{DOMAIN}")
    assert isinstance(member, Member)
    return Actor("member", member.id, member.role, member.language)


def run_jobs(services: Services, name: str) -> None:
    """Let the queue run until no job of that name waits."""

    async def work() -> None:
        queue, stop = services.database.queue, asyncio.Event()
        assert queue is not None
        working = asyncio.create_task(queue.work(services, functions(), stop))
        for _ in range(200):
            await asyncio.sleep(0.1)
            if await services.database.read(lambda tx: waiting(tx, name)) == 0:
                break
        stop.set()
        await working

    asyncio.run(work())


def waiting(tx: Transaction, name: str) -> int:
    sql = (
        "SELECT count(*) FROM jobs WHERE name = :name AND state <> 'dead'"
        if tx.is_sqlite
        else "SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name AND status IN ('todo', 'doing')"
    )
    return int(tx.value(sql, name=name))
