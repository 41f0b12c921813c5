"""What every provider of numbers promises, tried on both against the emulators, over real HTTP, unchanged but for the address."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from comptoir.channels.chat import Alias, ChatOutgoing, MediaRef, Party, TemplateUse
from comptoir.channels.port import (
    Connection,
    ConnectionTrouble,
    MediaTrouble,
    NumberProvider,
    OutgoingFile,
    SendError,
)
from comptoir.demo.emulators.faults import Broken
from comptoir.demo.emulators.limits import Rate
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.people import Person
from comptoir.demo.emulators.templates import Button, Template
from comptoir.providers import NUMBERS
from tests.rig.emulator import EmulatedWhatsApp

T = TypeVar("T")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
HOOK = "https://comptoir.example/api/webhooks"


@dataclass
class Line:
    """One of our numbers, as its provider is given it, and Léa, who has just written to it."""

    name: str
    emulator: EmulatedWhatsApp
    number: Number
    lea: Person

    @property
    def provider(self) -> NumberProvider:
        return NUMBERS[self.name]

    @property
    def connection(self) -> Connection:
        settings = self.number.settings(self.emulator.url, webhook_key="key")
        return Connection(1, self.number.phone, "Garage", settings, self.number.secrets())

    @property
    def webhook_url(self) -> str:
        return f"{HOOK}/{self.name}/key"

    def outgoing(self, words: str = "Elle est prête.", *, to: str = "", **more: Any) -> ChatOutgoing:
        return ChatOutgoing(our_id="m7", to=Party((Alias("phone", to or self.lea.phone),)), words=words, **more)

    def ask(self, work: Callable[[NumberProvider], Coroutine[Any, Any, T]]) -> T:
        return asyncio.run(work(self.provider))

    def send(self, outgoing: ChatOutgoing | None = None) -> str:
        return self.ask(lambda provider: provider.send(self.connection, outgoing or self.outgoing())).external_id

    def refusal(self, outgoing: ChatOutgoing | None = None) -> SendError:
        with pytest.raises(SendError) as refused:
            self.send(outgoing)
        return refused.value

    def check(self, connection: Connection | None = None) -> dict[str, tuple[str, str]]:
        found = self.ask(lambda provider: provider.check(connection or self.connection, webhook_url=self.webhook_url))
        return {finding.what: (finding.state, finding.code) for finding in found}

    def with_secret(self, **secrets: str) -> Connection:
        given = self.connection
        return Connection(1, given.address, given.name, given.settings, {**given.secrets, **secrets})


@pytest.fixture(params=["meta", "twilio"])
def line(request: pytest.FixtureRequest, emulator: EmulatedWhatsApp) -> Line:
    number = emulator.meta_number() if request.param == "meta" else emulator.twilio_number()
    lea = emulator.person("Léa Morel", "33639980001")
    emulator.says(number, lea, "Bonjour")
    return Line(request.param, emulator, number, lea)


def test_promises_that_a_message_arrives_and_is_named(line: Line) -> None:
    id = line.send()
    [said] = line.emulator.received(line.number)
    assert (said.id, said.text, said.person) == (id, "Elle est prête.", line.lea)


def test_promises_the_words_byte_for_byte(line: Line) -> None:
    words = "Prix : 12,50 €\n\n*gras* <b>non</b> & 👩‍🔧 {{1}}"
    line.send(line.outgoing(words))
    assert line.emulator.received(line.number)[0].text == words


def test_promises_that_a_closed_window_is_said(line: Line) -> None:
    line.emulator.advance(hours=25)
    if line.name == "twilio":  # which takes it, and tells later
        line.send()
        assert line.emulator.received(line.number)[0].error == 63016
        return
    error = line.refusal()
    assert (error.code, error.permanent, error.unknown) == ("window_closed", True, False)


@pytest.mark.parametrize("how", ["silent", "html", "truncated", "reset"])
def test_promises_never_to_take_an_unknown_outcome_for_a_failure(
    line: Line, how: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comptoir.providers.wire.SECONDS", 0.5)
    line.emulator.faults.broken.append(Broken(how, "send", is_done=True))
    error = line.refusal()
    assert (error.code, error.permanent, error.unknown) == ("unknown_outcome", False, True)
    assert len(line.emulator.received(line.number)) == 1


def test_promises_that_being_too_fast_is_no_failure(line: Line) -> None:
    line.emulator.limits.number = Rate(0, 0)
    error = line.refusal()
    assert (error.code, error.permanent, error.unknown) == ("rate_limited", False, False)


def test_promises_that_a_busy_answer_without_words_is_no_failure(line: Line) -> None:
    line.emulator.faults.broken.append(Broken("busy", "send"))
    error = line.refusal()
    assert (error.code, error.permanent, error.unknown) == ("rate_limited", False, False)


def test_promises_that_nobody_there_means_nothing_was_sent(line: Line) -> None:
    connection = line.connection
    gone = Connection(1, connection.address, "", {**connection.settings, "base_url": "http://127.0.0.1:1"}, {})
    with pytest.raises(SendError) as refused:
        line.ask(lambda provider: provider.send(gone, line.outgoing()))
    assert (refused.value.code, refused.value.permanent, refused.value.unknown) == ("unreachable", False, False)


def test_promises_to_say_who_cannot_be_reached(line: Line) -> None:
    error = line.refusal(line.outgoing(to="33600000000"))
    assert (error.code, error.permanent) == ("not_on_whatsapp", True)


def test_promises_a_check_list_that_is_asked(line: Line) -> None:
    line.number.webhook_url = line.webhook_url
    line.number.templates.append(Template("1", "bonjour", "fr", "Bonjour"))
    assert line.check() == {
        "token": ("ok", "token_valid"),
        "number": ("ok", "number_found"),
        "quality": ("ok", "quality_good"),
        "webhook": ("ok", "webhook_subscribed"),
        "templates": ("ok", "templates_found"),
    }


def test_promises_to_say_that_the_secret_is_wrong(line: Line) -> None:
    name = "access_token" if line.name == "meta" else "auth_token"
    assert line.check(line.with_secret(**{name: "wrong"})) == {"token": ("failed", "sign_in_failed")}


def test_promises_to_say_that_somebody_else_is_called(line: Line) -> None:
    line.number.webhook_url = "https://another.example/hook"
    state, code = line.check()["webhook"]
    assert state == "failed" and code in ("webhook_elsewhere", "webhook_unverified")


def test_promises_to_say_that_nobody_answers(line: Line) -> None:
    line.emulator.faults.broken.append(Broken("html", times=1))
    assert line.check() == {"token": ("failed", "protocol_error")}


def test_promises_every_page_of_the_templates(line: Line) -> None:
    line.number.templates += [
        Template(f"HX{n:032x}", f"rappel_{n}", "fr", "Bonjour {{1}}", examples={"1": "Léa"}) for n in range(230)
    ]
    found = line.ask(lambda provider: provider.templates(line.connection))
    assert [one.name for one in found] == [f"rappel_{n}" for n in range(230)]
    assert (found[0].status, found[0].body, found[0].examples) == ("approved", "Bonjour {{1}}", {"1": "Léa"})


def test_promises_a_template_outside_the_window_with_its_values_as_they_are(line: Line) -> None:
    buttons = [Button("URL", "Suivre", url="https://garage.example/suivi/{{1}}", example="42")]
    if line.name == "twilio":  # where all variables of a content share one set of names
        buttons = [Button("URL", "Suivre", url="https://garage.example/suivi/{{3}}", example="42")]
    line.number.templates.append(
        Template(
            f"HX{1:032x}",
            "pret",
            "fr",
            "Bonjour {{1}}, {{2}} est prête.",
            buttons=buttons,
            examples={"1": "a", "2": "b"},
        )
    )
    [found] = line.ask(lambda provider: provider.templates(line.connection))
    line.emulator.advance(hours=25)
    use = TemplateUse(found=found, values={"1": "Léa & Cie", "2": "la « 308 »"}, button_values={0: "A-17"})
    line.send(line.outgoing("", template=use))
    line.emulator.settle()
    [said] = line.emulator.received(line.number)
    assert (said.text, said.state) == ("Bonjour Léa & Cie, la « 308 » est prête.", "delivered")


def test_promises_a_file_that_came(line: Line) -> None:
    ref = received_file(line)
    media = line.ask(lambda provider: provider.fetch(line.connection, ref))
    assert (media.content, media.media_type) == (PNG, "image/png")


def test_promises_to_fetch_from_its_own_hosts_only(line: Line) -> None:
    ref = MediaRef(url="https://collector.example/x", media_type="image/png")
    if line.name == "meta":  # which is asked for an id, and never follows an address that a webhook named
        ref = MediaRef(id="7000000000000000", url="https://collector.example/x", media_type="image/png")
    with pytest.raises(MediaTrouble) as trouble:
        line.ask(lambda provider: provider.fetch(line.connection, ref))
    assert (trouble.value.code, trouble.value.permanent) == (
        ("media_gone", True) if line.name == "meta" else ("media_refused", True)
    )


def test_promises_that_typing_is_shown(line: Line) -> None:
    said = line.emulator.says(line.number, line.lea, "Vous êtes là ?")
    line.ask(lambda provider: provider.mark_read(line.connection, said.id, is_typing=True))
    assert (line.number.id, line.lea.key) in line.emulator.world.typing
    with pytest.raises(ConnectionTrouble):
        line.ask(lambda provider: provider.mark_read(line.connection, "unknown", is_typing=True))


def test_meta_sends_a_file_with_its_words_and_quotes(emulator: EmulatedWhatsApp) -> None:
    number, lea = emulator.meta_number(), emulator.person("Léa Morel", "33639980001")
    asked = emulator.says(number, lea, "Une photo ?")
    line = Line("meta", emulator, number, lea)
    line.send(line.outgoing("La voici", file=OutgoingFile("piece.png", "image/png", PNG), quoted_id=asked.id))
    [said] = emulator.received(number)
    assert said.file is not None and said.file.content == PNG
    assert (said.text, said.quoted_id) == ("La voici", asked.id)


def test_meta_keeps_no_damaged_file(emulator: EmulatedWhatsApp) -> None:
    line = Line("meta", emulator, emulator.meta_number(), emulator.person("Léa Morel", "33639980001"))
    ref = received_file(line)
    emulator.faults.wrong_sha256 = True
    with pytest.raises(MediaTrouble) as trouble:
        line.ask(lambda provider: provider.fetch(line.connection, ref))
    assert (trouble.value.code, trouble.value.permanent) == ("media_damaged", False)


def test_meta_reacts_and_takes_it_back(emulator: EmulatedWhatsApp) -> None:
    number, lea = emulator.meta_number(), emulator.person("Léa Morel", "33639980001")
    asked = emulator.says(number, lea, "Merci !")
    line = Line("meta", emulator, number, lea)
    to = line.outgoing().to
    line.ask(lambda provider: provider.react(line.connection, to, asked.id, "❤️"))
    assert asked.reactions == {"business": "❤️"}
    line.ask(lambda provider: provider.react(line.connection, to, asked.id, ""))
    assert asked.reactions == {}


def test_meta_knows_a_wrong_app_secret_before_any_webhook_comes(emulator: EmulatedWhatsApp) -> None:
    line = Line("meta", emulator, emulator.meta_number(), emulator.person("Léa Morel", "33639980001"))
    assert line.check(line.with_secret(app_secret="wrong")) == {"token": ("failed", "app_secret_wrong")}


def test_meta_missing_permission_is_named(emulator: EmulatedWhatsApp) -> None:
    number = emulator.meta_number()
    number.permissions = ("whatsapp_business_messaging",)
    line = Line("meta", emulator, number, emulator.person("Léa Morel", "33639980001"))
    assert line.check() == {"token": ("failed", "permission_missing")}


def test_meta_writes_to_who_has_no_phone(emulator: EmulatedWhatsApp) -> None:
    number = emulator.meta_number()
    anonymous = emulator.person("Zoé", "33639980002", bsuid="FR.13491208655302741918", shown="bsuid")
    emulator.says(number, anonymous, "Bonjour")
    line = Line("meta", emulator, number, anonymous)
    to = Party((Alias("bsuid", "FR.13491208655302741918"),))
    line.send(ChatOutgoing(our_id="m8", to=to, words="Bonjour Zoé"))
    assert emulator.received(number)[0].person is anonymous


def received_file(line: Line) -> MediaRef:
    """Léa has sent a photo; how its webhook names it."""
    said = line.emulator.act(lambda acting: acting.send_file(line.number, line.lea, PNG, "image/png"))
    assert said.file is not None
    if line.name == "meta":
        return MediaRef(id=said.file.id, media_type="image/png")
    path = f"/2010-04-01/Accounts/{line.number.account}/Messages/{said.id}/Media/{said.file.id}"
    return MediaRef(url=line.emulator.url + path, media_type="image/png")
