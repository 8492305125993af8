"""Sealed items of equal length: age's header grows with the readers, and by a random stanza of `pyrage`'s."""

from handlers.kit.sealing.package import SIZES, PackageError

_LENGTH = 4
# Beside a package, in bytes: some thirty readers and a second sealing. A thousandth more is for age's checks,
# 16 bytes in each 64 KiB.
_ROOM = 4096
_PADDED = tuple(size + size // 1024 + _ROOM for size in SIZES)


def pad(sealed: bytes) -> bytes:
    """The item as it is stored, as long as all whose package has its size; PackageError if too large."""
    size = next((size for size in _PADDED if size >= len(sealed) + _LENGTH), None)
    if size is None:
        raise PackageError("too large")
    return (len(sealed).to_bytes(_LENGTH) + sealed).ljust(size, b"\0")


def unpad(stored: bytes) -> bytes:
    """The sealed item again; PackageError when these bytes are none that `pad` made."""
    end = _LENGTH + int.from_bytes(stored[:_LENGTH])
    if len(stored) not in _PADDED or end > len(stored) or stored.count(0, end) != len(stored) - end:
        raise PackageError("not padded")
    return stored[_LENGTH:end]
