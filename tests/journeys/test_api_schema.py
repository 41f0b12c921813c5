"""Whatever is sent to the API, by the letter of its own document or against it: never an error of ours, always a sentence."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from tests.house import PASSWORD, Served

OWNER = {"name": "Anne Petit", "email": "anne@pieces.example", "password": PASSWORD, "language": "fr"}
# What would end the session, or fill and clear the house, under the feet of the next request; and what signs in at a mail
# server that a generated address names: that one may only ever be ours.
EXAMPLES = settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
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


def test_any_input_gets_an_answer_with_a_sentence(signed_in: httpx.Client) -> None:
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
                settings(EXAMPLES)(given(case=cases)(check))()
            except Unsatisfiable:  # nothing can be wrong in a request that takes nothing
                assert mode is GenerationMode.NEGATIVE

    assert asked[400] > 100, "wrong input was sent"
    assert asked[200] > 10, "right input too"
