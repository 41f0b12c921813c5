"""The answers of a WhatsApp flow, which both providers hand over as JSON in a string, or as whatever the flow made of it."""

from comptoir.channels.chat import Answer, Form
from comptoir.providers.loose import Json, decode, packed, text

MOST = 100


def form(name: str, given: str, body: str = "") -> Form:
    """The answers of a flow, which come as JSON in a string; what is no such JSON is shown as it is."""
    try:
        said = decode(given.encode()) if given else {}
    except (ValueError, RecursionError):
        said = None
    if isinstance(said, dict):
        return Form(name or body, answers(said))
    return Form(name or body, (Answer("", given[:4000]),))


def answers(said: Json) -> tuple[Answer, ...]:
    """`flow_token` is ours, not an answer."""
    return tuple(
        Answer(text(key), text(value) if isinstance(value, str) else packed(value))
        for key, value in list(said.items())[:MOST]
        if key != "flow_token" and value not in (None, "")
    )
