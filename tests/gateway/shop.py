"""A company's ERP, small enough for tests: it answers over real HTTP what it is told to."""

import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MOREL = {
    "data": {
        "ref": "C-0412",
        "label": "Garage Morel",
        "mail": "lea@garage-morel.example",
        "orders": [{"no": "CMD-42", "on": "2026-11-24T08:00:00", "sum": 120.5, "is": "Prête"}],
    }
}
PATHS = {
    "customers": "data",
    "customer": {"code": "ref", "name": "label", "email": "mail"},
    "documents": "orders",
    "document": {"kind": "=order", "number": "no", "issued_on": "on", "total": "sum", "state": "is"},
}


class Shop:
    """A small ERP: what it was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.knows = (200, json.dumps(MOREL).encode(), 0.0)
        self.answer: tuple[int, bytes, float] = self.knows
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shop.asked.append((self.path, self.headers.get("x-key", "")))
                status, body, wait = shop.answer
                time.sleep(wait)
                self.send_response(status)
                self.send_header("location", "http://127.0.0.1/elsewhere")
                self.end_headers()
                with suppress(BrokenPipeError):  # whoever asked went away
                    self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/customers?mail={{email}}"
