"""Merge fields in what an officer writes to many: `{{ten}}` becomes each reader's name.

A field is replaced by a value and nothing else: what an officer writes is never run as a template.
"""

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

from handlers.kit.vietnamese import fold

# Names as people write them, folded: {{tên}} is {{ten}}. The full name, the group, the code.
FIELDS = ("ten", "to", "ma")
_FIELD = re.compile(r"\{\{([^{}]*)\}\}")


def has_fields(text: str) -> bool:
    return _FIELD.search(text) is not None


def unknown(text: str) -> list[str]:
    """Names between double braces that stand for nothing, as they were written."""
    return [name.strip() for name in _FIELD.findall(text) if _name(name) not in FIELDS]


def fill(text: Markup, values: Mapping[str, str]) -> Markup:
    """The markup with the values, escaped, in place of their fields; KeyError for an unknown field."""
    filled = _FIELD.sub(lambda found: str(escape(values[_name(found[1])])), str(text))
    return Markup(filled)  # noqa: S704 - markup as before, with escaped values


def _name(written: str) -> str:
    return fold(written.strip())
