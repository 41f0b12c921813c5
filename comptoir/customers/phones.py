"""One phone, one spelling: what makes two ways to write a number the same person. Pure.

Three countries write mobile numbers in two ways, and WhatsApp's own ids follow either: Brazil with or without its ninth
digit, Mexico with or without a 1, Argentina with a 9 before the area code or a 15 after it.
"""

import re
from functools import lru_cache

import phonenumbers

BRAZIL = re.compile(r"55(\d\d)([6-9]\d{7})")
MEXICO = re.compile(r"521(\d{10})")
ARGENTINA = re.compile(r"54(\d{10,13})")
PLACES = 4096
HOME = "FR"


def typed(text: str, *, near: str) -> str | None:
    """The digits, in E.164, of a number as a person types it: in international form, or as in the country of `near` (our own
    number; France where that says nothing). None where it is no number."""
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(f"+{near.strip().lstrip('+')}")) or HOME
    except phonenumbers.NumberParseException:
        region = HOME
    return typed_in(text, country=region)


def typed_in(text: str, *, country: str | None) -> str | None:
    """The same, as in that country (two letters)."""
    try:
        number = phonenumbers.parse(f"+{text.strip()[2:]}" if text.strip().startswith("00") else text, country or HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return normalise(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def shown(digits: str) -> str:
    """33612345678 as people read it: +33 6 12 34 56 78."""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@lru_cache(maxsize=PLACES)
def parsed(text: str, country: str) -> tuple[str, str] | None:
    """The digits in E.164 of a number as it is written in that country, and those that its own country dials. None where it is
    no number."""
    try:
        number = phonenumbers.parse(f"+{text[2:]}" if text.startswith("00") else text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    digits = normalise(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    if len(_dialled) >= PLACES:
        _dialled.clear()
    _dialled[digits] = str(number.national_number)
    return digits, _dialled[digits]


def dialled(digits: str) -> str | None:
    """The same of a number that is in E.164 already. Parsing is slow, and an import asks of each number three times."""
    known = _dialled.get(digits)
    if known is not None:
        return known
    try:
        return str(phonenumbers.parse(f"+{digits}").national_number)
    except phonenumbers.NumberParseException:
        return None


def was_parsed(digits: str) -> bool:
    return digits in _dialled


_dialled: dict[str, str] = {}  # of the numbers that were parsed lately


def is_country(code: str) -> bool:
    return code in phonenumbers.SUPPORTED_REGIONS


@lru_cache(maxsize=PLACES)
def normalise(phone: str) -> str:
    """Digits in E.164 without "+". What holds no digit is left as it is: it can still be compared."""
    digits = "".join(character for character in phone if character.isascii() and character.isdigit())
    if not digits:
        return phone.strip()
    digits = digits.removeprefix("00")
    if found := BRAZIL.fullmatch(digits):
        return f"55{found[1]}9{found[2]}"
    if found := MEXICO.fullmatch(digits):
        return f"52{found[1]}"
    if ARGENTINA.fullmatch(digits):
        return _argentine(digits)
    return digits


def _argentine(digits: str) -> str:
    """Without the 9 and the 15 of mobiles: area codes have two to four digits, so it takes their table to find the 15."""
    try:
        national = str(phonenumbers.parse(f"+{digits}").national_number)
    except phonenumbers.NumberParseException:
        return digits
    return "54" + (national[1:] if len(national) == 11 and national.startswith("9") else national)
