"""A file as an answer: whatever is in it, a browser that shows it as a page could do nothing."""

from collections.abc import Mapping
from urllib.parse import quote

from starlette.responses import Response

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def sent_file(name: str, mime: str, content: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """Pictures are shown, everything else is saved."""
    how = "inline" if mime in PICTURES else "attachment"
    own = {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, headers={**own, **(headers or {})}, media_type=mime)
