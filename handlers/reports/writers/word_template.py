"""A template in Word, filled in strictly: a name that isn't there is an error with its place, never a gap."""

import re
import zipfile
from pathlib import Path
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import SandboxedEnvironment

# What Jinja says of a name that isn't there.
_NAMED = re.compile(
    r"^'([^']+)' is undefined|no attribute '([^']+)'|unknown tag '([^']+)'|named '([^']+)'"
    r"|access to attribute '([^']+)'"
)
_LONGEST = 80
# docxtpl gives so many lines before that of an error.
_CONTEXT_BEFORE = 4
_NO_DOCUMENT = (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, OSError)


class TemplateError(Exception):
    """A template that can't be filled in. `field` is what it asks for in vain, empty where it isn't a matter
    of one; `line` is the number of the paragraph, from 1 (0: unknown), and `words` what stands there.
    """

    def __init__(self, path: Path, field: str = "", line: int = 0, words: str = "") -> None:
        super().__init__(path, field, line, words)
        self.path, self.field, self.line, self.words = path, field, line, words


class WordTemplate(DocxTemplate):  # type: ignore[misc]  # the library has no types
    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._path = path
        try:
            self.init_docx()
        except _NO_DOCUMENT as error:
            raise TemplateError(path) from error

    def fill(self, values: dict[str, Any]) -> None:
        # A template comes from outside: it may write what it is given, and reach nothing else.
        environment = SandboxedEnvironment(undefined=StrictUndefined)
        paragraphs = self._paragraphs()
        try:
            self.render(values, environment, autoescape=True)
        except JinjaError as error:
            raise self._refusal(error, paragraphs) from error

    def _paragraphs(self) -> list[str]:
        """Of the text, tables included, as the reader of the template counts them: those with words."""
        found = self.docx.element.body.iter(qn("w:p"))
        texts = ("".join(each.text or "" for each in paragraph.iter(qn("w:t"))) for paragraph in found)
        return [text for text in texts if text.strip()]

    def _refusal(self, error: JinjaError, paragraphs: list[str]) -> TemplateError:
        named = _NAMED.search(str(error))
        field = next(filter(None, named.groups())) if named else ""
        near = "" if field else _near(error)
        pattern = rf"\{{[{{%].*\b{re.escape(field)}\b" if field else rf"^\s*{re.escape(near)}\s*$"
        for number, text in enumerate(paragraphs, 1):
            if (field or near) and re.search(pattern, text):
                return TemplateError(self._path, field, number, text.strip()[:_LONGEST])
        return TemplateError(self._path, field)


def _near(error: JinjaError) -> str:
    """What stands where the template's grammar breaks; empty where that is its end, or unknown."""
    context = list(getattr(error, "docx_context", ()))
    number = getattr(error, "lineno", 0)
    place = number - 1 - max(number - _CONTEXT_BEFORE, 0)
    return context[place].strip() if 0 <= place < len(context) else ""
