"""Who asks to be forgotten is: their words, files, payloads, drafts and what the log said, and nobody else's."""

import asyncio
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comptoir.conversations.models import Attachment
from comptoir.conversations.search import searching
from comptoir.customers.directory import putting
from comptoir.customers.directory.port import GivenContact, GivenCustomer, GivenDocument
from comptoir.customers.documents import filing
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


def _zoe() -> Any:
    from comptoir.channels.port import Person

    return Person("zoe@dupre.example", "Zoé Dupré")


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
