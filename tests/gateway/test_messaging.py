"""Our words leave through a number and arrive on a phone, once; or the team is told why not. Both providers, over real HTTP."""

import asyncio
import contextlib
import io
import itertools
import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, TypeVar

import av
import httpx
import pytest

from comptoir.channels import queries
from comptoir.channels.models import Channel, ChannelMember
from comptoir.conversations.models import Conversation, Message
from comptoir.demo.emulators.faults import Broken, Faults
from comptoir.demo.emulators.limits import Limits, Rate
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.people import Person
from comptoir.demo.emulators.templates import Template
from comptoir.demo.emulators.world import Said
from comptoir.foundation.jobs.port import Job, RetryLater
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import inquiring, messaging, pacing, retelling
from comptoir.team import signing_in
from comptoir.team.models import Member, Organisation
from tests.house import Served, new_store, serve, settings_of
from tests.rig.emulator import EmulatedWhatsApp

T = TypeVar("T")
PHONES = itertools.count(39980001)
_JOBS = {
    True: "SELECT args FROM jobs WHERE name = 'gateway.inquiring.ask'",
    False: "SELECT CAST(args AS text) FROM procrastinate_jobs WHERE task_name = 'gateway.inquiring.ask'",
}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


class Counter:
    """Anne at her desk: a number of the house, connected and called. Each test has a Léa of its own, who has written to it."""

    conversation_id: int
    lea: Person
    asked: Said

    def __init__(self, served: Served, emulator: EmulatedWhatsApp, provider: str) -> None:
        self.served, self.emulator, self.provider = served, emulator, provider
        self.number: Number = emulator.meta_number() if provider == "meta" else emulator.twilio_number()
        self.number.webhook_url = f"{served.url}/api/webhooks/{provider}/key-{provider}"
        self.channel_id = served.services.database.write_now(self._move_in)
        self.anne: httpx.Client = served.client("anne@pieces.example", "un mot de passe long")

    def begin(self) -> None:
        """A world in order, and a customer who is new to it."""
        self.emulator.world.faults, self.emulator.world.limits = Faults(), Limits()
        self.number.templates.clear()
        self.lea = self.emulator.person("Léa Morel", f"336{next(PHONES)}")
        self.asked = self.emulator.says(self.number, self.lea, "Bonjour, ma voiture est prête ?")
        known = f"SELECT conversation_id FROM messages WHERE external_id = '{self.asked.id}'"
        self.conversation_id = soon(lambda: self.rows(known))[0][0]

    def _move_in(self, tx: Transaction) -> int:
        anne = tx.session.get(Member, 1)
        if anne is None:
            tx.add(Organisation(id=1, name="Garage", language="fr", is_demo=False, created_at=tx.now))
            anne = signing_in.new_member(tx, email="anne@pieces.example", role="owner", language="fr")
            anne.name, anne.password_hash = "Anne Petit", signing_in.hash_password("un mot de passe long")
        channel = Channel(
            kind="whatsapp",
            provider=self.provider,
            name="Garage",
            address=self.number.phone,
            settings=self.number.settings(self.emulator.url, webhook_key=f"key-{self.provider}"),
            secrets=queries.sealed(self.number.secrets(), self.served.services.secrets),
            health="connected",
            version=0,
            created_at=tx.now,
        )
        tx.add(anne, channel)
        tx.add(ChannelMember(channel_id=channel.id, member_id=anne.id))
        return channel.id

    # -- what Anne does

    def answers(self, text: str = "Elle est prête !", **more: Any) -> httpx.Response:
        body = {"client_id": f"client-{time.monotonic_ns()}", "text": text, **more}
        return self.anne.post(f"/api/conversations/{self.conversation_id}/messages", json=body)

    def sends(self, text: str = "Elle est prête !", **more: Any) -> int:
        answer = self.answers(text, **more)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def uploads(self, name: str, content: bytes, media_type: str) -> int:
        return int(self.anne.post("/api/uploads", files={"file": (name, content, media_type)}).json()["id"])

    def refusal(self, text: str = "Encore là ?", **more: Any) -> str:
        answer = self.answers(text, **more)
        assert answer.status_code >= 400, answer.text
        return str(answer.json()["code"])

    # -- what is true

    def becomes(self, id: int, *states: str) -> Message:
        return soon(lambda: (found := self.message(id)).delivery in states and found)

    def message(self, id: int) -> Message:
        return self.served.services.database.read_now(lambda tx: tx.find(Message, id))

    def conversation(self) -> Conversation:
        return self.served.services.database.read_now(lambda tx: tx.find(Conversation, self.conversation_id))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.served.services.database.read_now(lambda tx: tx.rows(sql))

    def files(self, where: str) -> str:
        """How to ask for the files of Léa's conversation."""
        return (
            "SELECT a.id, a.fetch_error FROM attachments a JOIN messages m ON m.id = a.message_id"
            f" WHERE m.conversation_id = {self.conversation_id} AND {where}"
        )

    def on_the_phone(self) -> list[str]:
        return [said.text for said in self.received()]

    def received(self) -> list[Said]:
        """By Léa, oldest first."""
        return [said for said in self.emulator.received(self.number) if said.person is self.lea]

    @property
    def incoming_id(self) -> int:
        return self.conversation().last_incoming_id

    def close_the_window(self, *, here: bool = True) -> None:
        """A day passes: for the provider, and (`here`) for us."""
        self.emulator.advance(hours=25)
        if here:
            self.served.services.database.write_now(self._shut)

    def _shut(self, tx: Transaction) -> None:
        tx.find(Conversation, self.conversation_id).window_until = tx.now - timedelta(hours=1)
        tx.flush()


