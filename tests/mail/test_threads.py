"""Message-IDs, subjects and the token that brings an answer home."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.mail import threads

SECRET = b"a key of this house"


def test_our_own_id_names_its_conversation_and_is_always_the_same() -> None:
    message = uuid.UUID(int=7)
    header_id = threads.new_header_id(SECRET, 42, message, "Café-Roux.fr")
    assert header_id == threads.new_header_id(SECRET, 42, message, "café-roux.fr")
    assert header_id.endswith("@xn--caf-roux-d1a.fr>")
    assert threads.conversation_of(SECRET, ["<x@y>", header_id]) == 42
    assert threads.conversation_of(SECRET, [header_id.upper()]) == 42


def test_nobody_writes_themselves_into_a_conversation() -> None:
    header_id = threads.new_header_id(SECRET, 42, 7, "atelier.fr")
    assert threads.conversation_of(SECRET, [header_id.replace("c.42.", "c.43.")]) is None
    assert threads.conversation_of(b"another key", [header_id]) is None
    assert threads.conversation_of(SECRET, ["", "<>", "<c.1.2.@x>", "<c.42.7.aaaaaaaaaaaaaaaaaaaa@atelier.fr>"]) is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("<a@b> <c@d>", ("<a@b>", "<c@d>")),
        ("<a@b><a@b>", ("<a@b>",)),
        ("Your message of Monday <a@b> (really)", ("<a@b>",)),
        ("<abc\r\n def@x.fr>", ("<abcdef@x.fr>",)),
        ("no-brackets@x.fr", ("<no-brackets@x.fr>",)),
        ("<no-at-sign>", ("<no-at-sign>",)),
        ("hier < peut-être > demain", ("<peut-être>",)),
        ("", ()),
        ("<<<<", ()),
    ],
)
def test_ids_are_found_among_junk(value: str, found: tuple[str, ...]) -> None:
    assert threads.header_ids(value) == found


@given(st.text(max_size=300))
def test_any_text_gives_ids_fit_for_a_header(text: str) -> None:
    for header_id in threads.header_ids(text):
        assert header_id.startswith("<") and header_id.endswith(">") and header_id.split() == [header_id]


def test_a_long_chain_keeps_its_first_and_its_last_twenty() -> None:
    chain = tuple(f"<{index}@x>" for index in range(50))
    references = threads.reply_references("<50@x>", chain)
    assert references == ("<0@x>", *(f"<{index}@x>" for index in range(31, 51)))
    assert threads.reply_references("<1@x>", ("<1@x>", "<0@x>", "<0@x>")) == ("<0@x>", "<1@x>")
    assert threads.reply_references("", ()) == ()


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Devis",
        "RE : Devis",
        "TR: Devis",
        "Tr : RE: Devis",
        "Fwd: Devis",
        "FW: Re[2]: Devis",
        "Rép : Devis",
        "Réf : Devis",
        "AW: devis",
        "SV: Devis",
        "Re(3):  Devis",
        "RE\xa0: Devis",
    ],
)
def test_prefixes_of_every_program_go(subject: str) -> None:
    assert threads.normalise_subject(subject) == "devis"
    assert threads.is_reply_subject(subject)


@pytest.mark.parametrize("subject", ["Devis", "Retour : chaudière", "Ref: 4410-B", "Travaux: cuisine", "Info: stock"])
def test_words_that_begin_alike_stay(subject: str) -> None:
    assert threads.normalise_subject(subject) == subject.casefold()


def test_an_answer_says_re_once() -> None:
    assert threads.reply_subject("Devis") == "Re: Devis"
    assert threads.reply_subject("RE: Devis") == "RE: Devis"
    assert threads.reply_subject("TR: Devis") == "Re: TR: Devis"
    assert threads.reply_subject("Re\r\nBcc: x@y") == "Re: Re Bcc: x@y"
