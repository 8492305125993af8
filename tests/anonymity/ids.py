"""Whether what is stored can be calculated from anything by which somebody is known."""

import hmac
from base64 import b64decode, urlsafe_b64decode
from binascii import Error
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b, md5, new
from typing import Any

from sqlalchemy import select

from storage.database import Transaction
from storage.schema import metadata
from storage.schema.people import account, member
from tests.anonymity.life import Life
from tests.world import BRANCH

CONCERNS = [table for table in metadata.sorted_tables if table.name.startswith("concern_")]
# People whose ids are tried: for all of them it takes too long.
_PEOPLE = 5
_SECRET_NAMES = ("token", "secret", "hash", "key", "recipient", "wrapped", "tag", "code")
_MOST_SECRETS = 40
_PREFIXES = (
    "",
    "web:",
    "telegram:",
    "zalo_bot:",
    "member:",
    "member-",
    "account:",
    "user:",
    f"{BRANCH.tag}:",
)
_WIDTHS = (4, 8, 10, 12, 16, 20)
_PLAIN = ("sha256", "sha1", "md5", "sha512", "blake2b", "blake2s", "sha3_256")
_KEYED = ("sha256", "sha1", "sha512")
_SHORT, _LONG = 4, 8
_SMALL = 2**16


async def calculated(life: Life) -> list[str]:
    """What somebody finds who holds the roster, all secrets and all that is stored of concerns."""
    async with life.instance.database.read() as tx:
        stored = _Stored(
            [value for table in CONCERNS for row in await tx.all(select(table)) for value in row]
        )
        ids = await _ids(tx, life)
        secrets = await _secrets(tx, life)
    written = {each for one in ids for each in _ways_to_write(one)}
    return [what for each in written for what, digest in _digests(each, secrets) if stored.holds(digest)]


class _Stored:
    """All values, also as what they are the hex or base64 of; of long ones every stretch."""

    def __init__(self, values: Iterable[Any]) -> None:
        whole = {each for value in values for each in _as_bytes(value)}
        self._short = {each for each in whole if len(each) == _SHORT}
        self._long = {each[at : at + _LONG] for each in whole for at in range(len(each) - _LONG + 1)}

    def holds(self, digest: bytes) -> bool:
        """Its beginning, from four bytes on as a whole value, from eight on anywhere."""
        return digest[:_LONG] in self._long or digest[:_SHORT] in self._short


def _as_bytes(value: Any) -> Iterator[bytes]:
    match value:
        case bytes():
            yield value
        # Small ones are counters, and anything's end.
        case int() if value > _SMALL:
            for size in (_SHORT, _LONG):
                with suppress(OverflowError):
                    yield from (value.to_bytes(size, "big"), value.to_bytes(size, "little"))
        case str():
            yield value.encode()
            for decoded in (bytes.fromhex, b64decode, urlsafe_b64decode):
                with suppress(ValueError, Error):
                    yield decoded(value)


async def _ids(tx: Transaction, life: Life) -> set[str]:
    codes = life.codes[:_PEOPLE]
    rows = await tx.all(
        select(
            member.c.id,
            member.c.code,
            member.c.full_name,
            member.c.folded_name,
            account.c.id,
            account.c.address,
        )
        .join(account, account.c.member_id == member.c.id)
        .where(member.c.code.in_(codes))
    )
    found = {str(value) for row in rows for value in row}
    addresses = {row.code: row.address for row in rows}
    for code in codes:
        if code in life.instance.phones:
            found.update(life.instance.phones[code].ids)
        if code in life.instance.zalo_phones:
            found.update(life.instance.zalo_phones[code].ids)
        if code in life.instance.browsers:
            posted = life.instance.browsers[code].ids
            found.update([*posted, *(f"{addresses[code]}:{each}" for each in posted)])
    return found


async def _secrets(tx: Transaction, life: Life) -> Sequence[bytes]:
    """Of all kinds that the program holds."""
    tokens = (life.instance.double.token.encode(), life.instance.zalo.token.encode())
    found = {b"", BRANCH.tag.encode(), BRANCH.name.encode(), *tokens}
    keys = (life.instance.folder / "keys").rglob("*.key")
    found.update(path.read_bytes().strip() for path in keys)
    for table in metadata.sorted_tables:
        for column in table.columns:
            if table not in CONCERNS and any(word in column.name for word in _SECRET_NAMES):
                rows = await tx.all(select(column).limit(2))
                found.update(str(row[0]).encode() for row in rows if row[0])
    return sorted(found)[:_MOST_SECRETS]


def _ways_to_write(one: str) -> Iterator[bytes]:
    for prefix in _PREFIXES:
        yield f"{prefix}{one}".encode()
    if one.isdigit():
        yield from (one.zfill(width).encode() for width in _WIDTHS)
        for order in ("big", "little"):
            yield int(one).to_bytes(8, order)
            with suppress(OverflowError):
                yield int(one).to_bytes(4, order)


def _digests(one: bytes, secrets: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    for name in _PLAIN:
        yield f"{name} of {one!r}", new(name, one).digest()
    yield f"md5 of hex of {one!r}", md5(one.hex().encode()).digest()  # noqa: S324
    yield f"short blake2b of {one!r}", blake2b(one, digest_size=16).digest()
    if len(one) >= _LONG and bytes(3) not in one:
        yield f"itself: {one!r}", one
    for key in secrets:
        for name in _KEYED:
            yield f"HMAC {name} of {one!r} with {key[:8]!r}", hmac.digest(key, one, name)
        yield f"sha256 of {one!r} after {key[:8]!r}", new("sha256", key + one).digest()
        yield f"sha256 of {one!r} before {key[:8]!r}", new("sha256", one + key).digest()
