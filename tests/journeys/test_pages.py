"""The built files that a browser asks for: small on the wire, kept for good, and nothing else of the disk."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from comptoir import pages

SCRIPT = "export const words = 'Comptoir'\n" * 100


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<script>1</script>")
    (tmp_path / "sw.js").write_text("//")
    (tmp_path / "secret.txt").write_text("not an asset")
    (tmp_path / "assets" / "base-1.js").write_text(SCRIPT)
    (tmp_path / "assets" / "tiny-1.css").write_text("a{}")
    with TestClient(Litestar(pages.pages(tmp_path))) as client:
        yield client


def test_an_asset_is_compressed_for_who_can_read_it_and_kept_for_good(browser: TestClient[Litestar]) -> None:
    answer = browser.get("/assets/base-1.js", headers={"accept-encoding": "gzip"})

    assert answer.text == SCRIPT
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == len(gzip.compress(SCRIPT.encode()))
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "accept-encoding" in answer.headers["vary"]


def test_an_asset_comes_as_it_is_to_who_cannot_and_when_it_is_tiny(browser: TestClient[Litestar]) -> None:
    plain = browser.get("/assets/base-1.js", headers={"accept-encoding": "identity"})
    tiny = browser.get("/assets/tiny-1.css", headers={"accept-encoding": "gzip"})

    assert (plain.text, "content-encoding" in plain.headers) == (SCRIPT, False)
    assert (tiny.text, "content-encoding" in tiny.headers) == ("a{}", False)


@pytest.mark.parametrize(
    "path", ["/assets/base-2.js", "/assets/../secret.txt", "/assets/%2e%2e/secret.txt", "/assets/"]
)
def test_nothing_else_is_given(browser: TestClient[Litestar], path: str) -> None:
    assert "not an asset" not in browser.get(path).text
    assert browser.get("/assets/base-2.js").status_code == 404


def test_an_asset_is_only_read(browser: TestClient[Litestar]) -> None:
    assert browser.post("/assets/base-1.js").status_code == 405
    assert browser.head("/assets/base-1.js").content == b""
