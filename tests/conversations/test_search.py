"""Search as people type it: operators they know from their mail, in French and in English, quotes, minus, part numbers."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.channels.port import Person
from comptoir.conversations.receiving import receive
from comptoir.conversations.search import index, lateness, postgres, searching
from comptoir.conversations.search.excerpts import excerpt
from comptoir.conversations.search.question import BadDate, understand
from comptoir.conversations.writing_down import KeptFile
from comptoir.foundation.transaction import Transaction
from comptoir.team.models import Member
from tests.house import House, incoming_mail

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def mails(house: House) -> dict[str, int]:
    """Three mails: Léa's about brake pads in March, Max's invoice with a file in June, Anne's own name in a body in June."""
    invoice = incoming_mail(
        house.clock(),
        sender=Person("max@ailleurs.example", "Max Durand"),
        subject="Facture de juin",
        text="Voici la facture, plaquettes comprises.",
        at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC),  # already July in Paris
    )
    files = [KeptFile("facture-1207.pdf", "application/pdf", 9, "k")]
    key = house.services.secrets.key("threads")
    return {
        "pads": house.receive(at=datetime(2026, 3, 3, 9, tzinfo=UTC), to=(Person("sav@pieces.example"),)).message_id,
        "invoice": house.write(lambda tx: receive(tx, house.sav, invoice, files=files, token_key=key)).message_id,
        "about_lea": house.receive(
            sender=Person("zoe@ailleurs.example", "Zoé"),
            cc=(Person("compta@ailleurs.example", "Compta"),),
            subject="Rappel",
            text="Léa Morel a dit : facture à payer. Des plaquettes avant, pas des disques.",
            at=datetime(2026, 6, 15, 9, tzinfo=UTC),
        ).message_id,
    }


def found(house: House, mails: dict[str, int], query: str) -> list[str]:
    names = {id: name for name, id in mails.items()}
    hits = house.read(lambda tx: searching.search(tx, query), by=house.bruno).hits
    return [names[hit.message_id] for hit in hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("from:lea", ["pads"]),
        ("de:léa", ["pads"]),
        ("DE:lea@garage-morel.example", ["pads"]),
        ('from:"Léa Morel"', ["pads"]),
        ("lea", ["about_lea", "pads"]),
        ("to:compta", ["about_lea"]),
        ("à:compta@ailleurs.example", ["about_lea"]),
        ("subject:facture", ["invoice"]),
        ("objet:fact", ["invoice"]),
        ("facture", ["about_lea", "invoice"]),
        ("subject:0986494123", ["pads"]),
        ("has:attachment", ["invoice"]),
        ("avec:pièce-jointe", ["invoice"]),
        ("a:pj", ["invoice"]),
        ("facture-1207", ["invoice"]),
        ("plaquettes -facture", ["pads"]),
        ("-facture", ["pads"]),
        ("plaquettes -from:lea -has:attachment", ["about_lea"]),
        ('"facture à payer"', ["about_lea"]),
        ('"payer facture"', []),
        ('plaquettes -"des disques"', ["invoice", "pads"]),
        ("after:2026-06-01", ["about_lea", "invoice"]),
        ("après:01/06/2026 before:2026-06-30", ["about_lea"]),
        ("avant:2026-07-01", ["about_lea", "pads"]),
        ("depuis:2026-07 facture", ["invoice"]),
        ("before:2026-03-04", ["pads"]),
        ("before:2026-03-03", []),
        ("before:1970", []),
        ("de:zoe objet:rappel facture payer", ["about_lea"]),
        ("from: zoe", ["about_lea"]),
        ("from:", []),
    ],
)
def test_operators_find(house: House, mails: dict[str, int], query: str, expected: list[str]) -> None:
    house.write(lambda tx: setattr(tx.find(Member, house.bruno.id), "timezone", "Europe/Paris"))

    assert found(house, mails, query) == expected


def test_what_comes_and_is_taken_out_in_one_unit_is_not_found(house: House, mails: dict[str, int]) -> None:
    def work(tx: Transaction) -> int:
        key = house.services.secrets.key("threads")
        kept, gone = (
            receive(tx, house.sav, incoming_mail(house.clock(), subject=subject), token_key=key).message_id
            for subject in ("Courroie neuve", "Courroie perdue")
        )
        index.remove(tx, gone)
        return kept

    kept = house.write(work)

    assert found(house, {"kept": kept}, "courroie") == ["kept"]


