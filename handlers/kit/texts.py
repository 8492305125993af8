"""Every sentence the bot says: Jinja2 templates and labels of `content/messages/`.

A template renders neutral markup: what is put in is escaped, what the template writes (b, i, u, s, code,
a) stays. Each
channel turns that into its own (see `markup`). A name that a template doesn't get is an error, never an
empty gap.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

LANGUAGE = "vi"


class Texts:
    """Texts by key: "study/card" is `study/vi/card.j2`, the label "study/next" the entry `next` of
    `study/vi/labels.yaml`.
    """

    def __init__(self, root: Path, zone: ZoneInfo, you: str) -> None:
        """`you` is how people are spoken to, such as "anh/chị"."""
        self.you = you
        self._root = root
        self._zone = zone
        words = {"you": you, "You": you[:1].upper() + you[1:]}
        loader = FileSystemLoader(root)
        self._rich = self._environment(loader, words, autoescape=True)
        # Labels and notices are plain text on every channel: escaping is the channel's.
        self._plain = self._environment(loader, words, autoescape=False)
        self._labels = cache(self._read_labels)
        self._written = cache(self._rich.from_string)

    def render(self, key: str, **values: Any) -> Markup:
        """The message as neutral markup, without blank lines at its ends."""
        feature, name = key.split("/")
        template = self._rich.get_template(f"{feature}/{LANGUAGE}/{name}.j2")
        return Markup(template.render(values).strip())  # noqa: S704 - autoescaped by the template

    def plain(self, key: str, **values: Any) -> str:
        """A text that isn't markup, for papers: nothing in it is escaped."""
        feature, name = key.split("/")
        return self._plain.get_template(f"{feature}/{LANGUAGE}/{name}.j2").render(values).strip()

    def label(self, key: str, **values: Any) -> str:
        """A button's label or a short notice: plain text in one line."""
        feature, name = key.split("/")
        return self._labels(feature)[name].render(values)

    def fill(self, written: Markup) -> Markup:
        """Neutral markup of a content file, in which `{{ you }}` and `{{ You }}` may stand."""
        return Markup(self._written(written).render())  # noqa: S704 - markup before, and filled in escaped

    def _environment(
        self, loader: FileSystemLoader, words: Mapping[str, str], *, autoescape: bool
    ) -> Environment:
        made = Environment(
            loader=loader,
            autoescape=autoescape,  # noqa: S701 - labels are plain text
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        made.globals.update(words)
        made.filters.update(day=format_day, moment=self._format_moment, count=format_count)
        return made

    def _read_labels(self, feature: str) -> dict[str, Template]:
        path = self._root / feature / LANGUAGE / "labels.yaml"
        entries: dict[str, str] = yaml.safe_load(path.read_text("utf-8"))
        return {name: self._plain.from_string(text) for name, text in entries.items()}

    def _format_moment(self, value: datetime) -> str:
        return f"{value.astimezone(self._zone):%H:%M %d/%m/%Y}"


def format_day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def format_count(value: float) -> str:
    """1234.5 as Vietnamese writes it: 1.234,5."""
    return f"{value:,}".translate(str.maketrans(",.", ".,"))
