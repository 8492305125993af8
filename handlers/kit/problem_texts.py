"""What people read about a mistake in a file: `content/messages/<area>/vi/problems.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Advice:
    """What is wrong, and what to do about it: two sentences."""

    problem: str
    remedy: str


def advise(area: str, kind: str, **values: object) -> Advice:
    """The sentences for this kind of mistake, with `values` put in."""
    texts = read_advice(area)[kind]
    return Advice(texts.problem.format(**values), texts.remedy.format(**values))


@cache
def read_advice(area: str) -> Mapping[str, Advice]:
    """All kinds of mistakes of an area, with {placeholders} still in the sentences."""
    path = files("content").joinpath("messages", area, "vi", "problems.yaml")
    entries: dict[str, dict[str, str]] = yaml.safe_load(path.read_text("utf-8"))
    return {kind: Advice(**entry) for kind, entry in entries.items()}
