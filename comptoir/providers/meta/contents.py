"""What a message of Meta's holds besides words and files: places, cards, answers, orders."""

from comptoir.channels.chat import Card, Cards, Choice, Content, Form, Location, Notice, Order, OrderLine
from comptoir.providers import flows
from comptoir.providers.loose import Json, items, mapping, number, text

MOST = 100  # cards, answers or lines of an order that are kept


def content(raw: Json, kind: str) -> Content | None:
    """None for a kind that has none, or whose part is missing."""
    if kind == "location":
        return _location(mapping(raw, "location"))
    if kind == "contacts":
        return Cards(tuple(_card(card) for card in items(raw, "contacts"))[:MOST])
    if kind == "button":
        return Choice(text(raw, "button", "text") or text(raw, "button", "payload"), text(raw, "button", "payload"))
    if kind == "interactive":
        return _interactive(mapping(raw, "interactive"))
    if kind == "order":
        return Order(tuple(_line(line) for line in items(raw, "order", "product_items"))[:MOST])
    return None


def title(interactive: Json) -> str:
    """What the customer sees that they answered."""
    kind = text(interactive, "type")
    return text(interactive, kind, "title") if kind in ("button_reply", "list_reply") else ""


def _location(said: Json) -> Location | None:
    latitude, longitude = number(said, "latitude"), number(said, "longitude")
    if latitude is None or longitude is None:
        return None
    return Location(latitude, longitude, text(said, "name"), text(said, "address"), text(said, "url"))


def _card(said: Json) -> Card:
    name = text(said, "name", "formatted_name") or " ".join(
        part for key in ("first_name", "last_name") if (part := text(said, "name", key))
    )
    return Card(
        name=name,
        organisation=text(said, "org", "company"),
        phones=tuple(phone for each in items(said, "phones") if (phone := text(each, "phone") or text(each, "wa_id"))),
        emails=tuple(email for each in items(said, "emails") if (email := text(each, "email"))),
    )


def _interactive(said: Json) -> Content | None:
    kind = text(said, "type")
    answer = mapping(said, kind)
    if kind in ("button_reply", "list_reply"):
        return Choice(text(answer, "title"), text(answer, "id"), text(answer, "description"))
    if kind == "nfm_reply":
        return flows.form(text(answer, "name"), text(answer, "response_json"), text(answer, "body"))
    if kind == "call_permission_reply":
        return Notice("call_permission", text(answer, "response"))
    if kind.startswith("payment_") and answer:
        return Form(kind, flows.answers(answer))
    return None


def _line(said: Json) -> OrderLine:
    return OrderLine(
        text(said, "product_retailer_id"),
        number(said, "quantity") or 0.0,
        number(said, "item_price"),
        text(said, "currency"),
    )
