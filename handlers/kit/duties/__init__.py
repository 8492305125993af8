"""The branch's yearly duties as data: rules read from `content/duties/duties.yaml`, and checked."""

from handlers.kit.duties.model import (
    AfterDuty,
    AfterYearEnd,
    BesideEvent,
    Deadline,
    DutyRules,
    Event,
    FixedDays,
    Often,
    Representatives,
    Rule,
    YearDay,
)
from handlers.kit.duties.rules_file import check_duties, load_duties

__all__ = [
    "AfterDuty",
    "AfterYearEnd",
    "BesideEvent",
    "Deadline",
    "DutyRules",
    "Event",
    "FixedDays",
    "Often",
    "Representatives",
    "Rule",
    "YearDay",
    "check_duties",
    "load_duties",
]
