"""The pages: one HTML file, whatever the address, and its hashed assets.

A cold page asks for its assets all at once and waits for each: they are read and compressed once, and then answered from memory.
"""

import base64
import functools
import gzip
import hashlib
import mimetypes
import re
from pathlib import Path
from typing import Any

from litestar import HttpMethod, Request, Response, asgi, get, route
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler, Receive, Scope, Send

STATIC = Path(__file__).parent / "static"
WORTH_COMPRESSING = 500  # bytes: below, the header that says so costs what is saved
FOREVER = b"public, max-age=31536000, immutable"  # an asset that changes has another name
Headers = list[tuple[bytes, bytes]]


def pages(static: Path = STATIC) -> list[ControllerRouterHandler]:
    index = static / "index.html"
    page = index.read_text() if index.exists() else "<p>The user interface is not built: run bin/run.</p>"
    headers = {"content-security-policy": _policy(page), "referrer-policy": "same-origin", "cache-control": "no-cache"}

    @route(
        ["/", "/{path:path}"],
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
        include_in_schema=False,
        sync_to_thread=False,
    )
    def any_page(request: Request[Any, Any, State], path: FromPath[str] = "") -> Response[str]:
        if path.startswith("/api/"):
            return Response("", status_code=404)
        return Response(page, media_type="text/html", headers=headers)

    if not (static / "assets").exists():
        return [any_page]
    worker = (static / "sw.js").read_text()

    @get("/sw.js", include_in_schema=False, sync_to_thread=False)
    def service_worker() -> Response[str]:
        """At the root, because a service worker sees what is below it; looked at again each time, so that an update arrives."""
        return Response(worker, media_type="text/javascript", headers={"cache-control": "no-cache"})

    return [any_page, service_worker, _assets(static / "assets")]


def _assets(folder: Path) -> ControllerRouterHandler:
    # Only the names that the build made: no path of a request ever reaches the disk.
    built = {file.name: file for file in folder.iterdir() if file.is_file()}

    @functools.cache
    def read(name: str, is_compressed: bool) -> tuple[Headers, bytes]:
        content = built[name].read_bytes()
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = [
            (b"content-type", (kind + "; charset=utf-8" if kind.startswith("text/") else kind).encode()),
            (b"cache-control", FOREVER),
            (b"vary", b"accept-encoding"),
            (b"x-content-type-options", b"nosniff"),
        ]
        if is_compressed and len(content) >= WORTH_COMPRESSING and not kind.startswith(("image/png", "font/")):
            content = gzip.compress(content, mtime=0)
            headers.append((b"content-encoding", b"gzip"))
        return [*headers, (b"content-length", str(len(content)).encode())], content

    @asgi("/assets", is_mount=True, copy_scope=False)
    async def assets(scope: Scope, receive: Receive, send: Send) -> None:
        status, headers, body = 404, [(b"content-length", b"0")], b""
        name = scope["path"].strip("/")
        if scope.get("method") not in ("GET", "HEAD"):
            status, headers = 405, [(b"allow", b"GET, HEAD"), (b"content-length", b"0")]
        elif name in built:
            status, (headers, body) = 200, read(name, _takes_gzip(scope))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send(
            {"type": "http.response.body", "body": b"" if scope.get("method") == "HEAD" else body, "more_body": False}
        )

    return assets


def _takes_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


def _policy(page: str) -> str:
    """Scripts of our own only; the inline ones of the page by their hash."""
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = "".join(
        f" 'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    return (
        f"default-src 'self'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
        " media-src 'self' blob:; connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none';"
        " form-action 'self'; frame-ancestors 'self'"
    )
