"""What is not words has a face: an invitation, a mail inside a mail, a signature, all in one mail as people really send it."""

import re

from playwright.sync_api import Browser, expect

from comptoir.channels.models import Channel
from comptoir.channels.port import Incoming
from comptoir.conversations import receiving
from comptoir.conversations.writing_down import KeptFile
from comptoir.foundation.transaction import Transaction
from comptoir.mail import mime
from tests.browser.axe import slips
from tests.browser.test_journey_email import sign_in
from tests.house import Served

MAIL = b"""\
From: Paul Roux <paul@atelier-roux.example>
To: sav@pieces-express.example
Subject: Visite de l'atelier
Message-ID: <faces@atelier-roux.example>
MIME-Version: 1.0
Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=S

--S
Content-Type: multipart/mixed; boundary=M

--M
Content-Type: text/plain

Voici l'invitation, et le mail du client.
--M
Content-Type: text/calendar; method=REQUEST; name=visite.ics

BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
UID:1
DTSTART:20261201T090000Z
DTEND:20261201T100000Z
SUMMARY:Visite du banc d'essai
LOCATION:Hangar 3
ORGANIZER;CN=Paul Roux:mailto:paul@atelier-roux.example
END:VEVENT
END:VCALENDAR
--M
Content-Type: message/rfc822

From: Zoe Client <zoe@client.example>
To: paul@atelier-roux.example
Subject: Freins qui sifflent
Content-Type: text/plain

Ils sifflent depuis lundi.
--M--
--S
Content-Type: application/pkcs7-signature; name=smime.p7s
Content-Transfer-Encoding: base64

MAo=
--S--
"""


def receive(served: Served) -> int:
    """As the reader and its landing do; the conversation's id."""
    services = served.services
    mail: Incoming = mime.read(MAIL.replace(b"\n", b"\r\n"), services.clock())
    files = [
        KeptFile(file.name, file.media_type, len(file.content), services.files.put(file.content)) for file in mail.files
    ]

    def work(tx: Transaction) -> int:
        key = services.secrets.key("threads")
        return receiving.receive(tx, tx.find(Channel, 1), mail, files=files, token_key=key).conversation_id

    return services.database.write_now(work)


def test_journey_email_an_invitation_an_attached_mail_and_a_signature_have_a_face(
    counter: Served, browser: Browser
) -> None:
    anne = sign_in(browser, counter, "anne", f"/conversations/{receive(counter)}")
    mail = anne.get_by_role("feed").get_by_role("article")
    expect(mail.get_by_text("Visite du banc d'essai")).to_be_visible()
    expect(mail.get_by_text("Hangar 3")).to_be_visible()
    expect(mail.get_by_title(re.compile("^Signature"))).to_be_visible()
    mail.get_by_role("button", name=re.compile("Freins qui sifflent")).click()
    expect(anne.get_by_role("dialog").get_by_text("Ils sifflent depuis lundi.")).to_be_visible()
    assert slips(anne) == []
