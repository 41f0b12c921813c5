"""Guess a mailbox's servers from its address, without asking the network anything.

The table holds the hosts whose names cannot be deduced. Hints say what a password alone will not do: Google and Apple want one
made for applications, Microsoft has closed IMAP to passwords.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from comptoir.channels.schemas import Guess, ImapSettings, TlsMode


class Host(Struct, frozen=True):
    imap_host: str
    smtp_host: str
    smtp_port: int = 465
    imap_port: int = 993
    imap_tls: TlsMode = "tls"
    hint: str | None = None
    user: Literal["address", "local part"] = "address"


GMAIL = Host("imap.gmail.com", "smtp.gmail.com", hint="app_password_google")
MICROSOFT = Host("outlook.office365.com", "smtp.office365.com", 587, hint="oauth_microsoft")
APPLE = Host("imap.mail.me.com", "smtp.mail.me.com", 587, hint="app_password_apple")
YAHOO = Host("imap.mail.yahoo.com", "smtp.mail.yahoo.com")
AOL = Host("imap.aol.com", "smtp.aol.com")
ORANGE = Host("imap.orange.fr", "smtp.orange.fr")
FREE = Host("imap.free.fr", "smtp.free.fr", user="local part")
SFR = Host("imap.sfr.fr", "smtp.sfr.fr")
LAPOSTE = Host("imap.laposte.net", "smtp.laposte.net")
BBOX = Host("imap4.bbox.fr", "smtp.bbox.fr")
OVH = Host("ssl0.ovh.net", "ssl0.ovh.net")
IONOS = Host("imap.ionos.fr", "smtp.ionos.fr")
GANDI = Host("mail.gandi.net", "mail.gandi.net")
INFOMANIAK = Host("mail.infomaniak.com", "mail.infomaniak.com")
FASTMAIL = Host("imap.fastmail.com", "smtp.fastmail.com")
ZOHO = Host("imap.zoho.com", "smtp.zoho.com")
ZOHO_EU = Host("imap.zoho.eu", "smtp.zoho.eu")
GMX_FR = Host("imap.gmx.com", "mail.gmx.com", 587)
GMX_DE = Host("imap.gmx.net", "mail.gmx.net", 587)
WEB_DE = Host("imap.web.de", "smtp.web.de", 587)
MAILO = Host("mail.mailo.com", "mail.mailo.com")
PROTON_BRIDGE = Host("127.0.0.1", "127.0.0.1", 1025, imap_port=1143, imap_tls="starttls")

_DOMAINS: tuple[tuple[Host, str], ...] = (
    (GMAIL, "gmail.com googlemail.com"),
    (MICROSOFT, "outlook.com outlook.fr hotmail.com hotmail.fr hotmail.co.uk live.com live.fr msn.com windowslive.com"),
    (MICROSOFT, "office365.com passport.com hotmail.be live.be outlook.be"),
    (APPLE, "icloud.com me.com mac.com"),
    (YAHOO, "yahoo.com yahoo.fr yahoo.co.uk yahoo.de yahoo.es yahoo.it ymail.com rocketmail.com"),
    (AOL, "aol.com aol.fr"),
    (ORANGE, "orange.fr wanadoo.fr voila.fr"),
    (FREE, "free.fr libertysurf.fr aliceadsl.fr"),
    (SFR, "sfr.fr neuf.fr cegetel.net club-internet.fr numericable.fr"),
    (LAPOSTE, "laposte.net"),
    (BBOX, "bbox.fr"),
    (OVH, "ovh.net ovh.fr ovh.com"),
    (IONOS, "ionos.fr online.fr"),
    (GANDI, "gandi.net"),
    (INFOMANIAK, "ik.me infomaniak.com etik.com"),
    (FASTMAIL, "fastmail.com fastmail.fm messagingengine.com"),
    (ZOHO, "zoho.com zohomail.com"),
    (ZOHO_EU, "zoho.eu zohomail.eu"),
    (GMX_FR, "gmx.com gmx.fr gmx.us"),
    (GMX_DE, "gmx.de gmx.net gmx.at gmx.ch"),
    (WEB_DE, "web.de"),
    (MAILO, "mailo.com mailo.eu net-c.com net-c.fr netcourrier.com"),
    (PROTON_BRIDGE, "proton.me protonmail.com protonmail.ch pm.me"),
)
_KNOWN: Mapping[str, Host] = {domain: host for host, domains in _DOMAINS for domain in domains.split()}


def guess(address: str) -> Guess:
    """Settings for an address. Never fails: the last resort is imap.<domain> and smtp.<domain>, which is right surprisingly
    often, and editable."""
    local, _, domain = address.strip().rpartition("@")
    host = _KNOWN.get(domain.lower())
    found = host or Host(f"imap.{domain.lower()}", f"smtp.{domain.lower()}")
    settings = ImapSettings(
        imap_host=found.imap_host,
        imap_port=found.imap_port,
        imap_tls=found.imap_tls,
        smtp_host=found.smtp_host,
        smtp_port=found.smtp_port,
        smtp_tls="tls" if found.smtp_port == 465 else "starttls",
        user=local if found.user == "local part" else address.strip(),
    )
    return Guess(settings=settings, is_known=host is not None, hint=found.hint)
