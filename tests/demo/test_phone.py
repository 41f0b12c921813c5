"""The customer's phone, over HTTP: what is done there takes the real way into the inbox, and what the team does arrives there."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from comptoir.demo import props
from comptoir.demo.phone import screens
from comptoir.demo.phone.schemas import PhoneChat
from comptoir.demo.phone.switchboard import Switchboard
from comptoir.foundation.services import Services
from tests.house import Served

Json = Any


@pytest.fixture
def anne(served: Served) -> httpx.Client:
    """The owner of a house that has just been filled with sample data."""
    client = httpx.Client(base_url=served.url, timeout=60)
    client.get("/api/start")
    client.headers["x-csrftoken"] = client.cookies["csrftoken"]
    given = {"name": "Anne", "email": "anne@vrai.example", "password": "un mot de passe long", "language": "fr"}
    assert client.post("/api/setup", json=given).status_code == 201
    assert client.post("/api/demo").status_code == 204
    return client


def until(found: Callable[[], Json], seconds: float = 15) -> Json:
    """The first thing that is found, while the house works."""
    deadline = time.monotonic() + seconds
    while not (thing := found()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)
    return thing


def chat_of(anne: httpx.Client, key: str, number: str) -> str:
    book = anne.get("/api/demo/phone").json()
    person = next(person for person in book["people"] if person["key"] == key)
    channel_id = next(chat["channel_id"] for chat in person["chats"] if chat["name"] == number)
    return f"/api/demo/phone/{key}/chats/{channel_id}"


def rows(anne: httpx.Client, name: str, **wanted: Json) -> list[Json]:
    """The conversations of somebody, as the list shows them."""
    page = anne.get("/api/conversations", params={"status": "any", "tab": "all", "limit": 100}).json()
    return [row for row in page["rows"] if row["contact_name"] == name and wanted.items() <= row.items()]


def texts(anne: httpx.Client, conversation_id: int) -> list[str]:
    return [message["text"].strip() for message in anne.get(f"/api/conversations/{conversation_id}").json()["messages"]]


def newest(anne: httpx.Client, conversation_id: int) -> Json:
    return anne.get(f"/api/conversations/{conversation_id}").json()["messages"][-1]


def test_a_customer_is_played_on_whatsapp(anne: httpx.Client) -> None:
    """Words by both providers, a photo of one's own and a place; then hours pass, and the window closes."""
    for number in ("WhatsApp Comptoir", "WhatsApp Atelier"):
        chat = chat_of(anne, "hartley", number)
        assert anne.post(f"{chat}/messages", json={"text": "Do you have a front disc?"}).status_code == 204
        [row] = until(lambda chat=chat: rows(anne, "Emma Hartley", channel_id=int(chat.rpartition("/")[2])))
        assert newest(anne, row["id"])["text"] == "Do you have a front disc?"
        assert anne.get(chat).json()["messages"][-1]["text"] == "Do you have a front disc?"
    chat, row = came_with_a_photo_and_a_place(anne)
    before = newest(anne, row["id"])["at"]

    assert anne.post("/api/demo/phone/time", json={"hours": 25}).status_code == 204

    [after] = rows(anne, "Emma Hartley", id=row["id"])
    assert after["window_until"] < row["last_at"], "Comptoir holds it for closed"
    phone = anne.get(chat).json()
    assert phone["open_until"] is None, "and so do the providers"
    assert phone["messages"][-1]["at"][:16] == newest(anne, row["id"])["at"][:16] < before, (
        "they agree on how old it is"
    )
    anne.post(f"{chat}/messages", json={"text": "Still there?"})
    until(lambda: rows(anne, "Emma Hartley", id=row["id"])[0]["window_until"] > row["last_at"])
    assert anne.get(chat).json()["open_until"] is not None


def came_with_a_photo_and_a_place(anne: httpx.Client) -> tuple[str, Json]:
    chat = chat_of(anne, "hartley", "WhatsApp Comptoir")
    photo = {"file": ("disc.png", props.picture("hartley"), "image/png")}
    assert anne.post(f"{chat}/files", files=photo, data={"caption": "This one"}).status_code == 204
    assert anne.post(f"{chat}/messages", json={"sample": "place"}).status_code == 204
    [row] = rows(anne, "Emma Hartley", channel_id=int(chat.rpartition("/")[2]))
    until(lambda: len(anne.get(f"/api/conversations/{row['id']}").json()["messages"]) == 3)
    _, first, second = anne.get(f"/api/conversations/{row['id']}").json()["messages"]
    assert (first["text"], first["attachments"][0]["media_type"]) == ("This one", "image/png")
    assert second["content"]["type"] == "location"
    shown = anne.get(chat).json()["messages"][1]
    assert anne.get(shown["file"]["url"]).content == props.picture("hartley")
    return chat, row


def test_after_a_restart_it_remembers(demo: Services) -> None:
    """The emulated providers have no store: what was said is in the inbox."""

    async def look() -> tuple[PhoneChat, bytes]:
        board = Switchboard(demo)
        await board.open()
        chat = screens.chat(board, board.lines[0], "morel")
        file = board.emulator.world.said[chat.messages[0].id].file
        await board.close()
        return chat, file.content if file else b""

    chat, photo = asyncio.run(look())

    first, answer, voice, last = chat.messages
    assert (first.by, first.kind, photo) == ("customer", "image", props.brake_disc())
    assert (answer.by, answer.state, answer.mine) == ("business", "read", "👍")
    assert answer.quoted is not None and answer.quoted.text == first.text
    assert voice.is_voice and last.quoted is not None and last.quoted.text == answer.text
    assert chat.open_until is not None
    assert asyncio.run(look())[0] == chat


def test_a_mail_is_written_and_answered_until_the_phone_is_taken_away(anne: httpx.Client, served: Served) -> None:
    box = anne.get("/api/demo/phone").json()["mailboxes"][0]
    mail = {"channel_id": box["channel_id"], "subject": "Boîte de vitesses", "text": "Bonjour, vous en avez une ?"}

    assert anne.post("/api/demo/phone/morel/mails", json=mail).status_code == 204

    [row] = until(lambda: rows(anne, "Léa Morel", subject="Boîte de vitesses"))
    thread = anne.get("/api/demo/phone/morel/mails").json()[0]
    assert (thread["subject"], thread["mails"][0]["is_mine"]) == ("Boîte de vitesses", True)
    reply = {"client_id": "client-1", "text": "Oui, une.", "to": [{"address": "lea.morel@garage-morel.example"}]}
    assert anne.post(f"/api/conversations/{row['id']}/messages", json=reply).status_code in (200, 201)
    until(lambda: len(anne.get("/api/demo/phone/morel/mails").json()[0]["mails"]) == 2)
    answer = mail | {"conversation_id": row["id"], "text": "Je passe demain."}
    assert anne.post("/api/demo/phone/morel/mails", json=answer).status_code == 204
    until(lambda: "Je passe demain." in texts(anne, row["id"]))

    assert httpx.get(f"{served.url}/api/demo/phone").status_code == 401
    assert anne.get("/api/demo/phone/nobody/chats/1").status_code == 404
    assert anne.delete("/api/demo").status_code == 204
    assert anne.get("/api/demo/phone").json()["code"] == "no_phone"
