"""A file of customers or documents comes in, whoever wrote it, once however often it is brought, and says what it left out."""

import asyncio
import io
import zipfile
from functools import partial
from typing import Any

import pytest

from comptoir.channels.port import Person
from comptoir.customers import identifying, recognizing
from comptoir.customers import queries as directory
from comptoir.customers.imports import importing, parts, queries, running, tables, values
from comptoir.customers.imports.columns import guess
from comptoir.customers.imports.errors import EmptyTable, NotATable, UnclosedQuote, Unfolds
from comptoir.customers.imports.models import FileImport
from comptoir.customers.models import Contact
from comptoir.foundation.errors import NotAllowed
from comptoir.foundation.jobs.port import Job
from tests.customers.sheets import CLIENTS, FACTURES, workbook
from tests.house import House


def bring(house: House, text: str | bytes, kind: str = "customers", name: str = "clients.csv") -> FileImport:
    """From the upload to the last line, as the doors and the job do it."""
    taken = begin(house, text, kind, name)
    run(house)
    return house.read(lambda tx: tx.find(FileImport, taken.id))


def begin(house: House, text: str | bytes, kind: str = "customers", name: str = "clients.csv") -> FileImport:
    """The file is there, its columns are agreed to, and its job waits."""
    content = text if isinstance(text, bytes) else text.encode()
    lines = tables.read(content)
    key = house.services.files.put(lines.content)
    taken = house.write(
        lambda tx: importing.take(tx, kind=kind, file_name=name, file_key=key, lines=lines), by=house.anne
    )
    house.write(lambda tx: importing.start(tx, tx.find(FileImport, taken.id)), by=house.anne)
    return taken


def run(house: House) -> None:
    event_id = house.read(lambda tx: tx.value("SELECT max(id) FROM events WHERE type = 'import.started'"))
    asyncio.run(running.bring_in(house.services, Job(1, "import", {"event_id": event_id}, 1)))


def rows(house: House, sql: str) -> list[tuple[Any, ...]]:
    return house.read(lambda tx: tx.rows(sql))


def counts(done: FileImport) -> tuple[int, int, int, int, int]:
    return done.created_count, done.updated_count, done.unchanged_count, done.refused_count, done.warned_count


def test_customers_come_in_with_their_contacts(house: House) -> None:
    done = bring(house, CLIENTS)

    assert (done.state, done.rows_done, counts(done)) == ("done", 4, (2, 0, 0, 2, 0))
    assert rows(house, "SELECT code, name, country FROM customers ORDER BY code") == [
        ("C-0412", "Garage Léa Morel", "FR"),
        ("C-0413", "Carrosserie Dupré", "BE"),
    ]
    assert rows(house, "SELECT kind, value, scope FROM identities ORDER BY kind, value") == [
        ("email", "lea@garage-morel.example", ""),
        ("email", "zoe@dupre.example", ""),
        ("phone", "32470123456", ""),
        ("phone", "33612345678", ""),
    ]


def test_the_same_file_twice_is_once(house: House) -> None:
    bring(house, CLIENTS)

    again = bring(house, CLIENTS.replace("C-0412", "c 0412"))

    assert counts(again) == (0, 0, 2, 2, 0)
    assert rows(house, "SELECT count(*) FROM contacts") == [(2,)]


def test_who_writes_from_a_firm_that_came_in_is_suggested_for_it(house: House) -> None:
    bring(house, CLIENTS + "C-0415;Chez Paul;France;Paul;paul@gmail.com;;\n")

    for sender, firm in (("max@garage-morel.example", ["Garage Léa Morel"]), ("someone@gmail.com", [])):
        landed = house.receive(sender=Person(sender, ""))
        contact_id = house.conversation(landed.conversation_id).contact_id
        contact = house.read(lambda tx, id=contact_id: tx.find(Contact, id))  # type: ignore[misc]
        assert [
            file.name
            for file in house.read(lambda tx, contact=contact: directory.suggestions(tx, contact))  # type: ignore[misc]
        ] == firm