def soon(look: Callable[[], T], seconds: float = 20) -> T:
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)
    return found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def counters(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Counter]]:
    """One server for all these tests: a number of each provider."""
    folder, whatsapp = tmp_path_factory.mktemp("counter"), EmulatedWhatsApp()
    whatsapp.start()
    with contextlib.ExitStack() as stack:
        stack.callback(whatsapp.close)
        store = stack.enter_context(contextlib.contextmanager(new_store)(request.param, request, folder))
        served = stack.enter_context(contextlib.contextmanager(serve)(settings_of(store, folder)))
        yield {provider: Counter(served, whatsapp, provider) for provider in ("meta", "twilio")}


@pytest.fixture(params=["meta", "twilio"])
def counter(request: pytest.FixtureRequest, counters: dict[str, Counter]) -> Counter:
    counters[request.param].begin()
    return counters[request.param]


@pytest.fixture
def meta(counters: dict[str, Counter]) -> Counter:
    counters["meta"].begin()
    return counters["meta"]


def test_an_answer_arrives_and_its_ticks_follow(counter: Counter) -> None:
    id = counter.sends("Oui, *dès* maintenant 👍")
    delivered = counter.becomes(id, "delivered")
    assert counter.on_the_phone() == ["Oui, *dès* maintenant 👍"]
    assert delivered.external_id == counter.received()[0].id
    counter.emulator.act(lambda acting: acting.read(counter.number, counter.lea))
    counter.becomes(id, "read")
    assert counter.conversation().waiting_since is None


def test_the_same_answer_posted_twice_arrives_once(counter: Counter) -> None:
    body = {"client_id": "one-and-the-same", "text": "Oui"}
    path = f"/api/conversations/{counter.conversation_id}/messages"
    assert [counter.anne.post(path, json=body).status_code for _ in range(2)] == [201, 200]
    soon(counter.on_the_phone)
    assert counter.on_the_phone() == ["Oui"]


@pytest.mark.parametrize("how", ["html", "truncated", "reset"])
def test_an_answer_lost_on_the_way_back_is_settled_by_its_status(counter: Counter, how: Any) -> None:
    counter.emulator.faults.broken.append(Broken(how, "send", is_done=True))
    id = counter.sends()
    counter.becomes(id, "delivered")
    assert counter.on_the_phone() == ["Elle est prête !"]


def test_an_unknown_outcome_is_never_sent_again_by_itself(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messaging, "HOPING", timedelta(milliseconds=200))
    counter.emulator.faults.broken.append(Broken("html", "send"))  # it did not even get there, but who knows
    id = counter.sends()
    failed = counter.becomes(id, "failed")
    assert failed.error_code == "unknown_outcome"
    assert counter.on_the_phone() == []
    assert counter.anne.put(f"/api/messages/{id}/delivery").status_code == 204  # Anne decides
    counter.becomes(id, "delivered")
    assert counter.on_the_phone() == ["Elle est prête !"]


