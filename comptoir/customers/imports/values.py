"""One cell as people write it: amounts with a comma, days before months, currencies as signs. Pure."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from comptoir.customers.words import fold

CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "eur": "EUR", "euro": "EUR", "euros": "EUR", "fcfa": "XOF"}
MOST = Decimal(10) ** 15
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev february feb",
            "mars mar march",
            "avril avr april apr",
            "mai may",
            "juin jun june",
            "juillet juil july jul",
            "aout august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        1,
    )
    for name in names.split()
}
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?: .*)?")
_NAMED = re.compile(r"(\d{1,2})(?:er)?[ .-]([a-z]+)\.?[ .-](\d{4}|\d{2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


def day(text: str) -> date | None:
    """ValueError where it is none; None where it is empty. 03/04/2026 is the third of April."""
    text = fold(text.strip())
    if not text:
        return None
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(text):
        return date(_year(found[3]), int(found[2]), int(found[1]))
    if (found := _NAMED.fullmatch(text)) and found[2] in _MONTHS:
        return date(_year(found[3]), _MONTHS[found[2]], int(found[1]))
    raise ValueError(text)


def cents(text: str) -> tuple[int | None, str]:
    """Hundredths, and the currency that is written beside; (None, "") where it is empty. ValueError where it is no amount."""
    text = fold(text.replace(" ", " ").replace(" ", " ").strip())
    if not text:
        return None, ""
    sign = next((mark for mark in sorted(CURRENCIES, key=len, reverse=True) if mark in text), "")
    code = re.search(r"\b[a-z]{3}\b", text)
    currency = CURRENCIES.get(sign) or (code[0].upper() if code else "")
    digits = re.sub(r"[^\d.,\-()]", "", text.replace("'", ""))
    is_negative = digits.startswith("-") or digits.endswith("-") or (digits.startswith("(") and digits.endswith(")"))
    plain = digits.strip("-()")
    try:
        amount = Decimal(_without_groups(plain))
    except InvalidOperation:
        raise ValueError(text) from None
    if amount > MOST:
        raise ValueError(text)
    return int((amount * 100).to_integral_value()) * (-1 if is_negative else 1), currency


def _without_groups(digits: str) -> str:
    """The last mark before one or two digits is the decimal one; every other groups thousands."""
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return digits
    whole, part = digits[:last], digits[last + 1 :]
    is_decimal = len(part) != 3 or (digits[last] == "," and "," not in whole and "." in whole) or whole in ("", "0")
    whole = re.sub(r"[.,]", "", whole)
    return f"{whole or 0}.{part or 0}" if is_decimal else whole + part


def _year(text: str) -> int:
    year = int(text)
    return year if year > 99 else year + (2000 if year < 70 else 1900)
