"""One cell of a roster: what it means, or a CellError that says why it means nothing."""

import re
from datetime import date, datetime
from functools import lru_cache

from handlers.kit.roles import Role
from handlers.kit.vietnamese import clean, fold
from handlers.roster.table import Flaw, Value

MAX_CODE = 32
MIN_NAME, MAX_NAME = 2, 100
# Everybody on a roster was hired after 1949; earlier dates are Excel's 0 and typing errors.
FIRST_YEAR, LAST_YEAR = 1950, 2100

_CODE = re.compile(r"[\w./-]+")
_DAY = re.compile(r"(?P<day>[0-9]{1,2})[/.-](?P<month>[0-9]{1,2})[/.-](?P<year>[0-9]{4})")
_ISO_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}")
_YES = frozenset({"x", "co", "1", "true", "✓", "✔"})
_NO = frozenset({"", "khong", "0", "false"})
_ROLES = {
    "to truong": Role.GROUP_LEADER,
    "ban chap hanh": Role.COMMITTEE,
    "chu tich": Role.CHAIR,
    "cap uy": Role.CELL_COMMITTEE,
    "nguoi su dung lao dong": Role.EMPLOYER,
    "dai dien nguoi su dung lao dong": Role.EMPLOYER,
    "ben su dung lao dong": Role.EMPLOYER,
}
# Whoever speaks for the union can't speak for the employer too.
_UNION_SIDE = frozenset({Role.GROUP_LEADER, Role.COMMITTEE, Role.CHAIR})
_SHOWN = 40


class CellError(Exception):
    """`kind` names the sentence, `values` fill its placeholders."""

    def __init__(self, kind: str, **values: object) -> None:
        super().__init__(kind)
        self.kind = kind
        self.values = values


def _text(value: Value | None) -> str:
    """The text of a cell in one line; a number as it is written, 123.0 as "123"."""
    if isinstance(value, Flaw):
        raise CellError(value)
    if isinstance(value, date):
        raise CellError("date_for_text")
    return " ".join(clean(str(value)).split()) if value is not None else ""


def _words(value: Value | None, shortest: int, longest: int) -> str:
    text = _text(value)
    # Such a text is a formula to the spreadsheet that opens an export.
    if text.startswith(("=", "+", "-", "@")):
        raise CellError("formula_sign", sign=text[0])
    if not shortest <= len(text) <= longest:
        raise (
            CellError("length", length=len(text), shortest=shortest, longest=longest)
            if text
            else CellError("empty")
        )
    return text


def read_code(value: Value | None) -> str:
    """In capitals, so that nv01 and NV01 are one person."""
    code = _words(value, 1, MAX_CODE).upper()
    if not _CODE.fullmatch(code) or len(code) > MAX_CODE:
        raise CellError("code_form", code=code[:_SHOWN])
    return code


def read_name(value: Value | None) -> str:
    return _words(value, MIN_NAME, MAX_NAME)


# Most rows repeat what others say: their cells are read once.


@lru_cache(maxsize=4096, typed=True)
def read_group(value: Value | None) -> str:
    return _words(value, 1, MAX_NAME)


@lru_cache(maxsize=4096, typed=True)
def read_position(value: Value | None) -> str:
    text = _text(value)
    if len(text) > MAX_NAME:
        raise CellError("length", length=len(text), shortest=0, longest=MAX_NAME)
    return text


@lru_cache(maxsize=64, typed=True)
def read_flag(value: Value | None) -> bool:
    text = _text(value)
    folded = fold(text)
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    raise CellError("flag_form", written=text[:_SHOWN])


@lru_cache(maxsize=64, typed=True)
def read_roles(value: Value | None) -> frozenset[Role]:
    """Everybody is a worker, whatever else."""
    held = {Role.WORKER}
    for part in re.split("[,;]", _text(value)):
        word = fold(part)
        if word and word not in _ROLES:
            raise CellError("role_unknown", written=part.strip()[:_SHOWN])
        if word:
            held.add(_ROLES[word])
    if Role.EMPLOYER in held and held & _UNION_SIDE:
        raise CellError("both_sides")
    return frozenset(held)


@lru_cache(maxsize=4096, typed=True)
def read_day(value: Value | None) -> date | None:
    if isinstance(value, int | float):
        raise CellError("date_number", written=value)
    if isinstance(value, date):
        day: date | None = value.date() if isinstance(value, datetime) else value
    else:
        day = _day(_text(value))
    if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CellError("date_range")
    return day


def _day(text: str) -> date | None:
    if not text:
        return None
    if _SHORT_YEAR.fullmatch(text):
        raise CellError("date_short_year", written=text)
    match = _DAY.fullmatch(text) or _ISO_DAY.fullmatch(text)
    if not match:
        raise CellError("date_form", written=text[:_SHOWN])
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        raise CellError("date_no_day", written=text) from None