def test_a_status_that_comes_late_still_wins_over_a_given_up_outcome(
    meta: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messaging, "HOPING", timedelta(milliseconds=200))
    meta.emulator.faults.delay = 3600
    meta.emulator.faults.broken.append(Broken("truncated", "send", is_done=True))
    id = meta.sends()
    meta.becomes(id, "failed")
    meta.emulator.advance(hours=3)
    meta.becomes(id, "delivered")
    assert meta.conversation().failed_count == 0


def test_a_status_before_the_answer_itself_is_believed(counter: Counter) -> None:
    counter.emulator.faults.is_early = True
    id = counter.sends()
    counter.becomes(id, "delivered")
    assert len(counter.on_the_phone()) == 1


def test_a_closed_window_is_refused_with_a_code_and_nothing_leaves(counter: Counter) -> None:
    counter.close_the_window()
    assert counter.refusal() == "window_closed"
    assert counter.on_the_phone() == []


def test_when_the_provider_says_closed_the_words_are_kept_and_the_window_is_shut(counter: Counter) -> None:
    counter.close_the_window(here=False)
    failed = counter.becomes(counter.sends("Un dernier mot"), "failed")
    assert (failed.error_code, failed.text) == ("window_closed", "Un dernier mot")
    [draft] = soon(lambda: counter.anne.get(f"/api/conversations/{counter.conversation_id}/drafts").json())
    assert draft["content"]["text"] == "Un dernier mot", "its author finds the words again, beside the templates"
    assert counter.refusal() == "window_closed"


def test_a_template_reaches_who_has_been_silent_for_a_day(counter: Counter) -> None:
    counter.number.templates.append(
        Template(f"HX{1:032x}", "pret", "fr", "Bonjour {{1}}, {{2}} vous attend.", examples={"1": "x", "2": "y"})
    )
    assert counter.anne.post(f"/api/channels/{counter.channel_id}/templates/sync").json()["added"] == 1
    [template] = counter.anne.get(f"/api/templates?channel_id={counter.channel_id}").json()
    counter.close_the_window()
    choice = {"template_id": template["id"], "values": {"1": "Léa", "2": "la « 308 »"}}
    counter.becomes(counter.sends("", template=choice), "delivered")
    assert counter.on_the_phone() == ["Bonjour Léa, la « 308 » vous attend."]
    assert counter.refusal("", template=choice | {"values": {"1": "Léa"}}) == "template_value_missing"


def test_writing_too_fast_to_one_person_waits_and_loses_nothing(meta: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "UNIT", timedelta(milliseconds=100))
    meta.emulator.limits.pair = Rate(3, 1)
    ids = [meta.sends(f"n° {number}") for number in range(2)]
    for id in ids:
        meta.becomes(id, "delivered")
    assert meta.on_the_phone() == ["n° 0", "n° 1"]


def test_a_paused_number_starts_again_by_itself(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "UNIT", timedelta(milliseconds=50))
    counter.emulator.faults.broken.append(Broken("busy", "send"))
    counter.becomes(counter.sends(), "delivered")
    assert len(counter.on_the_phone()) == 1


def test_what_failed_for_a_passing_reason_is_sent_again(meta: Counter) -> None:
    meta.emulator.faults.statuses, meta.emulator.faults.fails_with = ("failed",), 131016
    id = meta.sends()
    failed = f"SELECT 1 FROM events WHERE type = 'message.failed' AND message_id = {id}"
    soon(lambda: meta.rows(failed))
    meta.emulator.faults.statuses = ("sent", "delivered")
    meta.becomes(id, "delivered")


def test_a_file_goes_with_its_words_and_one_at_a_time(counter: Counter) -> None:
    photos = [counter.uploads(f"piece{n}.png", PNG, "image/png") for n in (1, 2)]
    assert counter.refusal("Les voici", attachment_ids=photos) == "one_file_per_message"
    counter.becomes(counter.sends("La voici", attachment_ids=photos[:1]), "delivered")
    [said] = counter.received()
    assert said.file is not None
    assert (said.text, said.file.content) == ("La voici", PNG)


