"""Who asks to be forgotten is: their words, files, payloads, drafts and what the log said, and nobody else's."""

import asyncio
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comptoir.channels.port import Person
from comptoir.conversations import forwarding, thread, uploading, writing
from comptoir.conversations.answering import drafting
from comptoir.conversations.answering.schemas import DraftContent
from comptoir.conversations.customers import linking
from comptoir.conversations.customers import merging as customers
from comptoir.conversations.handling import merging
from comptoir.conversations.models import Attachment, Conversation
from comptoir.conversations.schemas import Forwarded
from comptoir.conversations.search import searching
from comptoir.customers import editing
from comptoir.customers.directory import putting
from comptoir.customers.directory.port import GivenContact, GivenCustomer, GivenDocument
from comptoir.customers.documents import filing
from comptoir.customers.models import Contact, Customer
from comptoir.customers.schemas import CustomerFacts
from comptoir.foundation.errors import NotAllowed
from comptoir.foundation.files import FileMissing
from comptoir.foundation.jobs.port import Job
from comptoir.gateway.models import LedgerEntry
from comptoir.privacy import asking, erasing, expiring, exporting, failing, finding
from comptoir.privacy.errors import NameDiffers
from comptoir.privacy.models import DataRequest
from tests.house import House


@pytest.fixture
def written(house: House) -> dict[str, Any]:
    """Léa wrote with a photo, and her garage has a file with an invoice; Zoé wrote too."""
    lea, zoe = house.receive(text="Ma plaque est AB-123-CD"), house.receive(sender=_zoe(), text="Bonjour de Zoé")
    key = house.services.files.put(b"a photo of her car")
    raw = house.services.files.put(b"From: lea@garage-morel.example")

    def more(tx: Any) -> None:
        message = tx.value("SELECT id FROM messages WHERE conversation_id = :id", id=lea.conversation_id)
        tx.add(
            Attachment(
                message_id=message,
                name="photo.jpg",
                media_type="image/jpeg",
                size=18,
                file_key=key,
                content_id="",
                is_inline=False,
                created_at=tx.now,
            ),
            _entry(house, "1:1", tx.now, message_id=message, file_key=raw, state="read"),
            _entry(house, "1:2", tx.now, body=b"To: LEA@garage-morel.example bounced", state="unmatched"),
            _entry(house, "1:3", tx.now, body=b"To: zoe@dupre.example bounced", state="unmatched"),
        )
        putting.put(
            tx,
            [
                GivenCustomer(
                    code="C1", name="Garage Morel", contacts=[GivenContact(emails=["lea@garage-morel.example"])]
                )
            ],
        )
        filing.file(tx, [GivenDocument(kind="invoice", number="FA-1", customer="C1")], source="api")

    house.write(more)
    contact = house.conversation(lea.conversation_id).contact_id
    return {"lea": lea.conversation_id, "zoe": zoe.conversation_id, "contact": contact, "photo": key, "raw": raw}


LEA = Person("lea@garage-morel.example", "Léa Morel")


def _zoe() -> Person:
    return Person("zoe@dupre.example", "Zoé Dupré")


def _header(house: House, message_id: int) -> str:
    return str(house.read(lambda tx: tx.value("SELECT header_id FROM messages WHERE id = :id", id=message_id)))


def _entry(house: House, key: str, now: Any, **given: Any) -> LedgerEntry:
    values = {"body": None, "file_key": None, "error": None, "message_id": None} | given
    return LedgerEntry(channel_id=house.sav.id, key=key, received_at=now, kept_at=now, size=30, **values)


def run(house: House, kind: str, job: Any, *, is_last: bool = False) -> DataRequest:
    event = house.read(
        lambda tx: tx.value("SELECT max(id) FROM events WHERE type = :type", type=f"privacy.{kind}_asked")
    )
    asyncio.run(job(house.services, Job(1, "privacy", {"event_id": event}, 1, is_last)))
    return house.read(lambda tx: tx.find(DataRequest, tx.value("SELECT max(id) FROM data_requests")))


def erase(house: House, subject: str, id: int, name: str) -> DataRequest:
    house.write(lambda tx: asking.erase(tx, subject, id, name=name), by=house.anne)  # type: ignore[arg-type]
    return run(house, "erasure", erasing.erase)


def everything(house: House) -> str:
    """All that any table of the database says."""
    tables = [table.name for table in finding.Table.metadata.sorted_tables if table.name != "jobs"] + ["message_search"]
    return "\n".join(
        str(row) for table in tables for row in house.read(lambda tx, t=table: tx.rows(f"SELECT * FROM {t}"))
    )


