"""A feature: what it offers to the engine, as plain data."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from handlers.kit.access import Right
from handlers.kit.flow import Flow, Handler
from handlers.kit.jobs import JobKind, Plan
from handlers.kit.reports import ReportKind
from handlers.kit.vietnamese import fold


@dataclass(frozen=True, slots=True)
class Command:
    """A word that begins something: `/name`, or without a slash `name` or one of `words`, with or without
    diacritics.
    """

    name: str
    handler: Handler
    # Who may use it; None: everybody, linked or not.
    right: Right | None
    words: tuple[str, ...] = ()
    # The label of the menus' entry, a key of labels; None: stands in no menu.
    label: str | None = None


def spoken(name: str, words: Iterable[str]) -> Iterable[str]:
    """What a command is called without a slash, without diacritics: its name, and its words."""
    return dict.fromkeys([name, *map(fold, words)])


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is known by its form, wherever no step waits for a text: a code by itself, or one that a link
    brings after `/start`.
    """

    fits: Callable[[str], bool]
    handler: Handler
    right: Right


@dataclass(frozen=True, slots=True)
class Action:
    """What a button does. `step` ("flow.step"): only while the dialogue stands there; otherwise the
    press is stale.
    """

    handler: Handler
    right: Right | None
    step: str = ""


@dataclass(frozen=True, slots=True)
class Feature:
    name: str
    commands: tuple[Command, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    # By full name, such as "study.card".
    actions: Mapping[str, Action] = field(default_factory=dict)
    flows: tuple[Flow, ...] = ()
    # Renamed actions: old name to new, so that buttons sent earlier go on working.
    aliases: Mapping[str, str] = field(default_factory=dict)
    # What it sends by itself at a set time, and what plans that ahead.
    jobs: tuple[JobKind, ...] = ()
    plans: tuple[Plan, ...] = ()
    # What it can report; `handlers/reports` writes it.
    reports: tuple[ReportKind, ...] = ()
