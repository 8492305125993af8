"""What tells who an entry of the evidence is about, under a key of that person's own.

The entry's hash covers the sealed text and the key's SHA-256, never the words: once the key is destroyed they
are gone, and chain and tree agree as before. AES-SIV (RFC 5297) needs no random number for each text, so none
can come twice; the key's SHA-256 in the entry makes it certain that no other key opens it to other words.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from msgspec import MsgspecError
from msgspec.json import Decoder
from sqlalchemy import bindparam, delete, insert, select

from storage.database import Transaction
from storage.schema.evidence import person_key
from storage.schema.people import member

_KEY_BITS = 512


class NotOpenedError(Exception):
    """Not sealed with this key, or changed since. Its words never hold what was inside."""


_OWN = (
    select(member.c.code, person_key.c.fingerprint, person_key.c.secret)
    .outerjoin(person_key, person_key.c.member_id == member.c.id)
    .where(member.c.id == bindparam("b_member"))
    .order_by(person_key.c.made_at)
    .limit(1)
)


async def seal(tx: Transaction, member_id: int, fields: Mapping[str, str], at: datetime) -> tuple[str, str]:
    """The fields, with the member's code as `member_code`, sealed for the entry, and the key's SHA-256.

    The key is made with the member's first entry.
    """
    row = await tx.first(_OWN, {"b_member": member_id})
    if row is None:
        raise AssertionError("entries are about people on the roster")
    secret, fingerprint = row.secret, row.fingerprint
    if secret is None:
        secret = AESSIV.generate_key(_KEY_BITS)
        fingerprint = fingerprint_of(secret)
        values = {"fingerprint": fingerprint, "member_id": member_id, "secret": secret, "made_at": at}
        await tx.run(insert(person_key).values(values))
    return sealed_text(secret, {**fields, "member_code": row.code}), fingerprint


def fingerprint_of(secret: bytes) -> str:
    return sha256(secret).hexdigest()


def sealed_text(secret: bytes, fields: Mapping[str, str]) -> str:
    words = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return b64encode(AESSIV(secret).encrypt(words.encode(), None)).decode()


@dataclass(frozen=True)
class Opener:
    """Opens what one key has sealed; setting the cipher up takes longer than a text."""

    secret: bytes = field(repr=False)

    def open(self, sealed: str) -> dict[str, str]:
        """The fields; NotOpenedError when the text isn't of this key."""
        try:
            return _fields.decode(self._cipher.decrypt(b64decode(sealed, validate=True), None))
        except (InvalidTag, ValueError, MsgspecError, RecursionError) as error:
            raise NotOpenedError from error

    @cached_property
    def _cipher(self) -> AESSIV:
        return AESSIV(self.secret)


_fields = Decoder(dict[str, str])


def opened(secret: bytes, sealed: str) -> dict[str, str]:
    """As `Opener.open`, for a single text."""
    return Opener(secret).open(sealed)


_OF_MEMBER = select(person_key.c.fingerprint).where(person_key.c.member_id == bindparam("b_member"))


async def of_member(tx: Transaction, member_id: int) -> list[str]:
    """The SHA-256 of each of the member's keys: one, or none, but for two first entries at the same time."""
    rows = await tx.all(_OF_MEMBER.order_by(person_key.c.made_at), {"b_member": member_id})
    return [row.fingerprint for row in rows]


async def destroy(tx: Transaction, fingerprint: str) -> None:
    await tx.run(delete(person_key).where(person_key.c.fingerprint == fingerprint))


async def secrets(tx: Transaction, member_id: int | None = None) -> dict[str, tuple[int, bytes]]:
    """The member and the secret by the secret's SHA-256: of everybody, or of one member."""
    statement = select(person_key.c.fingerprint, person_key.c.member_id, person_key.c.secret)
    if member_id is not None:
        statement = statement.where(person_key.c.member_id == member_id)
    rows = await tx.all(statement.order_by(person_key.c.member_id, person_key.c.fingerprint))
    return {row.fingerprint: (row.member_id, row.secret) for row in rows}
