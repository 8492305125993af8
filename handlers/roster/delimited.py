"""A roster as CSV: the encodings and separators that offices use."""

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator

from handlers.kit.vietnamese import nfc
from handlers.roster.columns import HEADER_ROWS, known_columns
from handlers.roster.table import Row, refusal

_SEPARATORS = ",;\t"


def read_rows(data: bytes) -> Iterator[Row]:
    """The rows of a CSV file, numbered as a spreadsheet numbers them."""
    text = _decode(data)
    if "\0" in text:
        raise refusal("not_a_table")
    # Strict: a quote that is never closed would else swallow all people after it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    line = 1
    try:
        for number, values in enumerate(reader, 1):
            line = reader.line_num + 1
            yield Row(number, {place: value for place, value in enumerate(values, 1) if value.strip()})
    except csv.Error as error:
        raise refusal("csv_quote", line=line) from error


def _decode(data: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else Windows-1258, whose tone marks stand apart."""
    try:
        if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            return nfc(data.decode("utf-16"))
        return nfc(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        if error.encoding != "utf-8" or b"\0" in data:
            raise refusal("not_a_table") from error
        _refuse_damaged_utf8(data)
    try:
        return nfc(data.decode("cp1258"))
    except UnicodeDecodeError as error:
        raise refusal("encoding") from error


def _refuse_damaged_utf8(data: bytes) -> None:
    """Text that is UTF-8 but for a few bytes would turn to gibberish as Windows-1258."""
    letters = [letter for letter in data.decode("utf-8", "replace") if not letter.isascii()]
    damaged = letters.count("\N{REPLACEMENT CHARACTER}")
    if damaged < len(letters) - damaged:
        raise refusal("damaged_utf8")


def _separator(text: str) -> str:
    """The one that makes the most column names in the first lines."""
    lines = text[:20_000].splitlines()[:HEADER_ROWS]

    def named(separator: str) -> int:
        return max(_count_columns(line.split(separator)) for line in lines or [""])

    return max(_SEPARATORS, key=named)


def _count_columns(parts: list[str]) -> int:
    return sum(column is not None for column in known_columns([part.strip().strip('"') for part in parts]))