def test_an_erased_contact_leaves_nothing(house: House, written: dict[str, Any]) -> None:
    done = erase(house, "contact", written["contact"], "léa morel")

    left = everything(house).lower()
    assert "lea@" not in left and "ab-123-cd" not in left and "photo.jpg" not in left
    assert house.read(lambda tx: searching.search(tx, "ab-123-cd"), by=house.anne).hits == []
    for key in (written["photo"], written["raw"]):
        with pytest.raises(FileMissing):
            house.services.files.get(key)
    assert (done.state, done.report) == (
        "done",
        {
            "counts": done.report["counts"] if done.report else {},
            "kept": ["request", "mailbox"],
        },
    )
    counts = done.report["counts"] if done.report else {}
    assert {
        name: counts[name] for name in ("conversations", "messages", "attachments", "payloads", "files", "contacts")
    } == {
        "conversations": 1,
        "messages": 1,
        "attachments": 1,
        "payloads": 2,
        "files": 2,
        "contacts": 1,
    }


def test_everybody_elses_stays(house: House, written: dict[str, Any]) -> None:
    erase(house, "contact", written["contact"], "Léa Morel")

    assert house.read(lambda tx: len(searching.search(tx, "zoé").hits), by=house.anne) == 1
    assert "zoe@dupre.example bounced" in everything(house)
    assert house.read(lambda tx: tx.value("SELECT count(*) FROM documents")) == 1
    assert house.events(written["lea"]) == ["conversation.removed"]


def test_a_customers_file_goes_with_its_people_and_documents(house: House, written: dict[str, Any]) -> None:
    id = house.read(lambda tx: tx.value("SELECT id FROM customers"))

    erase(house, "customer", id, "Garage Morel")

    left = everything(house).lower()
    assert "garage morel" not in left and "lea@" not in left and "fa-1" not in left
    assert "dupré" in left


def test_what_they_wrote_in_somebody_elses_conversation_goes_and_the_rest_stays(house: House, written: Any) -> None:
    asked = house.receive(sender=_zoe(), subject="Devis pompe", text="La pompe est pour Léa", cc=(LEA,))
    answer = house.receive(
        subject="Re: Devis pompe",
        text="Mon code est 4711",
        in_reply_to=(_header(house, asked.message_id),),
        cc=(_zoe(),),
    )
    assert answer.conversation_id == asked.conversation_id

    done = erase(house, "contact", written["contact"], "Léa Morel")

    assert "4711" not in everything(house)
    there = house.conversation(asked.conversation_id)
    assert (there.preview, there.last_incoming_id) == ("La pompe est pour Léa", asked.message_id)
    assert house.events(there.id)[-1] == "message.erased", "screens let go of it"
    assert done.report and done.report["kept"] == ["request", "mailbox", "group"]


@pytest.mark.parametrize("goes", ["theirs", "the other"])
def test_what_was_merged_with_somebody_elses_is_each_ones_own_again(house: House, written: Any, goes: str) -> None:
    """Zoé keeps her conversation, and what she writes next finds it."""
    reply = writing.Words(client_id="to-zoe-from-anne", text="Bonjour Zoé", to=[_zoe()])
    key = house.services.secrets.key("threads")
    sent = house.write(
        lambda tx: writing.reply(tx, tx.find(Conversation, written["zoe"]), reply, token_key=key), by=house.anne
    )
    pair = (written["lea"], written["zoe"]) if goes == "theirs" else (written["zoe"], written["lea"])
    house.write(lambda tx: merging.merge(tx, *(tx.find(Conversation, id) for id in pair)), by=house.anne)

    erase(house, "contact", written["contact"], "Léa Morel")

    left = everything(house).lower()
    assert "ab-123-cd" not in left and "lea@" not in left
    shown = house.read(lambda tx: thread.read(tx, written["zoe"]), by=house.anne)
    assert [message.text for message in shown.messages] == ["Bonjour de Zoé", "Bonjour Zoé"]
    again = house.receive(sender=_zoe(), text="Encore moi", in_reply_to=(sent.message.header_id or "",))
    assert again.conversation_id == written["zoe"]


