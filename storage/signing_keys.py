"""The private halves of the keys that sign heads: files of their own, outside the database and its backups.

Who holds a copy of the database can sign nothing. A lost file isn't needed to check what it signed, and the
next head is signed by a new key, which nobody vouches for but whoever compares it.
"""

import os
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

# So many letters of a public key name its file.
_NAME = 16


class SigningKeys:
    """The keys in `folder`, one PEM file each, for its owner alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self) -> Ed25519PrivateKey:
        """A new key, on the disk when this returns; OSError when that can't be done."""
        key = Ed25519PrivateKey.generate()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(public_half(key))
        words = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - from a descriptor
            file.write(words)
            file.flush()
            os.fsync(file.fileno())
        return key

    def load(self, public: bytes) -> Ed25519PrivateKey | None:
        """The private half of `public`; None when its file is gone, or isn't that."""
        with suppress(OSError, ValueError):
            key = load_pem_private_key(self._path(public).read_bytes(), None)
            if isinstance(key, Ed25519PrivateKey) and public_half(key) == public:
                return key
        return None

    def _path(self, public: bytes) -> Path:
        return self._folder / f"{public.hex()[:_NAME]}.pem"


def public_half(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()
