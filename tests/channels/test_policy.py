"""The one gate: what may be sent through a number, when, and with which file."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.channels import policy, refusals
from comptoir.channels.policy import MB, FileFacts
from comptoir.channels.refusals import Nature
from comptoir.providers.meta import errors as meta
from comptoir.providers.twilio import errors as twilio

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OPEN = NOW + timedelta(hours=1)


def may(provider: str = "meta", until: datetime | None = OPEN, **more: Any) -> str | None:
    return policy.may_send(provider, window_until=until, now=NOW, **more)


def file(media_type: str, size: int = 1000) -> list[FileFacts]:
    return [FileFacts("piece", media_type, size)]


def test_words_inside_the_window_a_template_at_any_time() -> None:
    assert may(words="Bonjour") is None
    assert may(until=NOW, words="Bonjour") == "window_closed"
    assert may(until=None, words="Bonjour") == "template_required"
    assert may(until=None, is_template=True) is None


def test_the_window_is_opened_by_the_providers_time_and_closes_a_minute_early() -> None:
    day = timedelta(hours=24) - timedelta(seconds=60)
    assert policy.window_from(NOW - timedelta(days=3), NOW) == NOW - timedelta(days=3) + day
    assert policy.window_from(NOW + timedelta(hours=2), NOW) == NOW + day  # their clock is wrong: ours counts


@pytest.mark.parametrize(
    ("provider", "media_type", "size", "refused"),
    [
        ("meta", "image/jpeg", 5 * MB, None),
        ("meta", "image/jpeg", 5 * MB + 1, "file_too_large"),
        ("meta", "image/tiff", 1, "file_type_refused"),
        ("meta", "application/pdf", 100 * MB, None),
        ("twilio", "application/pdf", 16 * MB + 1, "file_too_large"),
        ("meta", "audio/ogg; codecs=opus", 1, None),
        ("twilio", "image/webp", 1, "file_type_refused"),
    ],
)
def test_a_file_is_measured_by_provider_and_type(
    provider: str, media_type: str, size: int, refused: str | None
) -> None:
    assert may(provider, files=file(media_type, size)) == refused


def test_words_go_with_a_picture_and_not_with_a_sound() -> None:
    assert may(words="La voici", files=file("image/png")) is None
    assert may(words="Écoutez", files=file("audio/ogg")) == "caption_refused"
    assert may(words="x" * 1025, files=file("image/png")) == "text_too_long"
    assert may(files=[*file("image/png"), *file("image/png")]) == "one_file_per_message"


@pytest.mark.parametrize(
    ("provider", "length", "refused"),
    [("meta", 4096, None), ("meta", 4097, "text_too_long"), ("twilio", 1601, "text_too_long")],
)
def test_words_have_their_length(provider: str, length: int, refused: str | None) -> None:
    assert may(provider, words="x" * length) == refused


@pytest.mark.parametrize(
    ("code", "ours", "nature"),
    [
        (meta.code_of(131047), "window_closed", Nature.NEVER),
        (twilio.code_of(63016), "window_closed", Nature.NEVER),
        (meta.code_of(131056), "pair_rate_limited", Nature.PERSON),
        (meta.code_of(130429), "rate_limited", Nature.NUMBER),
        (twilio.code_of(20429), "rate_limited", Nature.NUMBER),
        (meta.code_of(131000), "temporary", Nature.SOON),
        (meta.code_of(987654), "provider_refused", Nature.NEVER),
        (twilio.code_of(63999), "provider_refused", Nature.NEVER),
    ],
)
def test_a_code_of_a_provider_says_what_to_do(code: str, ours: str, nature: Nature) -> None:
    assert (code, refusals.nature(code)) == (ours, nature)
    assert refusals.error(code).permanent is (nature == Nature.NEVER)
