"""Entries of a YAML mapping, read one by one; a mistake is noted and something empty stands in for it."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

import yaml

from handlers.kit.documents.findings import Findings
from handlers.kit.vietnamese import clean

# A value whose double quote isn't closed on its line.
_OPEN_QUOTE = re.compile(r'\s*(?:- )*(?:\w+: +)?"(?:[^"\\]|\\.)*')
MAX_DAY = 40
_WHOLE = re.compile(r"[0-9]{1,9}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _place(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> tuple[int, str]:
    """Line and kind: a quote that isn't closed is noticed further down, but stands where it opens."""
    line = error.problem_mark.line + 1 if error.problem_mark else 1
    if (error.problem or "").startswith("mapping values are not allowed"):
        return line, "yaml_colon"
    opening = (number for number, text in enumerate(lines[:line], 1) if _OPEN_QUOTE.fullmatch(text))
    opened = next(opening, None)
    return (opened, "yaml_quote") if opened else (line, "yaml_syntax")


def line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def read_text(
    node: yaml.Node, key: str, findings: Findings, *, limit: int, line: int = 0, may_be_empty: bool = False
) -> str:
    """One text in one line of at most `limit` characters."""
    line = line or line_of(node)
    if not isinstance(node, yaml.ScalarNode):
        findings.add(line, "not_text", key=key)
        return ""
    text = " ".join(clean(node.value).split())
    if not text and not may_be_empty:
        findings.add(line, "empty_text", key=key)
    if len(text) > limit:
        findings.add(line, "too_long", key=key, length=len(text), limit=limit)
    return text


class Fields:
    """The entries of one mapping that may hold `keys`, all but the `optional` ones, and nothing else."""

    def __init__(
        self, node: yaml.MappingNode, keys: Sequence[str], findings: Findings, optional: Sequence[str] = ()
    ) -> None:
        self._findings = findings
        self._entries: dict[str, tuple[int, yaml.Node]] = {}
        for key, value in node.value:
            self._enter(key, value, [*keys, *optional])
        for name in keys:
            if name not in self._entries:
                findings.add(line_of(node), "missing_key", key=name)

    def _enter(self, key: yaml.Node, value: yaml.Node, keys: Sequence[str]) -> None:
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        line = line_of(key)
        if name not in keys:
            self._findings.add(line, "unknown_key", key=name[:40], keys=", ".join(keys))
        elif name in self._entries:
            self._findings.add(line, "duplicate_key", key=name, first=self._entries[name][0])
        else:
            self._entries[name] = line, value

    def line(self, key: str) -> int:
        """Where the entry stands; 0 when it is missing."""
        return self._entries[key][0] if key in self._entries else 0

    def text(self, key: str, limit: int, *, may_be_empty: bool = False) -> str:
        if key not in self._entries:
            return ""
        line, node = self._entries[key]
        return read_text(node, key, self._findings, limit=limit, line=line, may_be_empty=may_be_empty)

    def paragraphs(self, key: str) -> tuple[int, str]:
        """A text of several lines, as it is written, and where its first line stands."""
        if key not in self._entries:
            return 0, ""
        line, node = self._entries[key]
        if not isinstance(node, yaml.ScalarNode):
            self._findings.add(line, "not_text", key=key)
            return line, ""
        if not node.value.strip():
            self._findings.add(line, "empty_text", key=key)
        # The text of a block begins below its key.
        return line + (node.style in {"|", ">"}), str(node.value)

    def mapping(self, key: str, keys: Sequence[str]) -> "Fields | None":
        """The entries of a mapping in this one; None when it is missing or no mapping."""
        return fields_of(self._entries[key][1], keys, self._findings) if key in self._entries else None

    def whole(self, key: str, lowest: int, highest: int) -> int | None:
        """A whole number from `lowest` to `highest`."""
        if key not in self._entries:
            return None
        line, node = self._entries[key]
        written = node.value if isinstance(node, yaml.ScalarNode) else ""
        number = int(written) if _WHOLE.fullmatch(written) else None
        if number is None or not lowest <= number <= highest:
            self._findings.add(line, "not_whole", key=key, lowest=lowest, highest=highest)
            return None
        return number

    def day(self, key: str) -> date | None:
        """YYYY-MM-DD, or nothing."""
        written = self.text(key, limit=MAX_DAY, may_be_empty=True)
        if not written:
            return None
        with suppress(ValueError):
            if _DAY.fullmatch(written):
                return date.fromisoformat(written)
        self._findings.add(self.line(key), "not_a_day", key=key, written=written[:MAX_DAY])
        return None

    def items(self, key: str) -> list[yaml.Node] | None:
        """The entries of a list; None when it is missing or no list."""
        if key not in self._entries:
            return None
        line, node = self._entries[key]
        if not isinstance(node, yaml.SequenceNode):
            self._findings.add(line, "not_a_list", key=key)
            return None
        return list(node.value)

    def entries(self, key: str, keys: Sequence[str], *, may_be_empty: bool = False) -> "list[Fields]":
        """The mappings in a list, those of them that are some."""
        nodes = self.items(key)
        if nodes == [] and not may_be_empty:
            self._findings.add(self.line(key), "empty_text", key=key)
        found = [fields_of(node, keys, self._findings) for node in nodes or []]
        return [entry for entry in found if entry is not None]


def read_fields(lines: Sequence[str], keys: Sequence[str], findings: Findings) -> Fields | None:
    """The entries of the YAML mapping that stands in `lines`; None when it can't be read."""
    try:
        tree = _compose("\n".join(lines))
    except yaml.MarkedYAMLError as error:
        findings.add(*_place(error, lines))
    except (yaml.YAMLError, RecursionError):
        findings.add(1, "yaml_syntax")
    else:
        return fields_of(tree, keys, findings)
    return None


def _compose(text: str) -> yaml.Node | None:
    """Nothing is guessed from the look of a value: 02 and "no" stay the text that is written."""
    try:
        # Ten times as fast; the other one knows better where a mistake begins.
        return yaml.compose(text, Loader=yaml.CBaseLoader)
    except (AttributeError, yaml.YAMLError):
        return yaml.compose(text, Loader=yaml.BaseLoader)


def fields_of(
    node: yaml.Node | None, keys: Sequence[str], findings: Findings, optional: Sequence[str] = ()
) -> Fields | None:
    """The entries of `node`; None when it is no mapping."""
    if isinstance(node, yaml.MappingNode):
        return Fields(node, keys, findings, optional)
    findings.add(line_of(node) if node else 1, "not_a_mapping", keys=", ".join(keys))
    return None
