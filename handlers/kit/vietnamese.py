"""Vietnamese text: one form for storing, one for searching, one for sorting names."""

import re
import unicodedata
from functools import lru_cache

# The look-alikes of đ after lowering: đ U+0111, ð U+00F0 (from Ð), ɖ U+0256 (from Ɖ). No Unicode form
# decomposes them.
_D = str.maketrans(dict.fromkeys("đðɖ", "d"))


def nfc(text: str) -> str:
    """The composed form: phones that send decomposed letters would else make unequal names."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The search form: no diacritics, lower case, single spaces; "  Đặng THỊ Hoà" is "dang thi hoa"."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    bare = "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")
    return " ".join(nfc(bare.translate(_D)).split())


def utf16_len(text: str) -> int:
    """The length as Telegram and browsers count it: an emoji beyond U+FFFF is two units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# Cleaning what people type or paste.

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# The flags of England, Scotland and Wales are spelled with invisible tags; elsewhere tags only hide text.
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f)|[\U000e0000-\U000e007f]")
_EMOJI = "\u2190-\u2bff\u3030\u303d\U0001f000-\U0001faff"
_LONE_JOINER = re.compile(f"(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}])")
_JOINER_OR_TAG = re.compile("[\u200d\U000e0020-\U000e007f]")


def clean(text: str) -> str:
    """Incoming text as it is kept: NFC, line ends as line feeds, a tab as a space, no other control,
    zero-width or direction character and no half of a surrogate pair. Joined emoji stay whole.
    """
    if text.isprintable():
        return nfc(text)
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    visible = nfc("".join(filter(_is_kept, lines)))
    tagged = _TAGS.sub(lambda match: match[1] or "", visible)
    return nfc(_LONE_JOINER.sub("", tagged))


def _is_kept(letter: str) -> bool:
    if letter == "\n" or _JOINER_OR_TAG.match(letter):
        return True
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}


# Sorting. The order is that of ICU's locale vi_VN: letters first over the whole word, tones only between
# words of the same letters, lower before upper case at last. Keys are made of ASCII characters so that a
# database that compares bytes sorts them right.

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PUNCTUATION = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng; 0 is ngang
# Below everything a level is made of: a word sorts before its continuation.
_END_OF_LEVEL = "!"


def name_key(full_name: str) -> str:
    """What names are sorted by: the given name (the last word) first, then the whole name. Compare by code
    point (Python, SQLite; in PostgreSQL with COLLATE "C").
    """
    words = full_name.split()
    return _key(words[-1] if words else "") + _END_OF_LEVEL * 2 + _key(" ".join(words))


_NUMBER = re.compile(r"\d{1,9}")


def text_key(text: str) -> str:
    """What other words are sorted by, such as names of groups: numbers in them by their value."""
    return _key(_NUMBER.sub(lambda found: found[0].zfill(9), text))


def _key(text: str) -> str:
    weights = [_weights(letter) for letter in nfc(text)]
    return _END_OF_LEVEL.join("".join(level) for level in zip(*weights, strict=True))


@lru_cache(maxsize=4096)
def _weights(letter: str) -> tuple[str, str, str]:
    """One letter's part of the three levels: which letter, which tone, which case."""
    small = letter.lower()
    decomposed = unicodedata.normalize("NFD", small)
    tone = next((mark for mark in decomposed if mark in _TONES), "")
    base = nfc(decomposed.replace(tone, "")) if tone else small
    return _primary(base), str(_TONES.index(tone) + 1 if tone else 0), str(int(letter != small))


def _primary(letter: str) -> str:
    if not letter:
        return ""
    if letter in _ALPHABET:
        return chr(ord("A") + _ALPHABET.index(letter))
    if letter in _PUNCTUATION:
        return "#" + chr(ord("A") + _PUNCTUATION.index(letter))
    return letter if letter.isascii() and letter.isprintable() else _foreign(letter)


def _foreign(letter: str) -> str:
    """A letter with a mark that Vietnamese doesn't know stands with its bare letter, others after z."""
    bare = unicodedata.normalize("NFD", letter)[0]
    return _primary(bare) if bare != letter else f"~{ord(bare):06x}"
