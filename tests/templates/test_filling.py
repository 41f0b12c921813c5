"""Values go in byte for byte, and what WhatsApp would refuse is refused before it leaves."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.channels.chat import TemplateButton, TemplateFound, TemplateUse
from comptoir.foundation.errors import Problem
from comptoir.templates import filling
from comptoir.templates.errors import HeaderFileMissing, TooLong, ValueMissing, ValueRefused

CASES = json.loads((Path(__file__).parent / "filling.json").read_text())


def found(**given: Any) -> TemplateFound:
    facts = {
        "external_id": "1",
        "name": "commande_prete",
        "language": "fr",
        "category": "utility",
        "status": "approved",
        "body": "Bonjour {{1}}, votre commande {{2}} est prête.",
    }
    return TemplateFound(**(facts | given))


def use(template: TemplateFound, **given: Any) -> TemplateUse:
    return TemplateUse(found=template, **({"values": {"1": "Léa", "2": "12"}} | given))


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:30] for case in CASES])
def test_browser_and_server_fill_alike(case: dict[str, Any]) -> None:
    filled = filling.fill(case["text"], case["values"])

    assert (filled.text, list(filled.missing)) == (case["filled"], case["missing"])


@given(st.text().filter(str.strip), st.text().filter(str.strip))
def test_any_value_arrives_as_it_was_given(one: str, two: str) -> None:
    assert filling.fill("a {{1}} b {{2}} c", {"1": one, "2": two}).text == f"a {one} b {two} c"


def test_variables_are_found_once_in_the_order_of_the_text() -> None:
    found = filling.variables("{{b}} {{a.x|défaut}} {{b|plus tard}}")

    assert found == [filling.Variable("b", "plus tard"), filling.Variable("a.x", "défaut")]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"1": "Léa"}, ValueMissing),
        ({"1": "Léa", "2": "  "}, ValueMissing),
        ({"1": "Léa\nMorel", "2": "12"}, ValueRefused),
        ({"1": "Léa\tMorel", "2": "12"}, ValueRefused),
        ({"1": "Léa    Morel", "2": "12"}, ValueRefused),
        ({"1": "L" * 1020, "2": "12"}, TooLong),
    ],
)
def test_a_value_that_whatsapp_would_refuse_is_refused_here(values: dict[str, str], problem: type[Problem]) -> None:
    with pytest.raises(problem):
        filling.checked(use(found(), values=values), has_header_file=False)


def test_three_spaces_and_any_sign_are_fine() -> None:
    values = {"1": "<Léa>   & Cie", "2": 'n° "12"'}

    assert filling.checked(use(found(), values=values), has_header_file=False).values == values


def test_a_media_header_wants_its_file_unless_the_template_holds_one() -> None:
    with pytest.raises(HeaderFileMissing):
        filling.checked(use(found(header_format="image")), has_header_file=False)

    filling.checked(use(found(header_format="image")), has_header_file=True)
    filling.checked(use(found(header_format="image", header="https://x.example/a.png")), has_header_file=False)


def test_a_variable_in_the_address_of_a_picture_is_filled_like_any_other() -> None:
    template = found(header_format="image", header="https://x.example/{{9}}.png")
    with pytest.raises(ValueMissing):
        filling.checked(use(template), has_header_file=False)
    checked = filling.checked(use(template, header_values={"9": "plan"}), has_header_file=False)
    assert checked.header_values == {"9": "plan"}


def test_header_and_buttons_are_checked_like_the_body() -> None:
    link = TemplateButton(kind="url", text="Suivre", url="https://x.example/{{1}}")
    template = found(header_format="text", header="Commande {{1}}", buttons=(link,))
    with pytest.raises(ValueMissing) as header:
        filling.checked(use(template, button_values={0: "abc"}), has_header_file=False)
    with pytest.raises(ValueMissing) as button:
        filling.checked(use(template, header_values={"1": "12"}), has_header_file=False)

    assert header.value.facts == {"names": "1"}
    assert button.value.facts == {"names": "Suivre"}
    filling.checked(use(template, header_values={"1": "12"}, button_values={0: "abc"}), has_header_file=False)


def test_a_one_time_code_goes_into_its_button_too() -> None:
    template = found(body="{{1}} est votre code.", buttons=(TemplateButton(kind="otp", text="Copier"),))

    checked = filling.checked(use(template, values={"1": "482913"}), has_header_file=False)

    assert checked.button_values == {0: "482913"}


def test_what_the_customer_will_see_is_what_is_kept() -> None:
    template = found(header_format="text", header="Commande {{1}}", footer="Pièces Express")

    text, content = filling.sent(7, use(template, header_values={"1": "12"}))

    assert text == "Bonjour Léa, votre commande 12 est prête."
    assert (content.template_id, content.header, content.footer) == (7, "Commande 12", "Pièces Express")
