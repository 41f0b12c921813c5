"""A browser, as little of one as can be: one kept connection, a signed-in session, and the time of each answer."""

import json
import socket
import time
from typing import Any

from benchmarks.world import PASSWORD


class Failed(Exception):
    """An answer other than a success."""


class Client:
    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._left = b""

    def sign_in(self, member: int) -> "Client":
        self.ask("GET", "/api/start")
        self.ask("POST", "/api/session", {"email": f"membre{member}@pieces.example", "password": PASSWORD})
        return self

    def get(self, path: str) -> Any:
        return json.loads(self.ask("GET", path))

    def ask(self, method: str, path: str, data: Any = None) -> bytes:
        self._socket.sendall(self.request(method, path, data))
        return self._answer(f"{method} {path}")

    def timed(self, request: bytes) -> float:
        """Milliseconds until the whole answer to a request (from `request`) is here."""
        start = time.perf_counter()
        self._socket.sendall(request)
        self._answer("request")
        return (time.perf_counter() - start) * 1000

    def request(self, method: str, path: str, data: Any = None) -> bytes:
        body = b"" if data is None else json.dumps(data).encode()
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Cookie: {cookies}"]
        if method != "GET":
            lines += [f"x-csrftoken: {self.cookies.get('csrftoken', '')}", f"Content-Length: {len(body)}"]
            lines += ["Content-Type: application/json"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def close(self) -> None:
        self._socket.close()

    def _answer(self, what: str) -> bytes:
        while b"\r\n\r\n" not in self._left:
            self._receive()
        head, _, self._left = self._left.partition(b"\r\n\r\n")
        first, *headers = head.decode("latin-1").split("\r\n")
        length = 0
        for header in headers:
            name, _, value = header.partition(": ")
            if name.lower() == "content-length":
                length = int(value)
            elif name.lower() == "set-cookie":
                cookie, _, rest = value.partition("=")
                self.cookies[cookie] = rest.partition(";")[0]
        while len(self._left) < length:
            self._receive()
        body, self._left = self._left[:length], self._left[length:]
        if first.split()[1][0] != "2":
            raise Failed(f"{what}: {first} {body[:300]!r}")
        return body

    def _receive(self) -> None:
        received = self._socket.recv(262_144)
        if not received:
            raise Failed("the server closed the connection")
        self._left += received
