"""A roster as .xlsx. The sheets' XML is read here and not by openpyxl, which takes three times as long, hides
formulas behind text and knows merged cells only when the whole workbook is in memory.
"""

import posixpath
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from math import isfinite
from typing import IO
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse
from zipfile import BadZipFile, ZipFile

from openpyxl.styles.numbers import builtin_format_code, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from handlers.roster.table import Flaw, MergedCells, Row, Value, refusal

MAX_UNPACKED = 500_000_000
# What reading a damaged or forged archive raises.
_BROKEN = (
    *(BadZipFile, zlib.error, EOFError, OSError, ParseError),
    *(ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError),
)
_MERGED = re.compile("([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)")


class _Tags:
    """The elements that matter, as ElementTree names them in this workbook's namespace."""

    def __init__(self, namespace: str) -> None:
        self.row = f"{namespace}row"
        self.formula = f"{namespace}f"
        self.value = f"{namespace}v"
        self.inline = f"{namespace}is"
        self.merged = f"{namespace}mergeCell"
        self.shared = f"{namespace}si"
        self.run = f"{namespace}r"
        self.text = f"{namespace}t"


@dataclass(frozen=True, slots=True)
class _Book:
    archive: ZipFile
    tags: _Tags
    # The texts that cells point to.
    strings: Sequence[str]
    # The cell styles that show a number as a date, as cells name them.
    date_styles: frozenset[str]
    # What dates count from: Excel for Mac once began at 1904.
    epoch: datetime


def open_sheets(file: IO[bytes]) -> list["Sheet"]:
    """The visible sheets in their order; `file` stays open as long as they are read."""
    try:
        archive = ZipFile(file)
        unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise refusal("too_big_unpacked", size=unpacked // 1_000_000, limit=MAX_UNPACKED // 1_000_000)
        return _sheets(archive)
    except _BROKEN as error:
        raise refusal("not_a_workbook") from error


def _sheets(archive: ZipFile) -> list["Sheet"]:
    main = _parts(archive, "", "officeDocument")[0]
    root = fromstring(archive.read(main))
    namespace = root.tag[: root.tag.index("}") + 1]
    tags = _Tags(namespace)
    book = _Book(
        archive,
        tags,
        [text for part in _parts(archive, main, "sharedStrings") for text in _strings(archive, part, tags)],
        frozenset(
            s for part in _parts(archive, main, "styles") for s in _date_styles(archive, part, namespace)
        ),
        CALENDAR_MAC_1904 if _is_1904(root, namespace) else CALENDAR_WINDOWS_1900,
    )
    targets = {id_: target for id_, kind, target in _relations(archive, main) if kind == "worksheet"}
    visible = (
        sheet for sheet in root.iter(f"{namespace}sheet") if sheet.get("state", "visible") == "visible"
    )
    ids = (next(value for name, value in sheet.items() if name.endswith("}id")) for sheet in visible)
    return [Sheet(book, targets[id_]) for id_ in ids if id_ in targets]


def _is_1904(root: Element, namespace: str) -> bool:
    properties = root.find(f"{namespace}workbookPr")
    return properties is not None and properties.get("date1904") in {"1", "true"}


def _relations(archive: ZipFile, part: str) -> Iterator[tuple[str, str, str]]:
    """(id, kind, path in the archive) of all that `part` points to."""
    folder, name = posixpath.split(part)
    for relation in fromstring(archive.read(posixpath.join(folder, "_rels", f"{name}.rels"))):
        target = posixpath.join("/", folder, relation.attrib["Target"])
        kind = relation.attrib["Type"].rpartition("/")[2]
        yield relation.attrib["Id"], kind, posixpath.normpath(target)[1:]


def _parts(archive: ZipFile, part: str, wanted: str) -> list[str]:
    return [target for _, kind, target in _relations(archive, part) if kind == wanted]


def _strings(archive: ZipFile, part: str, tags: _Tags) -> Iterator[str]:
    with archive.open(part) as source:
        for _, element in iterparse(source):
            if element.tag == tags.shared:
                yield _text(element, tags)
                element.clear()


def _text(element: Element, tags: _Tags) -> str:
    """A text and its formatted runs; pronunciation hints are left out."""
    parts: list[str | None] = []
    for child in element:
        if child.tag == tags.text:
            parts.append(child.text)
        elif child.tag == tags.run:
            parts.append(child.findtext(tags.text))
    return "".join(part for part in parts if part)


def _date_styles(archive: ZipFile, part: str, namespace: str) -> Iterator[str]:
    root = fromstring(archive.read(part))
    custom = {own.get("numFmtId"): own.get("formatCode") for own in root.iter(f"{namespace}numFmt")}
    styles = root.find(f"{namespace}cellXfs")
    for number, style in enumerate(() if styles is None else styles):
        id_ = style.get("numFmtId", "0")
        if is_date_format(custom.get(id_) or builtin_format_code(int(id_))):
            yield str(number)


@dataclass(slots=True)
class Sheet:
    """One sheet; `merged` is complete when all rows have been read."""

    _book: _Book
    _part: str
    merged: list[MergedCells] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """The rows that hold anything, in the order of the file."""
        try:
            yield from self._rows()
        except _BROKEN as error:
            raise refusal("not_a_workbook") from error

    def _rows(self) -> Iterator[Row]:
        tags = self._book.tags
        number = 0
        with self._book.archive.open(self._part) as source:
            for _, element in iterparse(source):
                tag = element.tag
                if tag == tags.row:
                    number = int(element.get("r", number + 1))
                    yield Row(number, self._cells(element))
                    # Else the whole sheet would pile up in memory.
                    element.clear()
                elif tag == tags.merged:
                    self._note_merged(element.get("ref", ""))

    def _note_merged(self, name: str) -> None:
        match = _MERGED.fullmatch(name)
        if match:
            left, top, right, bottom = match.groups()
            self.merged.append(MergedCells(name, int(top), int(bottom), _place(left), _place(right)))

    def _cells(self, row: Element) -> dict[int, Value]:
        cells: dict[int, Value] = {}
        place = 0
        for cell in row:
            name = cell.get("r")
            place = _place(name.rstrip("0123456789")) if name else place + 1
            value = self._value(cell)
            if value is not None:
                cells[place] = value
        return cells

    def _value(self, cell: Element) -> Value | None:
        tags = self._book.tags
        text: str | None = None
        for child in cell:
            tag = child.tag
            if tag == tags.formula:
                return Flaw.FORMULA
            if tag == tags.value:
                text = child.text
            elif tag == tags.inline:
                text = _text(child, tags)
        if not text or text.isspace():
            return None
        return self._converted(cell.get("t", "n"), text, cell.get("s", ""))

    def _converted(self, kind: str, text: str, style: str) -> Value | None:
        match kind:
            case "n":
                return self._number(float(text), style)
            case "s":
                shared = self._book.strings[int(text)]
                return shared if shared.strip() else None
            case "b":
                return text == "1"
            case "e":
                return Flaw.ERROR
            case "d":
                return _iso_day(text)
            case _:
                return text

    def _number(self, value: float, style: str) -> Value:
        if style in self._book.date_styles:
            try:
                day = from_excel(value, self._book.epoch)
            except (OverflowError, ValueError):
                return Flaw.DAY
            # Below 1 a number is a time of day, without a date.
            return day if isinstance(day, date) else Flaw.DAY
        if not isfinite(value):
            return Flaw.ERROR
        return int(value) if value.is_integer() else value


def _iso_day(text: str) -> Value:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return Flaw.DAY


@lru_cache(maxsize=1024)
def _place(letters: str) -> int:
    """The column's number: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
