"""Bytes as letters with a checksum (BIP-173, without its limit of 90 characters, as age writes its keys)."""

from collections.abc import Iterable

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK_LETTERS = 6
_BYTE = 8
_LETTER = 5


def encode(prefix: str, plain: bytes) -> str:
    """In small letters; `prefix` is ASCII in small letters."""
    letters = _fives(plain)
    spread = [*(ord(letter) >> _LETTER for letter in prefix), 0, *(ord(letter) & 31 for letter in prefix)]
    check = _checksum([*spread, *letters, *[0] * _CHECK_LETTERS]) ^ 1
    places = range(_LETTER * (_CHECK_LETTERS - 1), -1, -_LETTER)
    return prefix + "1" + "".join(_LETTERS[each] for each in (*letters, *(check >> at & 31 for at in places)))


def content(text: str) -> bytes:
    """The bytes in what `encode` makes; the checksum is for others to check."""
    letters = text.rpartition("1")[2][:-_CHECK_LETTERS]
    number = 0
    for letter in letters:
        number = number << _LETTER | _LETTERS.index(letter)
    count = len(letters) * _LETTER // _BYTE
    return (number >> len(letters) * _LETTER - count * _BYTE).to_bytes(count)


def _fives(plain: bytes) -> list[int]:
    """The bits five at a time, zeros at their end."""
    width = -(-len(plain) * _BYTE // _LETTER) * _LETTER
    number = int.from_bytes(plain) << width - len(plain) * _BYTE
    return [number >> at & 31 for at in range(width - _LETTER, -1, -_LETTER)]


def _checksum(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << _LETTER ^ value
        for bit, term in enumerate(_GENERATOR):
            check ^= term if top >> bit & 1 else 0
    return check
