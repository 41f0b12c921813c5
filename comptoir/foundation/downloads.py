"""How a file that somebody sent leaves the house: it never runs in the page, whatever it says it is."""

from urllib.parse import quote

from litestar import Response


def file_response(content: bytes, *, name: str, media_type: str, is_shown: bool) -> Response[bytes]:
    """A file somebody sent: in the page where a browser shows its kind without running anything, else to download."""
    return Response(
        content,
        media_type=media_type if is_shown else "application/octet-stream",
        headers={
            "content-disposition": f"{'inline' if is_shown else 'attachment'}; filename*=UTF-8''{quote(name)}",
            "content-security-policy": "default-src 'none'; sandbox" if media_type != "application/pdf" else "",
            "x-content-type-options": "nosniff",
            "cache-control": "private, max-age=3600, immutable",
            "vary": "cookie",  # whoever signs in next in the same browser asks for themselves
        },
    )