def test_a_file_that_whatsapp_would_refuse_is_refused_at_once(counter: Counter) -> None:
    picture = counter.uploads("plan.bmp", b"BM" + bytes(60), "image/bmp")
    assert counter.refusal("", attachment_ids=[picture]) == "file_type_refused"
    photo = counter.uploads("huge.png", bytes(5 * 2**20 + 1), "image/png")
    assert counter.refusal("", attachment_ids=[photo]) == "file_too_large"


def test_a_recording_becomes_a_voice_note(counter: Counter) -> None:
    recording = counter.uploads("voice.webm", a_recording(), "audio/webm")
    id = counter.sends("", attachment_ids=[recording], is_voice=True)
    counter.becomes(id, "delivered")
    [said] = counter.received()
    assert said.is_voice and said.file is not None
    assert said.file.content.startswith(b"OggS") and b"OpusHead" in said.file.content
    assert 0.9 < (counter.message(id).content or {})["seconds"] < 1.1


def test_what_is_no_recording_is_refused(meta: Counter) -> None:
    upload = meta.uploads("voice.webm", b"not a sound", "audio/webm")
    assert meta.refusal("", attachment_ids=[upload], is_voice=True) == "voice_unreadable"


def test_a_photo_of_the_customer_is_fetched(counter: Counter) -> None:
    counter.emulator.act(lambda acting: acting.send_file(counter.number, counter.lea, PNG, "image/png"))
    arrived = counter.files("fetching IS NULL")
    [(id, _)] = soon(lambda: counter.rows(arrived))
    assert counter.anne.get(f"/api/attachments/{id}").content == PNG


