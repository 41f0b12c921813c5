"""Who is on WhatsApp: people with a phone number, a user id, both or neither known to the business."""

from dataclasses import dataclass
from typing import Literal

Shown = Literal["phone", "both", "bsuid", "parent", "empty"]


@dataclass
class Person:
    """`phone` is the wa_id: digits, in the form that WhatsApp itself uses (Brazil without the ninth digit, Mexico with a 1,
    Argentina with a 9). `shown` says what the business gets to see of it; `empty` is the early draft that sent empty strings."""

    name: str
    phone: str
    bsuid: str = ""
    parent_bsuid: str = ""
    username: str = ""
    shown: Shown = "phone"

    @property
    def key(self) -> str:
        return self.phone or self.bsuid

    @property
    def shows_phone(self) -> bool:
        return self.shown in ("phone", "both") and bool(self.phone)

    @property
    def shows_bsuid(self) -> bool:
        return self.shown != "phone" and bool(self.bsuid)


class People:
    def __init__(self) -> None:
        self.all: list[Person] = []

    def add(self, person: Person) -> Person:
        self.all.append(person)
        return person

    def reached(self, *, phone: str = "", bsuid: str = "") -> Person | None:
        """Whom a business means by a number as it wrote it, or by a user id."""
        if phone:
            digits = same_digits(phone)
            return next((person for person in self.all if person.phone and same_digits(person.phone) == digits), None)
        return next((person for person in self.all if bsuid and bsuid in (person.bsuid, person.parent_bsuid)), None)


def same_digits(phone: str) -> str:
    """The digits of a number in one form, whichever of its national variants was written."""
    digits = "".join(character for character in phone if character.isdigit())
    if digits.startswith("55") and len(digits) == 12:
        return f"{digits[:4]}9{digits[4:]}"
    for country, mark in (("52", "1"), ("54", "9")):
        if digits.startswith(country + mark) and len(digits) == 13:
            return country + digits[3:]
    return digits
