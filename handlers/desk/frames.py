"""Many sealed items in one piece: 16 bytes of id, 4 of length (big-endian), the bytes; again and again."""

from collections.abc import Iterator

ID_BYTES = 16
_LENGTH_BYTES = 4


def frame(item_id: bytes, content: bytes) -> bytes:
    return item_id + len(content).to_bytes(_LENGTH_BYTES, "big") + content


def frames_in(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """ValueError when the last one isn't whole."""
    at = 0
    while at < len(body):
        start = at + ID_BYTES + _LENGTH_BYTES
        end = start + int.from_bytes(body[at + ID_BYTES : start], "big")
        if len(body) < start or len(body) < end:
            raise ValueError("a frame that isn't whole")
        yield body[at : at + ID_BYTES], body[start:end]
        at = end