def test_two_contacts_whom_one_line_names_are_both_on_the_file(house: House) -> None:
    """One by mail, one by phone; whether they are one is for a member to say."""
    lea = house.write(lambda tx: recognizing.recognize(tx, kind="email", value="lea@garage-morel.example", name="Léa"))
    phone = house.write(lambda tx: identifying.identify(tx, [("phone", "33612345678")], scope="meta:1", at=tx.now))

    bring(house, CLIENTS)

    placed = rows(house, f"SELECT count(*) FROM contacts WHERE id IN ({lea.id}, {phone}) AND customer_id IS NOT NULL")
    assert placed == [(2,)]


def test_a_corrected_file_brings_the_rest(house: House) -> None:
    done = bring(house, CLIENTS)

    left = house.read(lambda tx: queries.troubles_file(tx, tx.find(FileImport, done.id), "fr")).decode("utf-8-sig")

    assert "pas-une-adresse » n'est pas une adresse e-mail" in left
    corrected = bring(house, left.replace(";pas-une-adresse;", ";souci@auto.example;"))
    assert counts(corrected) == (1, 0, 0, 1, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_whatever_wrote_it(encoding: str, separator: str) -> None:
    lines = tables.read(CLIENTS.replace(";", separator).encode(encoding))

    [headings, first], _ = tables.lines(lines.content, 0, 2)
    assert (lines.count, lines.separator) == (4, separator)
    assert (headings[5], first[1]) == ("Téléphone", "Garage Léa Morel")


def test_a_workbook_is_a_table_too(house: House) -> None:
    content = workbook(
        [["Code", "Nom", "Tél"], [412.0, "Garage Morel", "06 12 34 56 78"], ["", "", ""], ["C9", "Zoé", 1.5]]
    )

    lines = tables.read(content)

    assert tables.lines(lines.content, 0, 9)[0] == [
        ["Code", "Nom", "Tél"],
        ["412", "Garage Morel", "06 12 34 56 78"],
        ["C9", "Zoé", "1.5"],
    ]


def test_documents_wait_for_their_customer(house: House) -> None:
    done = bring(house, FACTURES, "documents", "factures.csv")
    assert counts(done) == (3, 0, 0, 1, 3)  # 31 February is left out; nobody is known yet

    bring(house, CLIENTS)

    assert rows(
        house,
        "SELECT d.kind, d.number, d.issued_on, d.total_cents, d.currency, c.code FROM documents d"
        " LEFT JOIN customers c ON c.id = d.customer_id ORDER BY d.number",
    ) == [
        ("delivery", "BL 77", "2026-02-03", None, "", "C-0413"),
        ("invoice", "FA-2026/0042", "2026-11-24", 123456, "EUR", "C-0412"),
        ("invoice", "FA-2026/0043", "2026-11-25", -1250, "EUR", None),
    ]


def test_documents_again_with_news(house: House) -> None:
    bring(house, FACTURES, "documents")

    again = bring(house, FACTURES.replace(";Due;", ";Payée;").replace("FA-2026/0042", "fa 2026 0042"), "documents")

    assert counts(again)[:3] == (0, 2, 1)


def test_an_import_that_was_killed_goes_on_where_it_was(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "FIRST", 7)
    monkeypatch.setattr(running, "MOST", 7)
    text = "code;nom\n" + "".join(f"C{n};Client {n}\n" for n in range(30))
    lines = tables.read(text.encode())
    key = house.services.files.put(lines.content)
    taken = house.write(
        lambda tx: importing.take(tx, kind="customers", file_name="c.csv", file_key=key, lines=lines), by=house.anne
    )
    house.write(lambda tx: importing.start(tx, tx.find(FileImport, taken.id)), by=house.anne)
    for _ in range(2):
        given = house.read(lambda tx: tx.find(FileImport, taken.id))
        part = parts.understand(given, lines.content, most=7)
        house.write(partial(importing.take_part, import_id=taken.id, part=part))
    house.write(
        partial(importing.take_part, import_id=taken.id, part=part)
    )  # twice: by two processes that were given one job

    run(house)  # by another process, from the beginning of the job

    done = house.read(lambda tx: tx.find(FileImport, taken.id))
    assert (done.rows_done, counts(done)) == (30, (30, 0, 0, 0, 0))
    assert house.events().count("import.ended") == 1


def test_a_mail_that_comes_while_a_file_comes_in_does_not_wait_for_its_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "FIRST", 50)
    monkeypatch.setattr(running, "MOST", 50)
    text = "code;nom\n" + "".join(f"C{n};Client {n}\n" for n in range(2_000))
    taken = begin(house, text)
    database = house.services.database

    async def while_it_comes_in() -> tuple[FileImport, FileImport]:
        running = asyncio.create_task(asyncio.to_thread(run, house))
        while not (await database.read(lambda tx: tx.find(FileImport, taken.id))).rows_done:
            await asyncio.sleep(0.001)
        landed = await asyncio.to_thread(house.receive)
        during = await database.read(lambda tx: tx.find(FileImport, taken.id))
        assert house.conversation(landed.conversation_id).status == "open"
        await running
        return during, await database.read(lambda tx: tx.find(FileImport, taken.id))

    during, done = asyncio.run(while_it_comes_in())

    assert during.state == "running"
    assert during.rows_done < 2_000
    assert (done.state, counts(done)) == ("done", (2_000, 0, 0, 0, 0))