def test_an_unknown_operator_is_plain_words(house: House, mails: dict[str, int]) -> None:
    assert found(house, mails, "rappel:facture") == ["about_lea"]
    assert found(house, mails, "has:disques") == []


@pytest.mark.parametrize("given", ["before:demain", "avant:31/02/2026", "after:2026-13-01", "après:0000-01-01"])
def test_a_date_that_is_none_is_told(given: str) -> None:
    with pytest.raises(BadDate) as told:
        understand(f"facture {given}", now=NOW, zone=PARIS)
    assert given.partition(":")[2] in told.value.sentence("fr")


@given(st.text(alphabet='fromde:às"-hasbefore20 \t/.,é&|!()*', max_size=60))
def test_whatever_is_typed_is_a_question(line: str) -> None:
    try:
        understand(line, now=NOW, zone=PARIS)
    except BadDate:
        assert ":" in line


@given(line=st.text(alphabet="fromde:às\"-has0123 /.é&|!()*'\\", max_size=40))
def test_no_question_breaks_the_index(line: str) -> None:
    question = understand(line.replace("before", ""), now=NOW, zone=PARIS)
    assert all(word.isalnum() for term in (*question.wanted, *question.unwanted) for word in term.words)


@pytest.mark.parametrize(
    "query", ["-a", '-"', '"', "-from:", '"a b', "has:attachment -has:attachment", "after:2020 -x"]
)
def test_every_question_can_be_asked(house: House, mails: dict[str, int], query: str) -> None:
    found(house, mails, query)


def test_before_finds_the_same_by_narrow_windows(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL looks in a window below the day first: mails that came late, or were imported, are not forgotten above it."""
    monkeypatch.setattr(postgres, "WINDOW", 3)
    ids = []
    for day in range(12):
        house.clock.forward(days=1)
        is_late = day in (7, 10)
        at = datetime(2026, 11, 20, 9, tzinfo=UTC) if is_late else house.clock()
        ids.append(house.receive(at=at, text="facture en retard" if is_late else f"facture {day}").message_id)

    def asked(query: str) -> list[int]:
        hits = house.read(lambda tx: searching.search(tx, query), by=house.bruno).hits
        return [ids.index(hit.message_id) for hit in hits]

    assert asked("facture before:2026-11-28") == [10, 7, 2, 1, 0]
    assert asked("retard before:2026-11-28") == [10, 7]
    assert asked("facture before:2026-11-21") == [10, 7]
    assert asked("facture before:2030") == list(range(11, -1, -1))
    monkeypatch.setattr(lateness, "MOST_LATE", 1)
    assert asked("facture before:2026-11-28") == [10, 7, 2, 1, 0]


def test_a_part_number_is_marked_in_the_spelling_it_was_written_in() -> None:
    question = understand("0986494123 plaq", now=NOW, zone=PARIS)

    assert excerpt("Réf. 0 986-494.123, des PLAQUETTES", question.marks) == (
        "Réf. \x010 986-494.123\x02, des \x01PLAQ\x02UETTES"
    )


def test_a_page_says_which_words_to_mark(house: House, mails: dict[str, int]) -> None:
    page = house.read(lambda tx: searching.search(tx, 'de:zoe "à payer" has:pj -max'), by=house.bruno)

    assert page.marks == ["zoe", "a payer"]


WRITTEN = (
    "Réf 0 986-494.123 svp",
    "ref.0986494123, merci",
    "Filtre A 000 420 18 20",
    "Filtre A0004201820",
    "Devis 4500 du 12/03/2026",
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        *(
            (query, [1, 0])
            for query in ("0 986-494.123", "0986494123", "0986 494", "986494123", "986 494 123", "ref 0986 494 123")
        ),
        *((query, [0]) for query in ("494.123", "svp 986-494-123")),
        ("0986-494-123 merci", [1]),
        *(
            (query, [3, 2])
            for query in ("A 000 420 18 20", "A0004201820", "a000420", "0004201820", "filtre 000 420 18 20")
        ),
        ("devis 4500 2026", [4]),
    ],
)
def test_a_part_number_is_found_in_pieces_whole_and_from_its_middle(house: House, query: str, found: list[int]) -> None:
    ids = [house.receive(subject="Pièces", text=text).message_id for text in WRITTEN]
    hits = house.read(lambda tx: searching.search(tx, query), by=house.anne).hits
    assert [ids.index(hit.message_id) for hit in hits] == found
