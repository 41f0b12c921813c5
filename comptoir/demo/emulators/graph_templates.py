"""Does this template exist, may it be sent, and do its values fit? Meta's answers, by code."""

import re

from msgspec import UNSET

from comptoir.demo.emulators.graph_shapes import Component, Parameter, TemplateUsed
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.templates import MARK, MEDIA, Template, filled

MOST_BODY = 1024
BROKEN_VALUE = re.compile(r"[\n\t]| {4,}")
UNSENDABLE = {"PAUSED": 132015, "DISABLED": 132016}
Refusal = tuple[int, str]


def find(number: Number, used: TemplateUsed) -> Template | Refusal:
    """By exact name and language."""
    named = [template for template in number.templates if template.name == used.name]
    found = next((template for template in named if template.language == used.language.code), None)
    if found is None or found.status not in ("APPROVED", *UNSENDABLE):
        return 132001, f"template name ({used.name}) does not exist in {used.language.code}"
    if found.status in UNSENDABLE:
        return UNSENDABLE[found.status], f"template ({used.name}) is {found.status.lower()}"
    return _misfit(found, used) or found


def values_of(used: TemplateUsed, template: Template) -> dict[str, str]:
    """What each variable of the body is filled with."""
    return _values(
        template, [p for component in used.components if component.type == "body" for p in component.parameters]
    )


def header_of(used: TemplateUsed, template: Template) -> str:
    for component in used.components:
        if component.type == "header" and template.header_format == "TEXT":
            marks = dict.fromkeys(MARK.findall(template.header))
            texts = [parameter.text for parameter in component.parameters]
            return filled(template.header, dict(zip(marks, texts, strict=False)))
    return template.header


def _values(template: Template, given: list[Parameter]) -> dict[str, str]:
    if template.is_named:
        return {parameter.parameter_name: parameter.text for parameter in given}
    return {str(place): parameter.text for place, parameter in enumerate(given, 1)}


def _misfit(template: Template, used: TemplateUsed) -> Refusal | None:
    bodies = [p for component in used.components if component.type == "body" for p in component.parameters]
    return (
        _body_misfit(template, bodies)
        or _header_misfit(template, [c for c in used.components if c.type == "header"])
        or _button_misfit(template, [c for c in used.components if c.type == "button"])
    )


def _body_misfit(template: Template, given: list[Parameter]) -> Refusal | None:
    wanted = template.marks
    if len(given) != len(wanted):
        return (
            132000,
            f"body: number of localizable_params ({len(given)}) does not match the expected number ({len(wanted)})",
        )
    names = [parameter.parameter_name for parameter in given]
    if (set(names) != set(wanted)) if template.is_named else any(names):
        return 132012, f"body: parameter names {names} do not match {wanted}"
    for parameter in given:
        if parameter.type == "text" and not parameter.text:
            return 131008, "body: text of a parameter is missing"
        if BROKEN_VALUE.search(parameter.text):
            return 132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
    if len(filled(template.body, _values(template, given))) > MOST_BODY:
        return 132005, f"body is longer than {MOST_BODY}"
    return None


def _header_misfit(template: Template, headers: list[Component]) -> Refusal | None:
    given = [parameter for component in headers for parameter in component.parameters]
    if template.header_format in MEDIA:
        kind = template.header_format.lower()
        if len(given) != 1 or given[0].type != kind or getattr(given[0], kind) is UNSET:
            return 132012, f"header: Format mismatch, expected {template.header_format}"
        return None
    wanted = len(dict.fromkeys(MARK.findall(template.header)))
    if len(given) != wanted:
        return (
            132000,
            f"header: number of localizable_params ({len(given)}) does not match the expected number ({wanted})",
        )
    return None


def _button_misfit(template: Template, buttons: list[Component]) -> Refusal | None:
    given = {int(component.index): component for component in buttons if str(component.index).isdigit()}
    if len(given) != len(buttons) or any(index >= len(template.buttons) for index in given):
        return 131009, "button: index is not valid"
    for index, button in enumerate(template.buttons):
        wants = button.kind == "COPY_CODE" or (button.kind == "URL" and MARK.search(button.url))
        if wants and not (index in given and given[index].parameters):
            return 131008, f"button: parameter of button at index {index} is missing"
        if index in given and given[index].sub_type.upper() != button.kind:
            return 132012, f"button: sub_type of button at index {index} does not match {button.kind}"
    return None
