"""What a mail's bytes become: every trap of notes/email.md section 3 in a small mail of our own."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comptoir.channels.port import Incoming, Outgoing, OutgoingFile, Person
from comptoir.mail import composing, headers, mime
from comptoir.mail.headers import one_line

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def mail(body: bytes = b"Bonjour\r\n", *, head: bytes = b"From: Marie <marie@client.fr>\r\n") -> bytes:
    return head + (b"" if b"\n\n" in head or head.endswith(b"\r\n\r\n") else b"\r\n") + body


def read(raw: bytes) -> Incoming:
    return mime.read(raw, NOW)


def multipart(subtype: bytes, *parts: bytes) -> bytes:
    body = b"".join(b"--limite\r\n" + part + b"\r\n" for part in parts)
    return (
        b"From: marie@client.fr\r\nContent-Type: multipart/"
        + subtype
        + b"; boundary=limite\r\n\r\n"
        + body
        + b"--limite--\r\n"
    )


def test_the_simplest_mail_fills_every_field() -> None:
    incoming = read(
        b"Return-Path: <marie@client.fr>\r\nDelivered-To: ventes@atelier.fr\r\n"
        b"From: =?iso-8859-1?Q?Marie_H=E9bert?= <Marie@Client.FR>\r\nTo: Ventes <ventes@atelier.fr>, paul@atelier.fr\r\n"
        b"Cc: compta@client.fr\r\nReply-To: achats@client.fr\r\nSubject: =?utf-8?B?"
        + b64encode("Devis n° 12".encode())
        + b"?=\r\n"
        b"Message-ID: <1@client.fr>\r\nIn-Reply-To: <0@atelier.fr>\r\nReferences: <a@x>\r\n <0@atelier.fr>\r\n"
        b"Date: Mon, 2 Mar 2026 09:12:00 +0100 (CET)\r\n\r\nBonjour\r\n"
    )
    assert incoming.sender == Person("marie@client.fr", "Marie Hébert")
    assert incoming.to == (Person("ventes@atelier.fr", "Ventes"), Person("paul@atelier.fr"))
    assert incoming.cc == (Person("compta@client.fr"),)
    assert incoming.reply_to == (Person("achats@client.fr"),)
    assert incoming.subject == "Devis n° 12"
    assert incoming.text == "Bonjour\n"
    assert incoming.header_id == "<1@client.fr>"
    assert incoming.in_reply_to == ("<0@atelier.fr>",)
    assert incoming.references == ("<a@x>", "<0@atelier.fr>")
    assert incoming.at == datetime(2026, 3, 2, 8, 12, tzinfo=UTC)
    assert incoming.delivered_to == ("ventes@atelier.fr",)
    assert not incoming.is_automatic
    assert len(incoming.external_id) == 64


@pytest.mark.parametrize(
    "date",
    [b"", b"Date: hier\r\n", b"Date: Mon, 1 Jan 1601 00:00:00 +0000\r\n", b"Date: Fri, 2 Mar 2040 00:00:00 +0000\r\n"],
)
def test_a_date_that_cannot_be_true_gives_way_to_the_arrival(date: bytes) -> None:
    assert read(mail(head=b"From: a@b.fr\r\n" + date)).at == NOW


@pytest.mark.parametrize(
    ("declared", "content", "shown"),
    [
        ("utf-8", "déjà".encode(), "déjà"),
        ("us-ascii", "déjà".encode(), "déjà"),
        ("utf-8", "déjà vu".encode("cp1252"), "déjà vu"),
        ("iso-8859-1", b"\x93devis\x94 100 \x80", "“devis” 100 €"),
        ("gb2312", "价格單".encode("gb18030"), "价格單"),
        ("ks_c_5601-1987", "견적서".encode("cp949"), "견적서"),
        ("windows-1252http-equivcontent-type", "é".encode("cp1252"), "é"),
        ("punycode", "é".encode(), "é"),
        ("x-nobody-knows", "où".encode(), "où"),
        ("unicode-1-1-utf-7", b"d+AOk-j+AOA-", "déjà"),
        ("utf-8", b"a\x00b", "ab"),
    ],
)
def test_text_is_read_whatever_its_label_says(declared: str, content: bytes, shown: str) -> None:
    head = f"From: a@b.fr\r\nContent-Type: text/plain; charset={declared}\r\n".encode()
    assert read(mail(content, head=head)).text == shown


def test_alternative_keeps_plain_and_html_and_prefers_neither_away() -> None:
    incoming = read(
        multipart(
            b"alternative", b"Content-Type: text/plain\r\n\r\nBonjour", b"Content-Type: text/html\r\n\r\n<p>Bonjour"
        )
    )
    assert (incoming.text, incoming.html, incoming.files) == ("Bonjour", "<p>Bonjour", ())


def test_a_plain_part_that_says_nothing_gives_way_to_the_html() -> None:
    html = b"Content-Type: text/html\r\n\r\n<p>Bonjour&nbsp;Paul</p>"
    for plain in (b"\xc2\xa0\r\n", b"Your client does not support HTML."):
        assert read(multipart(b"alternative", b"Content-Type: text/plain\r\n\r\n" + plain, html)).text == "Bonjour Paul"


def test_words_around_a_picture_stay_in_order() -> None:
    picture = b"Content-Type: image/png; name=plan.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0K"
    incoming = read(multipart(b"mixed", b"\r\nAvant", picture, b"\r\nApr\xc3\xa8s"))
    assert incoming.text == "Avant\n\nAprès"
    assert [(file.name, file.is_inline) for file in incoming.files] == [("plan.png", False)]


def test_an_image_is_inline_only_when_the_html_shows_it() -> None:
    image = b"Content-Type: image/png\r\nContent-ID: <%s>\r\nContent-Disposition: inline\r\n\r\npng"
    html = b'Content-Type: text/html\r\n\r\n<img src="cid:LOGO@x">'
    files = read(multipart(b"related", html, image % b"logo@x", image % b"other@x")).files
    assert [(file.content_id, file.is_inline) for file in files] == [("logo@x", True), ("other@x", False)]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b"attachment; filename*=utf-8''Pi%C3%A8ce%20jointe.pdf", "Pièce jointe.pdf"),
        (b"attachment; filename*0*=utf-8''Pi%C3%A8; filename*1=ce.pdf", "Pièce.pdf"),
        (b'attachment; filename="=?utf-8?Q?Pi=C3=A8ce.pdf?="', "Pièce.pdf"),
        (b'attachment; filename="Pi\xe8ce.pdf"', "Pièce.pdf"),
        (b'attachment; filename="..\\..\\windows\\evil.exe"', "evil.exe"),
        (b'attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="facture\u202efdp.exe"'.encode(), "facturefdp.exe"),
        (b'attachment; filename="a; b.pdf"', "a; b.pdf"),
        (b"attachment", "document.pdf"),
    ],
)
def test_file_names_are_decoded_and_harmless(header: bytes, name: str) -> None:
    part = b"Content-Type: application/pdf\r\nContent-Disposition: " + header + b"\r\n\r\n%PDF"
    assert [file.name for file in read(multipart(b"mixed", b"\r\ntexte", part)).files] == [name]


def test_an_attached_mail_is_a_file_named_from_its_subject_and_its_text_stays_inside() -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\nFrom: x@y.fr\r\nSubject: Commande 12/B\r\n\r\nsecret"
    incoming = read(multipart(b"mixed", b"\r\nVoir ci-joint", inner))
    assert incoming.text == "Voir ci-joint"
    assert [(file.name, file.media_type) for file in incoming.files] == [("Commande 12_B.eml", "message/rfc822")]
    assert incoming.files[0].content.endswith(b"secret")


def test_an_invitation_is_a_file_beside_the_text_and_a_signature_is_a_mark() -> None:
    calendar = b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR"
    incoming = read(multipart(b"alternative", b"\r\nRendez-vous", b"Content-Type: text/html\r\n\r\n<p>RV", calendar))
    assert incoming.text == "Rendez-vous"
    assert [file.name for file in incoming.files] == ["invite.ics"]
    signature = b"Content-Type: application/pkcs7-signature\r\n\r\nx"
    signed = read(multipart(b"signed", b"\r\nBonjour", signature))
    assert (signed.text, signed.files, signed.protection) == ("Bonjour", (), "signed_smime")


@pytest.mark.parametrize(
    ("raw", "reason"), [(b"", "empty"), (b"\r\n \r\n", "empty"), (b"RIFF\x00\x01 no mail", "no_headers")]
)
def test_what_is_no_mail_says_so(raw: bytes, reason: str) -> None:
    with pytest.raises(mime.Unreadable) as caught:
        read(raw)
    assert caught.value.reason == reason


def test_two_copies_by_two_routes_are_one_mail() -> None:
    raw = mail(head=b"Message-ID: <1@x>\r\nFrom: a@b.fr\r\nSubject: x\r\n")
    other = b"Received: from elsewhere\r\nDelivered-To: b@c.fr\r\n" + raw.replace(b"\r\n", b"\n") + b"\n\n"
    assert mime.fingerprint(raw) == mime.fingerprint(other)


def test_a_message_id_used_twice_does_not_make_two_mails_one() -> None:
    head = b"Message-ID: <1@x>\r\nFrom: a@b.fr\r\n"
    assert mime.fingerprint(mail(b"un", head=head)) != mime.fingerprint(mail(b"deux", head=head))


@given(st.binary(max_size=2_000))
@settings(max_examples=300, deadline=None)
def test_reading_any_bytes_gives_a_mail_or_unreadable(raw: bytes) -> None:
    for candidate in (
        raw,
        b'From: a@b.fr\r\nContent-Type: multipart/mixed; boundary="a"\r\n\r\n--a\r\n' + raw + b"\r\n--a--",
    ):
        try:
            incoming = read(candidate)
        except mime.Unreadable:
            continue
        (incoming.text + incoming.subject + incoming.html).encode("utf-8")
        assert "\x00" not in incoming.text + incoming.subject + incoming.html + incoming.sender.name


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@given(
    subject=names,
    name=names,
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=400),
    file_name=names,
    content=st.binary(),
)
@settings(max_examples=200, deadline=None)
def test_what_is_composed_reads_back(subject: str, name: str, text: str, file_name: str, content: bytes) -> None:
    assume(text.strip("\u200b\ufeff \t\n\xa0\0\r"))
    outgoing = Outgoing(
        header_id="<c.1.2.abc@atelier.fr>",
        at=NOW,
        sender=Person("ventes@atelier.fr", name),
        to=(Person("marie@client.fr", "Marie"),),
        bcc=(Person("secret@atelier.fr"),),
        subject=subject,
        text=text,
        html="<p>é</p>",
        files=(OutgoingFile(file_name, "application/pdf", content),),
        in_reply_to="<1@client.fr>",
        references=("<0@x>", "<1@client.fr>"),
    )
    raw = mime.compose(outgoing)
    assert raw == mime.compose(outgoing)
    assert b"secret@" not in raw
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    incoming = read(raw)
    assert [field for field, _ in _fields(raw)].count("subject") == 1
    assert incoming.subject == headers_text(subject)
    assert incoming.sender.address == "ventes@atelier.fr"
    assert incoming.text.rstrip("\n") == text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    assert incoming.files[0].content == content
    assert incoming.in_reply_to == ("<1@client.fr>",)
    assert incoming.references == ("<0@x>", "<1@client.fr>")


def headers_text(value: str) -> str:
    return one_line(" ".join(composing._CONTROLS.sub(" ", value).split()))


def _fields(raw: bytes) -> list[tuple[str, str]]:
    return list(headers.read(raw, headers.Span(0, len(raw)))[0])


def outgoing(**changes: object) -> Outgoing:
    fields: dict[str, object] = {
        "header_id": "<c.1.2.abc@atelier.fr>",
        "at": NOW,
        "sender": Person("ventes@atelier.fr", "Ventes"),
        "to": (Person("marie@client.fr"),),
        "subject": "Devis",
        "text": "Bonjour",
    }
    return Outgoing(**(fields | changes))  # type: ignore[arg-type]


def test_a_name_or_subject_cannot_start_a_header() -> None:
    raw = mime.compose(
        outgoing(subject="Devis\r\nBcc: a@evil.fr", sender=Person("ventes@atelier.fr", "V\nBcc: b@evil.fr"))
    )
    assert b"bcc" not in [name.encode() for name, _ in _fields(raw)]


@pytest.mark.parametrize("address", ["a@b.fr\r\nBcc: c@d.fr", "a@b.fr>, <c@d.fr", "nobody", "", "é@b.fr"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(composing.NotAnAddress):
        mime.compose(outgoing(to=(Person(address),)))


def test_an_accented_domain_is_written_for_machines() -> None:
    assert b"To: a@xn--caf-dma.fr\r\n" in mime.compose(outgoing(to=(Person("a@café.fr"),)))


def test_a_mail_from_the_future_does_not_sort_after_tomorrow() -> None:
    raw = mime.compose(outgoing(at=NOW + timedelta(days=3)))
    assert read(raw).at == NOW