def test_what_a_third_party_was_shown_of_it_goes_too(house: House, written: Any) -> None:
    mail = house.read(lambda tx: tx.value("SELECT id FROM messages WHERE conversation_id = :id", id=written["lea"]))
    words = writing.Words(
        client_id="to-the-supplier",
        text="Une idée ?",
        to=[Person("atelier@niss.example", "Niss")],
        forwarded=Forwarded([mail], has_files=True),
    )
    key = house.services.secrets.key("threads")
    house.write(
        lambda tx: forwarding.forward(tx, tx.find(Conversation, written["lea"]), words, token_key=key), by=house.anne
    )

    erase(house, "contact", written["contact"], "Léa Morel")

    left = everything(house).lower()
    assert "ab-123-cd" not in left and "lea@" not in left and "photo.jpg" not in left
    with pytest.raises(FileMissing):
        house.services.files.get(written["photo"])


def test_whoever_was_merged_into_them_goes_along_by_however_many_steps(house: House, written: Any) -> None:
    ids = [
        house.conversation(house.receive(sender=Person(f"{name}@autre.example", name)).conversation_id).contact_id
        for name in ("Ancienne", "Moyenne")
    ]
    file = house.read(lambda tx: tx.value("SELECT id FROM customers"))
    old = house.write(lambda tx: editing.create(tx, CustomerFacts(name="Ets Ancien")).id, by=house.anne)
    for kind, gone, into in ((Contact, ids[0], ids[1]), (Contact, ids[1], written["contact"]), (Customer, old, file)):
        house.write(
            lambda tx, k=kind, a=gone, b=into: customers.merge(tx, tx.find(k, a), tx.find(k, b)),  # type: ignore[misc]
            by=house.anne,
        )

    erase(house, "customer", file, "Garage Morel")

    left = everything(house).lower()
    assert not [name for name in ("ancien", "moyenne", "garage morel", "lea@") if name in left]


def test_a_file_is_named_no_more_where_somebody_elses_conversation_was_linked_to_it(house: House, written: Any) -> None:
    file = house.read(lambda tx: tx.value("SELECT id FROM customers"))
    house.write(
        lambda tx: linking.link(tx, tx.find(Conversation, written["zoe"]), tx.find(Customer, file)), by=house.anne
    )

    erase(house, "customer", file, "Garage Morel")

    assert "garage morel" not in everything(house).lower()
    assert house.conversation(written["zoe"]).customer_id is None


def test_the_name_must_be_typed_by_a_manager(house: House, written: dict[str, Any]) -> None:
    with pytest.raises(NameDiffers):
        house.write(lambda tx: asking.erase(tx, "contact", written["contact"], name="Léa"), by=house.anne)
    with pytest.raises(NotAllowed):
        house.write(lambda tx: asking.erase(tx, "contact", written["contact"], name="Léa Morel"), by=house.bruno)


def test_a_file_that_two_people_sent_stays_for_the_other(house: House, written: dict[str, Any]) -> None:
    def share(tx: Any) -> None:
        message = tx.value("SELECT id FROM messages WHERE conversation_id = :id", id=written["zoe"])
        tx.execute(
            "INSERT INTO attachments (message_id, name, media_type, size, file_key, content_id, is_inline, created_at)"
            " VALUES (:message, 'same.jpg', 'image/jpeg', 1, :key, '', :inline, 0)",
            message=message,
            key=written["photo"],
            inline=False,
        )

    house.write(share)

    erase(house, "contact", written["contact"], "Léa Morel")

    assert house.services.files.get(written["photo"]) == b"a photo of her car"


def test_an_export_keeps_what_the_team_wrote_for_itself_apart(house: House, written: Any) -> None:
    key = house.services.secrets.key("threads")
    hidden = Person("gerant@pieces.example", "Gérant")

    def more(tx: Any) -> None:
        conversation = tx.find(Conversation, written["lea"])
        words = writing.Words(client_id="to-lea-from-anne", text="Bonjour Léa", to=[LEA], bcc=[hidden])
        writing.reply(tx, conversation, words, token_key=key)
        file = uploading.upload(
            tx, name="marge.txt", media_type="text/plain", size=5, file_key=house.services.files.put(b"marge")
        )
        note = writing.Words(client_id="note-about-lea", text="Mauvais payeur", attachment_ids=[file.id])
        writing.note(tx, conversation, note)
        drafting.keep(tx, conversation, "reply", DraftContent(text="Brouillon secret"), known=0)
        customer = tx.find(Customer, tx.value("SELECT id FROM customers"))
        editing.note(tx, customer, "Toujours en retard")

    house.write(more, by=house.anne)
    file = house.read(lambda tx: tx.value("SELECT id FROM customers"))
    house.write(lambda tx: asking.export(tx, "customer", file), by=house.anne)
    done = run(house, "export", exporting.export)

    assert done.file_key
    with zipfile.ZipFile(io.BytesIO(house.services.files.get(done.file_key))) as archive:
        whole = {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}
    theirs = "".join(content for name, content in whole.items() if not name.startswith("team/"))
    inside = "".join(content for name, content in whole.items() if name.startswith("team/"))
    private = ("Mauvais payeur", "marge", "Brouillon secret", "Toujours en retard")
    assert "Bonjour Léa" in theirs and "AB-123-CD" in theirs
    assert not [words for words in (*private, "gerant@") if words in theirs]
    assert not [words for words in private if words not in inside]


