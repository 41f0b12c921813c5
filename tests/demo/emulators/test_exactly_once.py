"""From the emulated provider's own books: whatever was said is in the inbox, and each of it once."""

import time

from comptoir.channels import queries
from comptoir.channels.models import Channel
from comptoir.demo.emulators.numbers import Number
from comptoir.foundation.transaction import Transaction
from tests.house import Served
from tests.rig.emulator import EmulatedWhatsApp


def test_each_message_is_in_the_inbox_once(served: Served, emulator: EmulatedWhatsApp) -> None:
    """Ten customers at once, one body for many of them, and every body a second time."""
    number = emulator.meta_number(webhook_url=f"{served.url}/api/webhooks/meta/key")
    served.services.database.write_now(lambda tx: connect(tx, served, number, emulator.url))
    people = [emulator.person(f"Client {place}", f"3363998{place:04}") for place in range(10)]

    emulator.emulator.courier.hold()
    for person in people:
        emulator.says(number, person, "Bonjour")
    emulator.emulator.courier.release()
    for person in people:
        emulator.says(number, person, "Vous êtes là ?")
    for attempt in emulator.attempts:
        emulator.inject(number, attempt.body)

    said = sorted(emulator.emulator.ids(number))
    deadline = time.monotonic() + 20
    while (kept := served.services.database.read_now(messages)) != said and time.monotonic() < deadline:
        time.sleep(0.05)
    assert kept == said and len(said) == 20
    assert not emulator.emulator.courier.lost


def connect(tx: Transaction, served: Served, number: Number, url: str) -> None:
    tx.add(
        Channel(
            kind="whatsapp",
            provider="meta",
            name=number.name,
            address=number.phone,
            settings=number.settings(url, webhook_key="key"),
            secrets=queries.sealed(number.secrets(), served.services.secrets),
            health="connected",
            version=0,
            created_at=tx.now,
        )
    )


def messages(tx: Transaction) -> list[str]:
    return sorted(id for (id,) in tx.rows("SELECT external_id FROM messages"))
