"""A watched mailbox: everything arrives, once, whatever happens in between, and nobody can tell that it was read."""

import time
import tracemalloc

import msgspec

from tests.providers.imap.conftest import QUICK, Watch, connection_to, mail
from tests.providers.imap.notebook import Notebook
from tests.rig.mail_server import Account, MailServer


def test_a_new_mail_is_kept_within_a_second(
    mail_server: MailServer, mailbox: Account, watch: Watch, notebook: Notebook
) -> None:
    mail_server.deliver(mailbox.address, mail("before we connected"))
    watch(connection_to(mailbox), notebook)
    notebook.wait_for_state("connected")
    time.sleep(0.2)
    mail_server.deliver(mailbox.address, mail("now"))
    assert notebook.wait_until(lambda: bool(notebook.mails)) < 1
    assert notebook.subjects() == ["now"]
    assert notebook.mails[0].received_at.utcoffset() is not None
    assert abs(notebook.mails[0].received_at.timestamp() - time.time()) < 60


def test_reading_leaves_every_mail_unseen(
    mail_server: MailServer, mailbox: Account, watch: Watch, notebook: Notebook
) -> None:
    watch(connection_to(mailbox), notebook)
    notebook.wait_for_state("connected")
    mail_server.deliver(mailbox.address, mail())
    notebook.wait_for(1)
    assert [message.flags for message in mail_server.messages(mailbox.address)] == [frozenset()]


def test_everything_that_came_during_an_outage_is_caught_up_in_order(
    mail_server: MailServer, mailbox: Account, watch: Watch, notebook: Notebook
) -> None:
    first = watch(connection_to(mailbox), notebook)
    notebook.wait_for_state("connected")
    first.stop()
    assert first.join(2)
    for number in range(60):
        mail_server.append(mailbox.address, "INBOX", mail(f"number {number}"), flags=["\\Seen"])
    watch(connection_to(mailbox), notebook)
    notebook.wait_for(60)
    assert notebook.subjects() == [f"number {number}" for number in range(60)]


def test_restarting_reads_nothing_twice(
    mail_server: MailServer, mailbox: Account, watch: Watch, notebook: Notebook
) -> None:
    watch(connection_to(mailbox), notebook)
    notebook.wait_for_state("connected")
    mail_server.deliver(mailbox.address, mail("once"))
    notebook.wait_for(1)
    again = watch(connection_to(mailbox), notebook)
    notebook.wait_until(lambda: len(notebook.states) == 2)
    again.stop()
    assert notebook.subjects() == ["once"]


def test_a_mail_that_could_not_be_stored_is_read_again(
    mail_server: MailServer, mailbox: Account, watch: Watch, notebook: Notebook
) -> None:
    watch(connection_to(mailbox), notebook)
    notebook.wait_for_state("connected")
    notebook.refusals = 2
    mail_server.deliver(mailbox.address, mail("first"))
    mail_server.deliver(mailbox.address, mail("second"))
    notebook.wait_for(2)
    assert notebook.subjects() == ["first", "second"]
    notebook.wait_for_state("connected")
    assert notebook.states == ["connected", "storage_failed", "connected"]


def test_an_expunged_mail_does_not_hold_up_the_others(
    mail_server: MailServer, mailbox: Account, watch: Watch, notebook: Notebook
) -> None:
    first = watch(connection_to(mailbox), notebook)
    notebook.wait_for_state("connected")
    first.stop()
    first.join(2)
    for subject in ("kept", "expunged", "kept too"):
        mail_server.deliver(mailbox.address, mail(subject))
    with mailbox.imap() as client:
        client.select_folder("INBOX")
        client.delete_messages([client.search("ALL")[1]])
        client.expunge()
    watch(connection_to(mailbox), notebook)
    notebook.wait_for(2)
    assert notebook.subjects() == ["kept", "kept too"]


def test_the_audit_fetches_what_was_never_stored(
    mail_server: MailServer, mailbox: Account, watch: Watch, notebook: Notebook
) -> None:
    quick = msgspec.structs.replace(QUICK, audit=0, resync=0.3)
    watch(connection_to(mailbox), notebook, quick)
    notebook.wait_for_state("connected")
    for subject in ("one", "two"):
        mail_server.deliver(mailbox.address, mail(subject))
    notebook.wait_for(2)
    notebook.lost.add(notebook.mails[0].uid)
    notebook.wait_for(3)
    assert notebook.subjects() == ["one", "two", "one"]
    assert notebook.cursors["INBOX"].last_uid == notebook.mails[1].uid


def test_passwords_in_any_alphabet(mail_server: MailServer, watch: Watch, notebook: Notebook) -> None:
    account = mail_server.account(password='mot de passe "é€" \\ 密码')
    watch(connection_to(account), notebook)
    notebook.wait_for_state("connected")


def test_over_tls_and_starttls(mail_server: MailServer, mailbox: Account, watch: Watch) -> None:
    for changes in ({"imap_port": mailbox.imaps_port, "imap_tls": "tls"}, {"imap_tls": "starttls"}):
        notebook = Notebook()
        watch(connection_to(mailbox, **changes), notebook)
        notebook.wait_for_state("connected")
        time.sleep(0.2)
        mail_server.deliver(mailbox.address, mail("enciphered"))
        assert notebook.wait_until(lambda book=notebook: bool(book.mails)) < 1.2


def test_stopping_is_quick_even_while_waiting(mailbox: Account, watch: Watch, notebook: Notebook) -> None:
    slow = msgspec.structs.replace(QUICK, idle_slice=60, read=60)
    watched = watch(connection_to(mailbox), notebook, slow)
    notebook.wait_for_state("connected")
    time.sleep(0.2)
    began = time.monotonic()
    watched.stop()
    assert watched.join(1)
    assert time.monotonic() - began < 1


def test_a_huge_mail_costs_twice_its_size_at_most(
    mail_server: MailServer, mailbox: Account, watch: Watch, notebook: Notebook
) -> None:
    size = 50_000_000
    watched = watch(connection_to(mailbox), notebook)
    notebook.wait_for_state("connected")
    watched.stop()
    watched.join(2)
    mail_server.append(mailbox.address, "INBOX", mail("huge", ("x" * 76 + "\r\n") * (size // 78)))
    tracemalloc.start()
    try:
        watch(connection_to(mailbox), notebook, msgspec.structs.replace(QUICK, read=30))
        notebook.wait_for(1, seconds=60)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(notebook.mails[0].raw) > size * 0.99
    assert peak < 2.1 * size
