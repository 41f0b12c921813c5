"""Everything the emulated WhatsApp knows: numbers, people, what they said to one another, and when."""

import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from comptoir.demo.emulators.agenda import Agenda, VirtualClock
from comptoir.demo.emulators.faults import Faults
from comptoir.demo.emulators.files import File, Files
from comptoir.demo.emulators.limits import Buckets, Limits
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.people import People, Person

WINDOW = timedelta(hours=24)


@dataclass
class Said:
    """One bubble on the customer's phone. `kind` in Meta's words (text, image, template ...). `state` is how far a message of
    the business has come: accepted, sent, delivered, read, played, failed. `our_id`: what the business sent along;
    `status_url`: where Twilio tells what becomes of it. `extra`: the provider's own fields, for its webhooks."""

    id: str
    number: Number
    person: Person
    by: Literal["customer", "business"]
    at: datetime
    kind: str
    text: str = ""
    file: File | None = None
    quoted_id: str = ""
    our_id: str = ""
    status_url: str = ""
    state: str = ""
    error: int = 0
    is_voice: bool = False
    header: str = ""
    footer: str = ""
    buttons: tuple[str, ...] = ()
    reactions: dict[str, str] = field(default_factory=dict)
    is_revoked: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


class World:
    def __init__(self, real_clock: Callable[[], datetime], *, is_live: bool) -> None:
        """`is_live`: people watch, so that statuses take their time, and what is told carries the time on the wall."""
        self.clock = VirtualClock(real_clock)
        self.is_live = is_live
        self.agenda = Agenda(self.clock)
        self.faults = Faults(delay=0.7) if is_live else Faults()
        self.limits = Limits()
        self.buckets = Buckets(self.clock)
        self.files = Files(self.clock)
        self.numbers: list[Number] = []
        self.people = People()
        self.said: dict[str, Said] = {}
        self.typing: dict[tuple[str, str], datetime] = {}
        self.url = ""
        self.shortcut = (
            "",
            "",
        )  # an address of the business as it is known outside, and where it is reached on this machine
        self._serials = itertools.count(1)

    # -- who and when

    def number(self, id: str) -> Number | None:
        """By phone_number_id, or by Twilio's number."""
        return next((number for number in self.numbers if number.id == id), None)

    def of_account(self, account: str) -> list[Number]:
        return [number for number in self.numbers if number.account == account]

    def stamp(self) -> str:
        """Now, as webhooks write it: seconds of the epoch. In a live world the clock on the wall, whatever was turned."""
        return str(int((self.clock.real() if self.is_live else self.clock()).timestamp()))

    def reached(self, url: str) -> str:
        outside, inside = self.shortcut
        return inside + url.removeprefix(outside) if outside and url.startswith(outside) else url

    # -- ids

    def new_id(self, number: Number, person: Person) -> str:
        if number.provider == "meta":
            return f"wamid.{secrets.token_hex(18).upper()}"
        return self.sid("SM")

    def sid(self, prefix: str) -> str:
        return prefix + secrets.token_hex(16)

    def serial(self) -> int:
        return next(self._serials)

    # -- what was said

    def add(self, said: Said) -> Said:
        self.said[said.id] = said
        return said

    def chat(self, number: Number, person: Person) -> list[Said]:
        return [said for said in self.said.values() if said.number is number and said.person is person]

    def speaker(self, number: Number, group_id: str) -> Person | None:
        """Who spoke last in a group: what is said to all of it arrives there, as far as this world goes."""
        spoke = (said for said in reversed(self.said.values()) if said.number is number and said.by == "customer")
        return next((said.person for said in spoke if said.extra.get("group_id") == group_id), None)

    def window_until(self, number: Number, person: Person) -> datetime | None:
        """Until when the business may write freely: 24 hours from the customer's last message."""
        last = max((said.at for said in self.chat(number, person) if said.by == "customer"), default=None)
        return last + WINDOW if last is not None else None

    def is_open(self, number: Number, person: Person) -> bool:
        until = self.window_until(number, person)
        return not self.faults.is_window_strict or (until is not None and until > self.clock())