def test_a_file_that_is_gone_says_so_and_can_be_asked_for_again(meta: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.gateway.fetching.WAITS", ())
    meta.emulator.faults.broken.append(Broken("busy", "media"))
    meta.emulator.act(lambda acting: acting.send_file(meta.number, meta.lea, PNG, "image/png"))
    failed, arrived = meta.files("fetching = 'failed'"), meta.files("fetching IS NULL")
    [(id, code)] = soon(lambda: meta.rows(failed))
    assert code == "unreachable"
    assert meta.anne.put(f"/api/attachments/{id}/fetching").status_code == 204
    soon(lambda: meta.rows(arrived))


def test_reading_typing_and_a_sign_are_seen_by_the_customer(meta: Counter) -> None:
    incoming = meta.incoming_id
    path = f"/api/conversations/{meta.conversation_id}"
    meta.anne.put(f"{path}/reading", json={"message_id": incoming})
    soon(lambda: meta.asked.state == "read")
    meta.anne.put(f"{path}/typing")
    assert (meta.number.id, meta.lea.key) in meta.emulator.world.typing
    assert meta.anne.put(f"/api/messages/{incoming}/reaction", json={"emoji": "👍"}).status_code == 204
    soon(lambda: meta.asked.reactions.get("business") == "👍")
    meta.anne.delete(f"/api/messages/{incoming}/reaction")
    soon(lambda: "business" not in meta.asked.reactions)


def test_a_group_is_answered_as_a_group(meta: Counter) -> None:
    said = meta.emulator.act(
        lambda acting: acting.say_in_group(meta.number, meta.lea, "120363@g.us", "On passe à trois")
    )
    known = f"SELECT conversation_id FROM messages WHERE external_id = '{said.id}'"
    meta.conversation_id = soon(lambda: meta.rows(known))[0][0]
    meta.becomes(meta.sends("Très bien, à trois"), "delivered")
    [sent] = [call.body for _, call, _ in meta.emulator.emulator.door.calls if "à trois".encode() in call.body]
    assert b'"recipient_type":"group"' in sent and b'"to":"120363@g.us"' in sent


def test_what_was_said_while_nobody_answered_is_asked_for_and_comes_once(counters: dict[str, Counter]) -> None:
    twilio = counters["twilio"]
    twilio.begin()
    address, twilio.number.webhook_url = twilio.number.webhook_url, ""
    lost = [
        twilio.emulator.says(twilio.number, twilio.lea, "Vous êtes là ?"),
        twilio.emulator.act(lambda acting: acting.send_file(twilio.number, twilio.lea, PNG, "image/png")),
    ]
    twilio.number.webhook_url = address
    for _ in range(2):
        asyncio.run(retelling.ask_all(twilio.served.services))
        for said in lost:
            soon(lambda id=said.id: twilio.rows(f"SELECT 1 FROM messages WHERE external_id = '{id}'"))  # type: ignore[misc]
    soon(lambda: twilio.rows(twilio.files("fetching IS NULL")))
    texts = f"SELECT text FROM messages WHERE conversation_id = {twilio.conversation_id} AND kind = 'incoming' ORDER BY at / 1000, id"
    assert [text for (text,) in twilio.rows(texts)] == [twilio.asked.text, "Vous êtes là ?", ""]


@pytest.mark.parametrize(("state", "becomes"), [("read", "read"), ("failed", "failed")])
def test_a_tick_that_was_told_to_nobody_is_asked_for(counters: dict[str, Counter], state: str, becomes: str) -> None:
    twilio = counters["twilio"]
    twilio.begin()
    twilio.emulator.world.faults = Faults(statuses=("sent",))
    id = twilio.sends("Elle vous attend")
    sid = twilio.becomes(id, "sent").external_id
    said = soon(lambda: (found := twilio.emulator.world.said[sid or ""]).state == "sent" and found)
    services = twilio.served.services
    asked = {"message_id": id}  # in five minutes, whoever runs then; the call may have come before the answer was noted
    soon(lambda: asked in [json.loads(args) for (args,) in twilio.rows(_JOBS[services.database.is_sqlite])])
    with pytest.raises(RetryLater) as nothing_new:
        asyncio.run(inquiring.ask(services, Job(1, "", {"message_id": id}, 1)))
    assert nothing_new.value.wait == timedelta(minutes=30)
    asyncio.run(inquiring.ask(services, Job(1, "", {"message_id": id}, 5)))  # the last time: it stays as it is
    assert twilio.message(id).delivery == "sent"
    said.state, said.error = state, 63024  # the call that said so found nobody
    for _ in range(2):
        asyncio.run(inquiring.ask(services, Job(1, "", {"message_id": id}, 2)))
        assert (twilio.becomes(id, becomes).error_code is None) == (becomes == "read")
    assert twilio.rows(f"SELECT count(*) FROM ledger WHERE key LIKE 'inquired:%' AND message_id = {id}") == [(1,)]


def test_nobody_asks_meta_what_became_of_a_message(meta: Counter) -> None:
    """It calls again for days, and has no such question."""
    id = meta.sends()
    meta.becomes(id, "delivered")
    waiting = meta.rows(_JOBS[meta.served.services.database.is_sqlite])
    assert {"message_id": id} not in [json.loads(args) for (args,) in waiting]


def test_a_quoted_answer_quotes(meta: Counter) -> None:
    incoming = meta.incoming_id
    meta.becomes(meta.sends("Oui", quoted_id=incoming), "delivered")
    assert meta.received()[0].quoted_id == meta.asked.id


def test_a_note_stays_in_the_house(counter: Counter) -> None:
    body = {"client_id": "a-note-of-anne", "text": "Client pressé"}
    assert counter.anne.post(f"/api/conversations/{counter.conversation_id}/notes", json=body).status_code == 201
    counter.becomes(counter.sends(), "delivered")
    assert counter.on_the_phone() == ["Elle est prête !"]


def test_a_link_to_a_file_cannot_be_made_up(counter: Counter) -> None:
    for token in ("1.9999999999999.x", "1", "", "é.é.é", "1.1.1.1"):
        assert httpx.get(f"{counter.served.url}/api/media/{token or 'x'}").status_code == 404


def a_recording() -> bytes:
    """A second of sound, as a browser records it."""
    made = io.BytesIO()
    with av.open(made, "w", format="webm") as target:
        stream = target.add_stream("libopus", rate=48_000, layout="stereo")
        for _ in range(50):
            frame = av.AudioFrame(format="s16", layout="stereo", samples=960)
            frame.sample_rate = 48_000
            frame.planes[0].update(bytes(range(240)) * 16)
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return made.getvalue()
