"""What a check finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class State(StrEnum):
    OK = "ok"
    # Something is missing or soon will be; what works goes on.
    WARNING = "warning"
    # Something doesn't work until somebody does something about it.
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, such as "database". In `content/messages/doctor` the label `key` says
    what is so, and `KEY_do` what to do unless all is well; both are given the `values`.
    """

    name: str
    state: State
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


def ok(name: str, key: str, **values: Any) -> Finding:
    return Finding(name, State.OK, key, values)


def warning(name: str, key: str, **values: Any) -> Finding:
    return Finding(name, State.WARNING, key, values)


def problem(name: str, key: str, **values: Any) -> Finding:
    return Finding(name, State.PROBLEM, key, values)
