"""Each fault, seen by an ordinary IMAP client."""

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from tests.rig.faulty_imap import Fault, FaultyImap
from tests.rig.mail_server import Account, MailServer


def sign_in(relay: FaultyImap, account: Account) -> IMAPClient:
    client = IMAPClient(account.host, relay.port, ssl=False, timeout=1)
    client.login(account.address, account.password)
    client.select_folder("INBOX", readonly=True)
    return client


def test_without_fault_it_is_the_mailbox_itself(
    faulty_imap: FaultyImap, mail_server: MailServer, mailbox: Account
) -> None:
    mail_server.append(mailbox.address, "INBOX", b"Subject: oui\r\n\r\noui\r\n")
    client = sign_in(faulty_imap, mailbox)
    client.idle()
    client.idle_done()
    assert list(client.fetch(client.search("ALL"), ["BODY.PEEK[]"])) == [1]
    assert (faulty_imap.connections, faulty_imap.idles) == (1, 1)


@pytest.mark.parametrize("fault", [Fault.NO_ON_IDLE, Fault.BYE_ON_IDLE])
def test_idle_is_refused(faulty_imap: FaultyImap, mailbox: Account, fault: Fault) -> None:
    client = sign_in(faulty_imap, mailbox)
    faulty_imap.fault = fault
    with pytest.raises(IMAPClientError):
        client.idle()


@pytest.mark.parametrize("fault", [Fault.CLOSE_IN_IDLE, Fault.BYE_IN_IDLE, Fault.SILENCE])
def test_the_line_dies_while_idle(faulty_imap: FaultyImap, mailbox: Account, fault: Fault) -> None:
    client = sign_in(faulty_imap, mailbox)
    faulty_imap.fault = fault
    client.idle()
    heard = client.idle_check(timeout=1)
    assert heard == ([(b"BYE", b"Shutting", b"down")] if fault is Fault.BYE_IN_IDLE else [])
    with pytest.raises((IMAPClientError, OSError)):
        client.idle_done()


def test_no_greeting_and_no_idle(faulty_imap: FaultyImap, mailbox: Account) -> None:
    faulty_imap.fault = Fault.BYE_AT_GREETING
    with pytest.raises(IMAPClientError):
        sign_in(faulty_imap, mailbox)
    faulty_imap.fault = Fault.NO_IDLE
    assert not sign_in(faulty_imap, mailbox).has_capability("IDLE")


def test_the_line_closes_in_the_middle_of_a_message(
    faulty_imap: FaultyImap, mail_server: MailServer, mailbox: Account
) -> None:
    mail_server.append(mailbox.address, "INBOX", b"Subject: long\r\n\r\n" + b"ligne\r\n" * 5000)
    client = sign_in(faulty_imap, mailbox)
    faulty_imap.fault = Fault.CLOSE_IN_FETCH
    with pytest.raises((IMAPClientError, OSError)):
        client.fetch([1], ["BODY.PEEK[]"])
    faulty_imap.fault = Fault.NONE
    assert list(sign_in(faulty_imap, mailbox).fetch([1], ["BODY.PEEK[]"])) == [1]
