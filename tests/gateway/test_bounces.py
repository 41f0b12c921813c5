"""A bounce comes back through a real mailbox: the reply that it is about turns failed, and nobody gets a new conversation."""

from email import message_from_bytes

from comptoir.conversations.models import Message
from comptoir.gateway import reading
from tests.gateway.post_office import PostOffice, a_mail, eventually

POSTFIX = """\
From: MAILER-DAEMON@relais.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <ndr-{number}@relais.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

<{recipient}>: host mx.example said: 550 5.1.1 No such user here

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 No such user here

--B
Content-Type: text/rfc822-headers

{returned}
--B--
"""
EXCHANGE = """\
From: Postmaster <postmaster@outlook.example>
To: {to}
Subject: =?utf-8?q?Non_remis=C2=A0=3A_Re=3A_Ma_commande?=
Return-Path: <>
Content-Type: text/plain; charset=utf-8

Votre message n'a pas pu être remis à parti@ailleurs.example.
La boîte aux lettres du destinataire est pleine.
"""


async def sent(office: PostOffice, *to: str) -> Message:
    await office.open()
    office.deliver()
    lea = await office.message_number(1)
    return await office.becomes(office.answer(lea.conversation_id, *to), "sent")


def ndr(office: PostOffice, recipient: str, *, action: str = "failed", status: str = "5.1.1", number: int = 1) -> bytes:
    """What the relay of our own mail would send back: with the header of what we really sent."""
    raw = office.server.outbox[-1].raw
    header = message_from_bytes(raw)
    returned = "\n".join(
        f"{name}: {' '.join(value.split())}" for name, value in header.items() if name != "MIME-Version"
    )
    text = POSTFIX.format(
        to=office.account.address, recipient=recipient, action=action, status=status, returned=returned, number=number
    )
    return text.encode()


def conversations(office: PostOffice) -> int:
    return int(office.house.read(lambda tx: tx.value("SELECT count(*) FROM conversations")))


async def test_bounces_come_back_to_the_reply_they_are_about(office: PostOffice) -> None:
    reply = await sent(office, "gone@elsewhere.example")

    office.deliver(ndr(office, "gone@elsewhere.example"))

    failed = await office.becomes(reply.id, "failed")
    assert (failed.error_code, failed.error_detail) == ("unknown_address", "550 5.1.1 No such user here")
    assert await eventually(lambda: "reported" in office.ledger())
    assert conversations(office) == 1
    assert len(office.messages()) == 2
    assert office.house.conversation(reply.conversation_id).failed_count == 1


async def test_bounces_that_are_none_are_found_by_their_words(office: PostOffice) -> None:
    reply = await sent(office, "parti@ailleurs.example")

    office.deliver(EXCHANGE.format(to=office.account.address).encode())

    failed = await office.becomes(reply.id, "failed")
    assert failed.error_code == "mailbox_full"
    assert conversations(office) == 1


async def test_bounces_of_nothing_we_sent_are_kept_and_can_be_read_again(office: PostOffice) -> None:
    await sent(office)
    stranger = ndr(office, "lea@garage-morel.example").replace(b"X-Comptoir-Message:", b"X-Nothing:")
    stranger = stranger.replace(b"Message-ID: <c.", b"Message-ID: <x.").replace(b"Ma commande", b"Autre")

    office.deliver(stranger)

    assert await eventually(lambda: "unmatched" in office.ledger())
    assert conversations(office) == 1
    assert reading.replay(office.services, state="unmatched") == 1


async def test_bounces_are_not_the_answers_of_absent_people(office: PostOffice) -> None:
    reply = await sent(office)

    office.deliver(
        a_mail(
            to=office.account.address,
            subject="Réponse automatique : Re: Ma commande",
            text="Je suis absente, appelez Paul.",
            answers=reply.header_id or "",
            Auto_Submitted="auto-replied",
            Return_Path="<>",
        )
    )

    absent = await office.message_number(3)
    assert absent.is_automatic
    assert absent.conversation_id == reply.conversation_id
    assert office.message(reply.id).delivery == "sent"


async def test_bounces_of_one_recipient_and_the_delivery_to_another(office: PostOffice) -> None:
    reply = await sent(office, "lea@garage-morel.example", "gone@elsewhere.example")

    office.deliver(ndr(office, "gone@elsewhere.example", number=1))
    office.deliver(ndr(office, "lea@garage-morel.example", action="delivered", status="2.0.0", number=2))

    await eventually(lambda: len(office.message(reply.id).receipts or ()) == 2)
    states = {entry["address"]: entry["state"] for entry in office.message(reply.id).receipts or ()}
    assert states == {"gone@elsewhere.example": "failed", "lea@garage-morel.example": "delivered"}
    assert office.message(reply.id).delivery == "sent"