def test_an_export_holds_all_of_it(house: House, written: dict[str, Any]) -> None:
    house.write(lambda tx: asking.export(tx, "contact", written["contact"]), by=house.anne)
    done = run(house, "export", exporting.export)

    assert done.state == "done" and done.file_key and done.kept_until == house.clock() + timedelta(days=7)
    with zipfile.ZipFile(io.BytesIO(house.services.files.get(done.file_key))) as archive:
        names = archive.namelist()
        said = msgspec.json.decode(archive.read(f"conversations/{written['lea']}.json"))
        assert said["messages"][0]["text"] == "Ma plaque est AB-123-CD"
        assert [archive.read(name) for name in names if name.startswith("files/")] == [b"a photo of her car"]
        assert any(
            archive.read(name) == b"From: lea@garage-morel.example" for name in names if name.startswith("payloads/")
        )
        assert f"conversations/{written['zoe']}.json" not in names
    assert done.report and done.report["counts"]["messages"] == 1


def test_what_can_no_longer_end_says_so_and_goes_on_when_it_is_asked_to(house: House, written: dict[str, Any]) -> None:
    house.write(lambda tx: asking.erase(tx, "contact", written["contact"], name="Léa Morel"), by=house.anne)
    broken = break_file(house, written["photo"])
    with pytest.raises(OSError):
        run(house, "erasure", erasing.erase)
    assert request(house).state == "waiting", "it will be tried again"
    with pytest.raises(OSError):
        run(house, "erasure", erasing.erase, is_last=True)
    assert request(house).state == "failed"

    broken.rmdir()
    house.write(lambda tx: asking.retry(tx, tx.find(DataRequest, request(house).id)), by=house.anne)
    done = run(house, "erasure", erasing.erase)

    assert done.state == "done" and done.report and done.report["kept"] == ["request", "mailbox"]
    counts = done.report["counts"]
    assert [counts[name] for name in ("conversations", "messages", "payloads", "contacts", "files")] == [1, 1, 2, 1, 2]
    with pytest.raises(FileMissing):
        house.services.files.get(written["raw"])


def test_a_failed_export_can_be_asked_again(house: House, written: dict[str, Any]) -> None:
    house.write(lambda tx: asking.export(tx, "contact", written["contact"]), by=house.anne)
    broken = break_file(house, written["photo"])
    with pytest.raises(OSError):
        run(house, "export", exporting.export, is_last=True)
    assert request(house).state == "failed"

    broken.rmdir()
    house.write(lambda tx: asking.retry(tx, tx.find(DataRequest, request(house).id)), by=house.anne)

    assert run(house, "export", exporting.export).state == "done"


def test_a_request_whose_job_died_with_its_worker_does_not_wait_for_ever(house: House, written: dict[str, Any]) -> None:
    house.write(lambda tx: asking.export(tx, "contact", written["contact"]), by=house.anne)
    asyncio.run(failing.fail_abandoned(house.services))
    assert request(house).state == "waiting"

    house.clock.forward(hours=25)
    asyncio.run(failing.fail_abandoned(house.services))

    assert request(house).state == "failed"


def test_an_archive_leaves_the_store_after_a_week(house: House, written: dict[str, Any]) -> None:
    house.write(lambda tx: asking.export(tx, "contact", written["contact"]), by=house.anne)
    key = run(house, "export", exporting.export).file_key
    assert key
    house.clock.forward(days=6)
    asyncio.run(expiring.remove_expired(house.services))
    assert house.services.files.get(key)

    house.clock.forward(days=2)
    asyncio.run(expiring.remove_expired(house.services))

    with pytest.raises(FileMissing):
        house.services.files.get(key)
    assert request(house).file_key is None
    assert house.services.files.get(written["photo"]), "what the archive was made of stays"


def request(house: House) -> DataRequest:
    return house.read(lambda tx: tx.find(DataRequest, tx.value("SELECT max(id) FROM data_requests")))


def break_file(house: House, key: str) -> Path:
    """A folder where the file should be: the store can neither read nor remove it."""
    path = house.services.settings.data / "files" / key[:2] / key[2:4] / key
    path.unlink()
    path.mkdir()
    return path
