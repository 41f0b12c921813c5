"""Who is in a header, however it was written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.channels.port import Person
from comptoir.mail.addresses import people


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("marie@client.fr", [("marie@client.fr", "")]),
        ("Marie <MARIE@Client.fr>", [("marie@client.fr", "Marie")]),
        ('"Dupont, Jean" <j@d.fr>, p@d.fr', [("j@d.fr", "Dupont, Jean"), ("p@d.fr", "")]),
        ("Dupont, Jean <j@d.fr>", [("j@d.fr", "Dupont, Jean")]),
        ('"=?utf-8?Q?Ren=C3=A9e?=" <r@d.fr>', [("r@d.fr", "Renée")]),
        ("=?utf-8?B?UmVuw6ll?= =?utf-8?B?IFJvdXg=?= <r@d.fr>", [("r@d.fr", "Renée Roux")]),
        ("=?utf-8?Q?Roux=2C_Ren=C3=A9e?= <r@d.fr>", [("r@d.fr", "Roux, Renée")]),
        ("Clients: a@x.fr, b@x.fr;, c@x.fr", [("a@x.fr", ""), ("b@x.fr", ""), ("c@x.fr", "")]),
        ("undisclosed-recipients:;", []),
        ("j@d.fr (Jean (le fils))", [("j@d.fr", "Jean le fils")]),
        ("'j@d.fr' <j@d.fr>", [("j@d.fr", "")]),
        ("<@relais.fr,@autre.fr:j@d.fr>", [("j@d.fr", "")]),
        ('"jean roux"@d.fr', [('"jean roux"@d.fr', "")]),
        ("mailto:j@d.fr", [("j@d.fr", "")]),
        ("Jean <j@d.fr", [("j@d.fr", "Jean")]),
        ("Jean Roux j@d.fr", [("j@d.fr", "Jean Roux")]),
        ("a@x.fr; b@x.fr", [("a@x.fr", ""), ("b@x.fr", "")]),
        ("a@x.fr, A@X.fr", [("a@x.fr", "")]),
        ("\u202eevil\u202c <e@x.fr>", [("e@x.fr", "evil")]),
        ("", []),
    ],
)
def test_people_are_read(value: str, expected: list[tuple[str, str]]) -> None:
    assert list(people([value])) == [Person(*person) for person in expected]


@given(st.lists(st.text(alphabet='<>@,;:()"\\ ab.=?q', max_size=80), max_size=3))
def test_no_header_breaks_the_reader(values: list[str]) -> None:
    for person in people(values):
        assert "@" in person.address and person.address == person.address.lower()


@pytest.mark.parametrize(
    "value", ["(" * 1_000_000, "(a@b" * 300_000, '"' * 100_000, "<" * 100_000, "a," * 100_000, "a@b.c " * 50_000]
)
def test_no_header_holds_the_reader_up(value: str) -> None:
    begun = time.process_time()
    assert len(people([value])) <= 1_000
    assert time.process_time() - begun < 2
