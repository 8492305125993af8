"""Scripts, styles and pictures: all are read once, and nothing else can be asked for."""

import gzip
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_PACKED = {".png", ".woff2"}
# A year: under the folder's versioned name nothing ever changes.
_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_EACH_TIME = "no-cache"


@dataclass(frozen=True, slots=True)
class _Asset:
    mime: str
    etag: str
    plain: bytes
    # None where gzip wouldn't make it smaller.
    packed: bytes | None


class Assets:
    """The files of one folder, under `/static/NAME` and, for good, under `folder`/NAME."""

    def __init__(self, root: Path) -> None:
        self._assets = {
            path.relative_to(root).as_posix(): _read(path)
            for path in sorted(root.rglob("*"))
            if path.suffix in _TYPES
        }
        names = "".join(f"{name} {asset.etag}\n" for name, asset in self._assets.items())
        self._version = sha256(names.encode()).hexdigest()[:12]

    @property
    def folder(self) -> str:
        """Its name holds a digest of everything in it: scripts that import each other always match."""
        return f"/static/{self._version}"

    async def serve(self, request: Request) -> Response:
        name: str = request.path_params["name"]
        unversioned = name.removeprefix(f"{self._version}/")
        asset = self._assets.get(unversioned)
        if asset is None:
            raise HTTPException(404)
        headers = {
            "Cache-Control": _ASK_EACH_TIME if unversioned == name else _FOR_GOOD,
            "ETag": asset.etag,
            "Vary": "Accept-Encoding",
        }
        if asset.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(
                asset.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.mime
            )
        return Response(asset.plain, headers=headers, media_type=asset.mime)


def _read(path: Path) -> _Asset:
    plain = path.read_bytes()
    # Weak, because the same name stands for the packed form too.
    etag = f'W/"{sha256(plain).hexdigest()[:24]}"'
    packed = None if path.suffix in _PACKED else gzip.compress(plain, mtime=0)
    return _Asset(_TYPES[path.suffix], etag, plain, packed)
