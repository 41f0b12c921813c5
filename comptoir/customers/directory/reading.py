"""What others write about a customer, as we keep it: or the reason why not. Pure."""

import re
from functools import lru_cache

import phonenumbers

from comptoir.customers import phones
from comptoir.customers.words import fold

HOME = "FR"
EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\"]{2,}")
COUNTRIES = {
    "france": "FR",
    "belgique": "BE",
    "belgium": "BE",
    "suisse": "CH",
    "switzerland": "CH",
    "luxembourg": "LU",
    "allemagne": "DE",
    "germany": "DE",
    "espagne": "ES",
    "spain": "ES",
    "italie": "IT",
    "italy": "IT",
    "portugal": "PT",
    "pays-bas": "NL",
    "netherlands": "NL",
    "royaume-uni": "GB",
    "united kingdom": "GB",
    "irlande": "IE",
    "maroc": "MA",
    "morocco": "MA",
    "algerie": "DZ",
    "tunisie": "TN",
    "senegal": "SN",
    "cote d'ivoire": "CI",
    "canada": "CA",
    "etats-unis": "US",
    "united states": "US",
}


class Bad(ValueError):
    """`reason`: bad_email, bad_phone, bad_country ...; its words are those that are meant."""

    def __init__(self, reason: str, given: str) -> None:
        super().__init__(given[:200])
        self.reason = reason
        self.given = given[:200]


def email(text: str) -> str:
    address = text.strip().strip("<>").removeprefix("mailto:").lower()
    if not EMAIL.fullmatch(address) or len(address) > 320:
        raise Bad("bad_email", text)
    return address


def phone(text: str, country: str | None) -> str:
    """Digits, international, of a number written in international form or as in that country."""
    found = phones.parsed(text.strip(), country or HOME)
    if found is None:
        raise Bad("bad_phone", text)
    return found


@lru_cache(maxsize=256)
def country(text: str) -> str:
    code = COUNTRIES.get(fold(text.strip()).replace("’", "'"), text.strip().upper())
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise Bad("bad_country", text)
    return code


@lru_cache(maxsize=256)
def language(text: str) -> str:
    """fr, fr-FR, Français."""
    folded = fold(text.strip())
    known = {"francais": "fr", "french": "fr", "anglais": "en", "english": "en", "allemand": "de", "german": "de"}
    code = known.get(folded, folded.replace("_", "-").partition("-")[0])
    if not re.fullmatch(r"[a-z]{2,3}", code):
        raise Bad("bad_language", text)
    return code


def shown(address: str) -> str:
    """A number as its own country writes it, with its prefix; an address as it is."""
    try:
        number = phonenumbers.parse(address)
    except phonenumbers.NumberParseException:
        return address
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def country_of(phone: str) -> str | None:
    """Of a number in international form."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(f"+{phone.strip().lstrip('+')}"))
    except phonenumbers.NumberParseException:
        return None
