"""What stands on papers around their body, whichever program lays them out."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the body."""

    issuer: str
    number: str
    nation: str
    motto: str
    place_and_day: str
    # The kind of paper, and what it is about.
    title: str
    about: str
    # The body above the one that issues it.
    superior: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    title: str
    hint: str
    name: str = ""


def format_paper_day(day: date) -> tuple[str, str, str]:
    """Day, month and year: days below 10 and the months 1 and 2 with a leading zero."""
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)  # noqa: PLR2004 - as it says
    return f"{day.day:02}", month, str(day.year)
