"""What was not looked at comes by mail: once, at its time, to who wants it, through a real SMTP server."""

import asyncio
import dataclasses
import email
import email.policy
from datetime import datetime
from typing import cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec
import pytest

from comptoir.conversations import assigning, thread
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.services import Services
from comptoir.gateway import digests
from comptoir.notifications import choosing, digesting, dismissing
from comptoir.notifications.schemas import Choices, Digest
from comptoir.team.models import Member
from tests.house import House
from tests.rig.mail_server import MailServer


@pytest.fixture
def posting(house: House, mail_server: MailServer) -> Services:
    """The house, with a mail server of its own to send through."""
    account = mail_server.account()
    url = f"smtp://{quote(account.address)}:{quote(account.password)}@127.0.0.1:{account.smtp_port}?tls=none"
    settings = msgspec.structs.replace(house.services.settings, smtp_url=url, public_url="https://comptoir.example")
    return dataclasses.replace(house.services, settings=settings)


def give_to(house: House, member: Member, text: str = "Bonjour, avez-vous les plaquettes en stock ?") -> int:
    lea = house.receive(text=text)
    house.write(
        lambda tx: assigning.assign(tx, thread.find(tx, lea.conversation_id), member_id=member.id), by=house.anne
    )
    return lea.conversation_id


def choose(house: House, member: Member, digest: Digest) -> None:
    house.write(lambda tx: choosing.choose(tx, Choices(digest=digest)), by=member)


def gather(house: House, member: Member) -> list[int]:
    return house.write(lambda tx: digesting.gather(tx, member.id))


def mail(services: Services, house: House, member: Member, ids: list[int]) -> None:
    """The job that `send_due` asks for."""
    args = {"member_id": member.id, "ids": ids, "at": int(house.clock().timestamp() * 1000)}
    asyncio.run(digests.mail(services, Job(1, "gateway.digests.mail", args, 1)))


def test_what_waited_half_an_hour_comes_by_mail_once(house: House, posting: Services, mail_server: MailServer) -> None:
    conversation_id = give_to(house, house.chloe)
    assert house.read(digesting.due) == [] and gather(house, house.chloe) == []

    house.clock.forward(minutes=31)
    assert house.read(digesting.due) == [house.chloe.id]
    ids = gather(house, house.chloe)
    assert gather(house, house.chloe) == [], "told once"
    mail(posting, house, house.chloe, ids)

    (sent,) = mail_server.outbox.wait_for(1)
    message = cast(email.message.EmailMessage, email.message_from_bytes(sent.raw, policy=email.policy.default))
    assert sent.recipients == ("chloe@pieces.example",)
    assert message["subject"] == "1 nouvelle notification dans Comptoir"
    words = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Anne Petit vous assigne : Léa Morel" in words and "plaquettes en stock" in words
    assert f"https://comptoir.example/conversations/{conversation_id}?" in words
    assert "https://comptoir.example/reglages/notifications" in words


def test_the_hourly_digest_keeps_its_hour(house: House) -> None:
    give_to(house, house.chloe)
    house.clock.forward(minutes=31)
    assert len(gather(house, house.chloe)) == 1
    give_to(house, house.chloe, "Autre question")
    house.clock.forward(minutes=40)
    assert gather(house, house.chloe) == []
    house.clock.forward(minutes=21)
    assert len(gather(house, house.chloe)) == 1


def test_the_daily_digest_comes_at_eight_where_its_member_lives(house: House) -> None:
    choose(house, house.chloe, "daily")
    paris = ZoneInfo("Europe/Paris")
    house.clock.now = datetime(2026, 11, 24, 22, 0, tzinfo=paris)
    give_to(house, house.chloe)
    assert _times(house, house.chloe, hours=30) == [datetime(2026, 11, 25, 8, 0, tzinfo=paris)]
    choose(house, house.chloe, "off")
    give_to(house, house.chloe)
    assert _times(house, house.chloe, hours=30) == []


def _times(house: House, member: Member, *, hours: int) -> list[datetime]:
    """When a digest was made, asking every hour."""
    made = []
    for _ in range(hours):
        house.clock.forward(hours=1)
        if gather(house, member):
            made.append(house.clock())
    return made


def test_what_was_read_or_may_not_be_seen_any_more_is_left_out(
    house: House, posting: Services, mail_server: MailServer
) -> None:
    read, hidden = give_to(house, house.chloe, "Lu"), give_to(house, house.chloe, "Caché")
    house.clock.forward(minutes=31)
    ids = gather(house, house.chloe)
    house.write(lambda tx: dismissing.read(tx, conversation_id=read), by=house.chloe)
    house.write(
        lambda tx: tx.execute(
            "UPDATE conversations SET channel_id = :achats WHERE id = :id", achats=house.achats.id, id=hidden
        )
    )
    house.write(lambda tx: tx.execute("DELETE FROM channel_members WHERE channel_id = :achats", achats=house.achats.id))
    mail(posting, house, house.chloe, ids)
    assert len(ids) == 2 and list(mail_server.outbox) == []


def test_without_a_server_nothing_is_gathered_and_its_url_is_read_whole(house: House, posting: Services) -> None:
    give_to(house, house.chloe)
    house.clock.forward(minutes=31)
    asyncio.run(digests.send_due(house.services))
    assert house.read(digesting.due) == [house.chloe.id], "nothing is marked as told"
    asyncio.run(digests.send_due(posting))
    assert house.read(digesting.due) == []

    settings = msgspec.structs.replace(posting.settings, smtp_url="smtps://post%40x.example:p%3Aw@mail.example")
    connection = digests.connection_of(settings)
    assert connection.address == "post@x.example" and connection.secrets == {"password": "p:w"}
    assert (connection.settings["smtp_port"], connection.settings["smtp_tls"]) == (465, "tls")
