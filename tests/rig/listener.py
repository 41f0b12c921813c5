"""A webhook that writes down what it is told and answers as it should: what a provider sees of a business."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Heard:
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Listener:
    """`statuses` are answered one after the other, then 200. `files` are served by their path."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    verify_token: str = ""


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            listener.heard.append(Heard(self.path, headers, body))
            self._answer(listener.statuses.pop(0) if listener.statuses else 200)

        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            if self.path in listener.files:
                media_type, content = listener.files[self.path]
                self._answer(200, content, media_type)
            elif query.get("hub.verify_token") == [listener.verify_token]:
                self._answer(200, query["hub.challenge"][0].encode(), "text/plain")
            else:
                self._answer(403)

        def _answer(self, status: int, body: bytes = b"", media_type: str = "text/xml") -> None:
            self.send_response(status)
            self.send_header("content-type", media_type)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield listener
    server.shutdown()
    server.server_close()