@pytest.mark.parametrize(("lines", "seconds", "next_lines"), [(200, 0.2, 100), (200, 0.05, 400), (200, 9.0, 50)])
def test_a_part_has_as_many_lines_as_a_tenth_of_a_second(lines: int, seconds: float, next_lines: int) -> None:
    pace = running.Pace()

    pace.took(lines, seconds)

    assert pace.lines == next_lines


def test_who_belongs_to_another_customer_stays_there(house: House) -> None:
    bring(house, CLIENTS)

    done = bring(house, "code;nom;email\nC-0500;Autre garage;lea@garage-morel.example\n")

    assert counts(done) == (1, 0, 0, 0, 1)
    assert rows(
        house,
        "SELECT c.code FROM contacts p JOIN customers c ON c.id = p.customer_id WHERE p.address = 'lea@garage-morel.example'",
    ) == [("C-0412",)]


def test_somebody_who_wrote_before_belongs_to_their_file(house: House) -> None:
    received = house.receive()

    bring(house, CLIENTS)

    contact_id = house.conversation(received.conversation_id).contact_id
    assert rows(
        house, f"SELECT c.code FROM contacts p JOIN customers c ON c.id = p.customer_id WHERE p.id = {contact_id}"
    ) == [("C-0412",)]


def test_only_managers_bring_files(house: House) -> None:
    lines = tables.read(CLIENTS.encode())
    with pytest.raises(NotAllowed):
        house.write(
            lambda tx: importing.take(tx, kind="customers", file_name="c", file_key="k", lines=lines), by=house.bruno
        )


def test_columns_are_known_in_two_languages() -> None:
    assert guess("customers", ["Customer No.", "Company name", "E-mail", "Mobile phone", "Whatever"]) == [
        "code",
        "name",
        "email",
        "phone",
        "",
    ]
    assert guess("documents", ["N° facture", "Code client", "Date", "Montant TTC"]) == [
        "number",
        "customer",
        "issued_on",
        "total",
    ]


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1 234,56 €", 123456),
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("1 234", 123400),
        ("1.234", 123400),
        ("12,5", 1250),
        ("0.005", 0),
        ("(12,00)", -1200),
        ("12,00-", -1200),
    ],
)
def test_amounts_as_people_write_them(text: str, cents: int) -> None:
    assert values.cents(text)[0] == cents


@pytest.mark.parametrize(
    "text", ["3/2/2026", "03.02.26", "2026-02-03", "3 févr. 2026", "20260203", "2026-02-03 10:00:00"]
)
def test_days_as_people_write_them(text: str) -> None:
    assert str(values.day(text)) == "2026-02-03"


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * (tables.MOST_UNPACKED + 1))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"code;nom\n", EmptyTable),
        (b"\x00\x01\x02\x03" * 50, NotATable),
        (b"PK\x03\x04 no workbook", NotATable),
        (b'code;nom\nC1;"never closed\n' + b"x;y\n" * 60_000, UnclosedQuote),
    ],
)
def test_what_is_no_table_says_so(content: bytes, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        tables.read(content)


def test_a_workbook_that_unfolds_without_end_is_refused() -> None:
    with pytest.raises(Unfolds):
        tables.read(bomb())
