"""Signed mails are read, encrypted ones say that they are, and text wrapped for the way is put back together."""

# ruff: noqa: E501 (mails, line by line)

import base64
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from comptoir.mail import mime, opaque
from comptoir.mail.flowed import unflow

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEAD = b"From: lea@garage-morel.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
INSIDE = "Content-Type: text/plain; charset=utf-8\r\n\r\nBonjour, voici la commande signée.\r\n".encode()


def signed(*, detached: bool) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Léa Morel")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    options = [pkcs7.PKCS7Options.Binary, *([pkcs7.PKCS7Options.DetachedSignature] if detached else [])]
    builder = pkcs7.PKCS7SignatureBuilder().set_data(INSIDE).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, options)


def smime(content: bytes, kind: str) -> bytes:
    fields = f"Content-Type: application/pkcs7-mime; smime-type={kind}; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return HEAD + fields.encode() + base64.encodebytes(content)


def test_an_opaque_signed_mail_is_opened() -> None:
    incoming = mime.read(smime(signed(detached=False), "signed-data"), NOW)

    assert incoming.text.strip() == "Bonjour, voici la commande signée."
    assert (incoming.protection, incoming.files) == ("signed_smime", ())


def test_the_same_in_pieces_of_unknown_length_is_opened() -> None:
    """As streaming programs write it: BER with indefinite lengths, and the octets cut in two."""
    octets = b"\x24\x80\x04\x05" + INSIDE[:5] + b"\x04" + bytes([len(INSIDE) - 5]) + INSIDE[5:] + b"\0\0"
    data = bytes.fromhex("06092a864886f70d010701") + b"\xa0\x80" + octets + b"\0\0"
    inner = b"\x02\x01\x01\x31\x80\0\0\x30\x80" + data + b"\0\0"
    envelope = b"\x30\x80" + bytes.fromhex("06092a864886f70d010702") + b"\xa0\x80\x30\x80" + inner + b"\0\0" * 3

    assert opaque.read(envelope) == ("signed", INSIDE)


def test_a_signature_beside_the_mail_is_a_mark_not_a_file() -> None:
    signature = base64.encodebytes(signed(detached=True))
    raw = (
        HEAD
        + b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=b\r\n\r\n--b\r\n'
        + INSIDE
        + b"\r\n--b\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + signature
        + b"\r\n--b--\r\n"
    )
    incoming = mime.read(raw, NOW)

    assert (incoming.protection, incoming.files) == ("signed_smime", ())
    assert "signée" in incoming.text


@pytest.mark.parametrize(
    ("raw", "protection", "files"),
    [
        (smime(b"\x30\x0b" + bytes.fromhex("06092a864886f70d010703"), "enveloped-data"), "encrypted_smime", 1),
        (smime(b"garbage", "enveloped-data"), "encrypted_smime", 1),
        (HEAD + b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\r\n\r\n--b\r\n'
         b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n"
         b"-----BEGIN PGP MESSAGE-----\r\n\r\nx\r\n--b--\r\n", "encrypted_pgp", 1),
        (HEAD + b"\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nx\r\n", "encrypted_pgp", 0),
        (HEAD + b"\r\nBonjour", "", 0),
    ],
)  # fmt: skip
def test_an_encrypted_mail_says_so_and_keeps_its_file(raw: bytes, protection: str, files: int) -> None:
    incoming = mime.read(raw, NOW)

    assert (incoming.protection, len(incoming.files)) == (protection, files)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x30", b"\x30\x80" * 100_000, b"\x30\x88" + b"\xff" * 8, b"\x30\x84\x7f\xff\xff\xff", b"\x24\x80" * 9_000, signed(detached=False)[:-200]],
)  # fmt: skip
def test_no_envelope_holds_the_reader_up(data: bytes) -> None:
    begun = time.process_time()
    opaque.read(data)
    opaque.read(b"\x30\x80" + bytes.fromhex("06092a864886f70d010702") + b"\xa0\x80" + data)
    assert time.process_time() - begun < 1


def test_flowed_text_is_one_line_again() -> None:
    text = "Bonjour, \nje voudrais dix \nplaquettes.\n\n> Quelle \n> couleur ?\nRouge.\n-- \nLéa\n From space\n"

    assert unflow(text) == (
        "Bonjour, je voudrais dix plaquettes.\n\n> Quelle couleur ?\nRouge.\n-- \nLéa\nFrom space\n"
    )
    assert unflow("中文 \n中文", delete_space=True) == "中文中文"


def test_a_flowed_mail_reads_in_paragraphs() -> None:
    raw = HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\nBonjour, \r\nje voudrais \r\ndix plaquettes.\r\n"

    assert mime.read(raw, NOW).text.strip() == "Bonjour, je voudrais dix plaquettes."
