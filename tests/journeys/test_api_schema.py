"""Whatever is sent to the API, by the letter of its own document or against it: never an error of ours, always a sentence."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from comptoir.providers.meta import graph
from comptoir.providers.twilio import rest
from tests.house import PASSWORD, Served

NOWHERE = "http://127.0.0.1:1"
OWNER = {"name": "Anne Petit", "email": "anne@pieces.example", "password": PASSWORD, "language": "fr"}
# What would end the session, or fill and clear the house, under the feet of the next request; and what signs in at a mail
# server that a generated address names: that one may only ever be ours.
EXAMPLES = settings(
    max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
FEW = settings(
    EXAMPLES, max_examples=2
)  # on PostgreSQL: the words are the same, what is asked there is whether it minds them
LEFT_OUT = (
    "signOut",
    "changePassword",
    "fillWithDemo",
    "clearDemo",
    "changeMember",
    "testChannel",
    "connectChannel",
    "changeChannel",
)


@pytest.fixture(autouse=True)
def nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The providers of numbers are a closed port of this machine."""
    monkeypatch.setattr(graph, "GRAPH", NOWHERE)
    for host in ("API", "CONTENT", "MESSAGING"):
        monkeypatch.setattr(rest, host, NOWHERE)


@pytest.fixture
def signed_in(served: Served) -> Iterator[httpx.Client]:
    client = served.client()
    assert client.post("/api/setup", json=OWNER).status_code == 201
    yield client
    client.close()


MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


def operations(client: httpx.Client) -> Iterator[Any]:
    document = schemathesis.openapi.from_dict(client.get("/api/docs/openapi.json").json())
    document.config.update(base_url=str(client.base_url))
    for found in document.exclude(operation_id=list(LEFT_OUT)).get_all_operations():
        yield found.ok()


def test_any_input_gets_an_answer_with_a_sentence(signed_in: httpx.Client, store: str) -> None:
    headers, cookies = {"x-csrftoken": signed_in.cookies["csrftoken"]}, dict(signed_in.cookies.items())
    asked = dict.fromkeys((200, 201, 204, 400, 404, 422), 0)

    def check(case: Any) -> None:
        response = case.call(headers=headers, cookies=cookies)
        asked[response.status_code] = asked.get(response.status_code, 0) + 1
        assert response.status_code < 500, f"{case.as_curl_command()}\n{response.text}"
        if response.status_code >= 400:
            assert response.headers["content-type"] == ["application/problem+json"], case.as_curl_command()
            problem = response.json()
            assert problem["detail"].strip()
            assert problem["code"].strip()

    for operation in operations(signed_in):
        for mode in MODES:
            try:
                cases = operation.as_strategy(generation_mode=mode)
                settings(EXAMPLES if store.startswith("sqlite") else FEW)(given(case=cases)(check))()
            except Unsatisfiable:  # nothing can be wrong in a request that takes nothing
                assert mode is GenerationMode.NEGATIVE

    assert asked[400] > 100, "wrong input was sent"
    assert asked[200] > 10, "right input too"


STRANGE = (
    *("\x00", "a\x00b", "²", "٣", "-1", str(2**63), "1e9", "null", "' OR 1=1 --", '"', "*", "NEAR(", "../.."),
    *("\r\nSet-Cookie: x=1", "\u202e", "🧾" * 50, "a" * 5000),
)
NO_HOSTS = ("\x00", "a\x00b", "\r\nNOOP", "127.0.0.1\n", " ", "\u202e", "a..b", "x" * 64 + ".invalid", "a" * 5000)


def test_strange_words_get_an_answer_with_a_sentence(signed_in: httpx.Client) -> None:
    """What generators seldom think of, where it hurts: cursors, identifiers, addresses of mail servers (on this machine)."""
    assert signed_in.post("/api/demo").status_code == 204

    for word in STRANGE:
        for path in (
            *("search?q={}", "search?q=colis&cursor={}", "conversations?cursor={}", "conversations/1?before={}"),
            *("conversations/{}", "messages/{}/body", "attachments/{}/preview", "changes?after={}", "images/{}"),
            *("channels/guess?address={}", "channels/guess?address=a@{}", "invitations/{}"),
        ):
            ask(signed_in, "GET", "/api/" + path.format(quote(word)))
        for words in (mailbox(user=word), mailbox(smtp_user=word), mailbox(word)):
            ask(signed_in, "POST", "/api/channels/test", json=words)
        ask(signed_in, "PATCH", "/api/me", json={"timezone": word})
        ask(signed_in, "PATCH", "/api/channels/1", json={"name": word})
        form = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{word}"\r\nContent-Type: {word}\r\n\r\nx\r\n--x--'
        typed = {"content-type": "multipart/form-data; boundary=x"}
        ask(signed_in, "POST", "/api/uploads", content=form.encode(), headers=typed)
    for host in NO_HOSTS:
        for words in (mailbox(imap_host=host), mailbox(smtp_host=host)):
            ask(signed_in, "POST", "/api/channels/test", json=words)
            assert ask(signed_in, "POST", "/api/channels", json=words).status_code in (400, 422)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"\xff\xfe", b"[" * 100_000, b'{"member_id": 1e400}', b'{"member_id": "\\ud800"}']
)
def test_a_body_that_is_no_json_of_ours_is_refused_with_a_sentence(signed_in: httpx.Client, body: bytes) -> None:
    for path in ("conversations/1/assignment", "conversations/1/reading", "me/password"):
        for kind in ("application/json", "text/plain", "multipart/form-data", ""):
            answer = ask(signed_in, "PUT", f"/api/{path}", content=body, headers={"content-type": kind})
            assert 400 <= answer.status_code < 500


def mailbox(password: str = "secret", **given: str) -> dict[str, Any]:
    """A mail server where nothing listens."""
    settings = {"imap_host": "127.0.0.1", "imap_port": 1, "imap_tls": "none", "user": "sav"}
    settings |= {"smtp_host": "127.0.0.1", "smtp_port": 1, "smtp_tls": "none"}
    return {"address": "sav@pieces.example", "settings": settings | given, "password": password}


def ask(client: httpx.Client, method: str, path: str, **given: Any) -> httpx.Response:
    answer = client.request(method, path, **given)
    asked = f"{method} {path[:100]} {str(given)[:200]}"
    assert answer.status_code < 500, asked
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", asked
        assert answer.json()["detail"].strip(), asked
    return answer
