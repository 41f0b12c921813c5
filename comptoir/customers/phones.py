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
PLACES = 8192
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
    if not _is_possible(number):
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
def parsed(text: str, country: str) -> str | None:
    """The digits in E.164 of a number as it is written in that country. None where it is no number."""
    text = f"+{text[2:]}" if text.startswith("00") else text
    if plain := _plainly(text, country):
        return plain
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not _is_possible(number):
        return None
    return normalise(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _is_possible(number: phonenumbers.PhoneNumber) -> bool:
    """By its length. A zero that is left in front is a digit too few behind it, except where numbers begin so (Italy, Ivory
    Coast), which their table says."""
    return phonenumbers.is_possible_number(number) and (
        not number.italian_leading_zero or phonenumbers.is_valid_number(number)
    )


def dialled(digits: str) -> str:
    """What its own country dials of a number that is in E.164, without what one dials before it; what is no number is left as it
    is. Calling codes are one to three digits, and none begins another."""
    if not digits.isdecimal():
        return digits
    width = _calling_code(digits[:3])
    return digits[width:].lstrip("0") if width else digits


@lru_cache(maxsize=1000)
def _calling_code(digits: str) -> int:
    """How many of these digits are one; 0 where none is."""
    widths = (width for width in (1, 2, 3) if int(digits[:width]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    return next(widths, 0)


def _plainly(text: str, country: str) -> str | None:
    """The same as the whole parser says, of a number written without ornament in a country of plain rules; None: ask the parser,
    which takes thirty times as long, for each line of a file."""
    digits = text.translate(_ORNAMENTS)
    if not digits.isascii():
        return None
    if digits.startswith("+"):
        country = _by_calling_code(digits[1:4])
    rules = _rules(country)
    if rules is None:
        return None
    calling, trunk, lengths = rules
    before = f"+{calling}" if digits.startswith("+") else trunk
    national = digits.removeprefix(before)
    is_whole = digits.startswith(before) and len(national) in lengths and national.isdigit() and national[0] != "0"
    return f"{calling}{national}" if is_whole else None


@lru_cache
def _by_calling_code(digits: str) -> str:
    """The country that has it alone; "" where several share it."""
    codes = (digits[:width] for width in (1, 2, 3) if digits[:width].isdigit())
    regions = next((found for code in codes if (found := phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code)))), ())
    return regions[0] if len(regions) == 1 else ""


@lru_cache
def _rules(country: str) -> tuple[str, str, frozenset[int]] | None:
    """Calling code, what is dialled before a number within the country, and how many digits follow; None where it is not so plain:
    where numbers may begin as what is dialled before them, or are rewritten."""
    found = phonenumbers.PhoneMetadata.metadata_for_region(country) if is_country(country) else None
    if found is None or found.general_desc is None or found.national_prefix_transform_rule:
        return None
    if (found.international_prefix, found.national_prefix, found.national_prefix_for_parsing) != ("00", "0", "0"):
        return None
    if phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(found.country_code or 0) != (country,):
        return None  # they share it
    return str(found.country_code), "0", frozenset(found.general_desc.possible_length)


_ORNAMENTS = str.maketrans("", "", " .-\u00a0\u202f")


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
