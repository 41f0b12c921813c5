"""What came of a mail: reports that follow the standard, bounces that only look like one, receipts, and mails that are neither."""

# ruff: noqa: E501 (mails, line by line)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.mail.bounces import Report, read_bounce

REPORT = (
    b"From: MAILER-DAEMON@relais.fr\r\nSubject: Undelivered Mail Returned to Sender\r\nMessage-ID: <dsn@relais.fr>\r\n"
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    b"--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    b"Reporting-MTA: dns; relais.fr\r\nOriginal-Envelope-Id: env-7\r\n\r\n"
    b"Final-Recipient: rfc822; Gone@client.fr\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
    b"Final-Recipient: rfc822; slow@client.fr\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n"
    b"Final-Recipient: rfc822; fine@client.fr\r\nAction: delivered\r\nStatus: 2.0.0\r\n\r\n"
    b"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <ours@atelier.fr>\r\nSubject: Devis\r\n\r\nBonjour\r\n--b--\r\n"
)


def test_a_delivery_report_says_what_became_of_each_recipient() -> None:
    bounce = read_bounce(REPORT)
    assert bounce is not None
    assert bounce.reports == (
        Report("gone@client.fr", "failed", True, "5.1.1", "550 5.1.1 no such user"),
        Report("slow@client.fr", "delayed", False, "4.4.1", "4.4.1"),
        Report("fine@client.fr", "delivered", False, "2.0.0", "2.0.0"),
    )
    assert (bounce.original_ids, bounce.envelope_id) == (("<ours@atelier.fr>",), "env-7")
    assert bounce.is_standard and bounce.is_permanent


def test_a_bounce_that_follows_no_standard_is_read_from_its_words() -> None:
    bounce = read_bounce(
        b"Return-Path: <>\r\nFrom: Mail Delivery System <postmaster@vieux.fr>\r\nTo: ventes@atelier.fr\r\nSubject: failure notice\r\n\r\n"
        b"Your mail could not be delivered.\r\n<gone@client.fr>: 550 5.7.1 user unknown\r\n\r\n--- below is a copy\r\n"
        b"Message-Id: <ours@atelier.fr>\r\n"
    )
    assert bounce is not None
    assert bounce.original_ids == ("<ours@atelier.fr>",)
    assert (bounce.reports[0].address, bounce.reports[0].status, bounce.is_permanent) == (
        "gone@client.fr",
        "5.7.1",
        True,
    )
    assert not bounce.is_standard


def test_a_read_receipt_names_the_mail_that_was_read() -> None:
    bounce = read_bounce(
        b"From: marie@client.fr\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; marie@client.fr\r\n"
        b"Original-Message-ID: <ours@atelier.fr>\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n"
    )
    assert bounce is not None
    assert (bounce.reports[0].address, bounce.reports[0].fate, bounce.original_ids) == (
        "marie@client.fr",
        "read",
        ("<ours@atelier.fr>",),
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"From: marie@client.fr\r\nSubject: Mon colis\r\n\r\nThe address was rejected, 5.1.1, user unknown.",
        b"From: marie@client.fr\r\nSubject: Absence\r\nAuto-Submitted: auto-replied\r\nReturn-Path: <>\r\n\r\nJe suis absente.",
        b"From: noreply@boutique.fr\r\nSubject: Votre commande 550\r\n\r\nMerci.",
    ],
)
def test_an_ordinary_mail_is_no_bounce(raw: bytes) -> None:
    assert read_bounce(raw) is None


@given(st.binary(max_size=500))
@settings(max_examples=200, deadline=None)
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    read_bounce(REPORT[: len(raw) * 3] + raw)
    read_bounce(b"From: mailer-daemon@x.fr\r\nContent-Type: message/delivery-status\r\n\r\n" + raw)
