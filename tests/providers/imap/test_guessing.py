"""Settings guessed from an address."""

import pytest

from comptoir.providers.imap.guessing import guess


@pytest.mark.parametrize(
    ("address", "imap_host", "smtp", "hint"),
    [
        ("a@gmail.com", "imap.gmail.com", ("smtp.gmail.com", 465, "tls"), "app_password_google"),
        ("a@GoogleMail.com", "imap.gmail.com", ("smtp.gmail.com", 465, "tls"), "app_password_google"),
        ("a@hotmail.fr", "outlook.office365.com", ("smtp.office365.com", 587, "starttls"), "oauth_microsoft"),
        ("a@icloud.com", "imap.mail.me.com", ("smtp.mail.me.com", 587, "starttls"), "app_password_apple"),
        ("a@wanadoo.fr", "imap.orange.fr", ("smtp.orange.fr", 465, "tls"), None),
        ("a@laposte.net", "imap.laposte.net", ("smtp.laposte.net", 465, "tls"), None),
    ],
)
def test_common_hosts_are_known(address: str, imap_host: str, smtp: tuple[str, int, str], hint: str | None) -> None:
    found = guess(address)
    assert found.is_known
    assert found.hint == hint
    assert (found.settings.imap_host, found.settings.imap_port, found.settings.imap_tls) == (imap_host, 993, "tls")
    assert (found.settings.smtp_host, found.settings.smtp_port, found.settings.smtp_tls) == smtp
    assert found.settings.user == address


def test_free_wants_the_name_alone() -> None:
    assert guess("lucie@free.fr").settings.user == "lucie"


def test_any_other_domain_is_guessed_from_its_name() -> None:
    found = guess("sales@acme.example")
    assert not found.is_known
    assert found.settings.imap_host == "imap.acme.example"
    assert (found.settings.smtp_host, found.settings.smtp_port) == ("smtp.acme.example", 465)
