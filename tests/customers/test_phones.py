"""A number that is plainly written is read without the parser, and reads the same."""

import random

import phonenumbers
import pytest

from comptoir.customers import phones


def parsed(text: str, country: str) -> str | None:
    """By the parser alone."""
    try:
        number = phonenumbers.parse(f"+{text[2:]}" if text.startswith("00") else text, country)
    except phonenumbers.NumberParseException:
        return None
    is_short = number.italian_leading_zero and not phonenumbers.is_valid_number(number)  # "06 12 34 56 7"
    if is_short or not phonenumbers.is_possible_number(number):
        return None
    return phones.normalise(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def test_plain_numbers_read_as_the_parser_reads_them() -> None:
    chance = random.Random(6)
    for country in sorted(phonenumbers.SUPPORTED_REGIONS) * 40:
        calling = phonenumbers.country_code_for_region(country)
        before = chance.choice(["0", "0", "", f"+{calling}", f"00{calling}", f"+{calling}0", "+", "01", "09"])
        text = before + "".join(chance.choices("0123456789", k=chance.randint(4, 11)))
        text = " ".join(text[n : n + 2] for n in range(0, len(text), 2)) if chance.random() < 0.3 else text
        assert phones.parsed(text, country) == parsed(text, country), text


def test_a_french_file_needs_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phonenumbers, "parse", lambda *_: pytest.fail("it was parsed"))

    written = ["06 12 34 56 78", "06.12.34.56.78", "0612345678", "+33 6 12 34 56 78", "0033612345678", "06-12-34-56-78"]
    assert {phones.parsed(text, "FR") for text in written} == {"33612345678"}


def test_what_a_country_dials_of_its_own_number() -> None:
    for country in phonenumbers.SUPPORTED_REGIONS:
        example = phonenumbers.example_number(country)
        assert example is not None
        digits = phones.normalise(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164))

        assert phones.dialled(digits) == str(phonenumbers.parse(f"+{digits}").national_number), country


@pytest.mark.parametrize("given", ["PHONE_NUMBER", "", "user.name"])
def test_what_a_provider_calls_a_number_and_is_none_is_left_as_it_is(given: str) -> None:
    assert phones.dialled(given) == given
