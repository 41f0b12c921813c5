"""The rig keeps its own promises; what the product's tests assume about a mail host is shown here."""

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from tests.rig.mail_server import Account, MailServer, Stored


def a_mail(*, to: str, sender: str = "claire@client.test", subject: str = "Ma commande") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail.set_content("Bonjour, où en est ma commande ?")
    return mail.as_bytes()


def submit(account: Account, *recipients: str) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP(account.host, account.smtp_port, timeout=10) as line:
        line.login(account.address, account.password)
        return line.sendmail(account.address, recipients, a_mail(to=recipients[0], sender=account.address))


def test_delivered_mail_lies_unread_in_the_inbox(mail_server: MailServer, mailbox: Account) -> None:
    mail_server.deliver(mailbox.address, a_mail(to=mailbox.address))
    [message] = mail_server.messages(mailbox.address)
    assert message.flags == frozenset()
    assert b"Subject: Ma commande" in message.raw


def test_an_idle_client_hears_of_new_mail_within_two_seconds(mail_server: MailServer, mailbox: Account) -> None:
    with mailbox.imap() as client:
        client.select_folder("INBOX", readonly=True)
        client.idle()
        mail_server.deliver(mailbox.address, a_mail(to=mailbox.address))
        assert (1, b"EXISTS") in client.idle_check(timeout=2)
        client.idle_done()


def test_appended_bytes_come_back_unchanged(mail_server: MailServer, mailbox: Account) -> None:
    raw = b"Subject: brut\r\n\r\n\xff pas du tout de l'UTF-8\r\n"
    uid = mail_server.append(mailbox.address, "Sent", raw, flags=["\\Seen"])
    [message] = mail_server.messages(mailbox.address, "Sent")
    assert message == Stored(uid, frozenset({"\\Seen"}), raw)


def test_uidvalidity_changes_and_messages_are_numbered_again(mail_server: MailServer, mailbox: Account) -> None:
    for subject in ("un", "deux", "trois"):
        mail_server.deliver(mailbox.address, a_mail(to=mailbox.address, subject=subject))
    with mailbox.imap() as client:
        client.select_folder("INBOX")
        client.delete_messages([1])
        client.expunge()
    before = mail_server.uidvalidity(mailbox.address)

    after = mail_server.change_uidvalidity(mailbox.address)

    assert after != before
    assert mail_server.uidvalidity(mailbox.address) == after
    messages = mail_server.messages(mailbox.address)
    assert [message.uid for message in messages] == [1, 2]
    assert [b"Subject: deux" in messages[0].raw, b"Subject: trois" in messages[1].raw] == [True, True]


def test_stopped_server_refuses_and_a_started_one_kept_everything(mail_server: MailServer, mailbox: Account) -> None:
    mail_server.deliver(mailbox.address, a_mail(to=mailbox.address))
    mail_server.stop()
    with pytest.raises(ConnectionRefusedError):
        mailbox.imap()
    mail_server.start()
    assert len(mail_server.messages(mailbox.address)) == 1


def test_wrong_and_outdated_passwords_are_refused(mail_server: MailServer, mailbox: Account) -> None:
    mailbox.imap().logout()
    mail_server.change_password(mailbox.address, "brand-new-password")
    with pytest.raises(LoginError):
        mailbox.imap()
    with pytest.raises(smtplib.SMTPAuthenticationError):
        submit(mailbox, "paul@elsewhere.test")
    mail_server.account(mailbox.address).imap().logout()


def test_submitted_mail_is_remembered_and_reaches_local_people(mail_server: MailServer, mailbox: Account) -> None:
    neighbour = mail_server.account()
    submit(mailbox, neighbour.address, "paul@elsewhere.test")
    [sent] = mail_server.outbox.wait_for(1)
    assert sent.sender == sent.signed_in_as == mailbox.address
    assert sent.recipients == (neighbour.address, "paul@elsewhere.test")
    assert len(mail_server.messages(neighbour.address)) == 1


def test_submission_needs_a_sign_in(mail_server: MailServer, mailbox: Account) -> None:
    with smtplib.SMTP(mailbox.host, mailbox.smtp_port) as line, pytest.raises(smtplib.SMTPSenderRefused):
        line.sendmail(mailbox.address, ["paul@elsewhere.test"], a_mail(to="paul@elsewhere.test"))


def test_refusals_hard_soft_and_scripted(mail_server: MailServer, mailbox: Account) -> None:
    mail_server.smtp.refuse("full@elsewhere.test", "452 4.2.2 Mailbox full", times=1)
    mail_server.smtp.soft_tries = 1
    people = ("paul@elsewhere.test", "hard@elsewhere.test", "soft@elsewhere.test", "full@elsewhere.test")
    assert {who: code for who, (code, _) in submit(mailbox, *people).items()} == {
        "hard@elsewhere.test": 550,
        "soft@elsewhere.test": 451,
        "full@elsewhere.test": 452,
    }
    assert set(submit(mailbox, *people)) == {"hard@elsewhere.test"}


def test_a_message_taken_without_a_word(mail_server: MailServer, mailbox: Account) -> None:
    mail_server.smtp.lost_replies = 1
    with pytest.raises(smtplib.SMTPServerDisconnected):
        submit(mailbox, "paul@elsewhere.test")
    submit(mailbox, "paul@elsewhere.test")
    assert len(mail_server.outbox) == 2


def _imaps(account: Account, context: ssl.SSLContext) -> None:
    with IMAPClient(account.host, account.imaps_port, ssl_context=context, timeout=5) as client:
        client.login(account.address, account.password)


def _imap_starttls(account: Account, context: ssl.SSLContext) -> None:
    with IMAPClient(account.host, account.imap_port, ssl=False, timeout=5) as client:
        client.starttls(context)
        client.login(account.address, account.password)


def _smtps(account: Account, context: ssl.SSLContext) -> None:
    with smtplib.SMTP_SSL(account.host, account.smtps_port, context=context, timeout=5) as line:
        line.login(account.address, account.password)


def _smtp_starttls(account: Account, context: ssl.SSLContext) -> None:
    with smtplib.SMTP(account.host, account.smtp_port, timeout=5) as line:
        line.starttls(context=context)
        line.login(account.address, account.password)


@pytest.mark.parametrize("connect", [_imaps, _imap_starttls, _smtps, _smtp_starttls])
def test_tls_is_real_and_trusted_only_on_purpose(
    mail_server: MailServer, mailbox: Account, connect: Callable[[Account, ssl.SSLContext], None]
) -> None:
    connect(mailbox, mail_server.certificate.client_context())
    with pytest.raises(ssl.SSLCertVerificationError):
        connect(mailbox, ssl.create_default_context())
