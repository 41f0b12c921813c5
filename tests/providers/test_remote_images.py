"""The image proxy shows images of the open internet, and is no door into our own network."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from comptoir.foundation.secrets import Secrets
from comptoir.gateway import images
from comptoir.providers import remote_images


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_no_address_of_our_own_network_is_public(address: str) -> None:
    assert not remote_images.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111"])
def test_the_open_internet_is(address: str) -> None:
    assert remote_images.is_public(address)


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A web server on loopback, and what it was asked."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("content-type", "image/png")
            self.end_headers()
            self.wfile.write(b"\x89PNG")

        def log_message(self, *_: object) -> None:
            pass

    running = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{running.server_port}", asked
    running.shutdown()


@pytest.mark.parametrize(
    "url",
    [
        "http://{}/a.png",
        "http://localhost:{}/a.png",
        "http://[::ffff:127.0.0.1]:{}/a.png",
        "http://user@{}/a.png",
        "ftp://{}/a.png",
        "file:///etc/passwd",
        "http://",
        "http://x:99999/",
        "not an address",
    ],
)
async def test_nothing_of_ours_is_ever_asked(server: tuple[str, list[str]], url: str) -> None:
    place, asked = server
    with pytest.raises(remote_images.NoImage):
        await remote_images.fetch(
            url.format(place if url.count("{}") and "localhost" not in url and "::" not in url else place.split(":")[1])
        )

    assert asked == []


def test_only_addresses_that_we_signed_are_fetched() -> None:
    secrets = Secrets(b"k" * 32)
    address = images.proxy(secrets)("https://images.example/a b.png?x=1&y=2")
    signature = address.rpartition("=")[2]

    assert "url=https%3A%2F%2Fimages.example%2Fa%20b.png%3Fx%3D1%26y%3D2&" in address
    assert images.is_ours(secrets, "https://images.example/a b.png?x=1&y=2", signature)
    assert not images.is_ours(secrets, "https://images.example/other.png", signature)
