"""Secrets are sealed with a key that is not in the database."""

import stat
from pathlib import Path

import pytest

from comptoir.foundation import secrets


def test_the_key_file_is_made_once_and_is_private(tmp_path: Path) -> None:
    sealed = secrets.load("", tmp_path).seal("mot de passe")

    assert secrets.load("", tmp_path).unseal(sealed) == "mot de passe"
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert "mot de passe" not in sealed


def test_another_key_is_told_apart_from_a_broken_secret(tmp_path: Path) -> None:
    sealed = secrets.load("one key", tmp_path).seal("mot de passe")

    with pytest.raises(secrets.WrongKey):
        secrets.load("another key", tmp_path).unseal(sealed)


def test_keys_differ_by_purpose(tmp_path: Path) -> None:
    made = secrets.load("one key", tmp_path)

    assert made.key("sessions") != made.key("csrf")
    assert len(made.key("sessions")) == 32
