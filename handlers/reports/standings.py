"""Where the branch stands with each target of the programme, and what tells it.

A review speaks of several subjects, so this reads what their modules in storage keep.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date

from handlers.kit.context import Work
from handlers.kit.reports import Kind, last_day, share, year_end
from handlers.reports.page import text_of
from handlers.reports.targets import Target
from storage import duties, members, reported_coverage, roster_history
from storage.registers import Share, admissions, events, training


@dataclass(frozen=True, slots=True)
class Standing:
    words: str
    # None: there is nothing to reach.
    is_reached: bool | None
    # The name of a label that begins with `from_`.
    source: str


async def _study(work: Work, target: Target, year: int) -> Standing:
    every = await reported_coverage.of_year(work.db, work.now, year, work.services.zone)
    people, done = reported_coverage.people_over(each for each in every if not each.is_replaced)
    found = share(done, people)
    if found is None:
        return Standing(work.label("reports/standing_no_study"), is_reached=False, source="study_year")
    words = work.label("reports/standing_study", share=text_of(found, Kind.PERCENT), done=done, people=people)
    return Standing(words, reaches(Share(done, people), target), "study_year")


async def _trained(work: Work, target: Target, year: int) -> Standing:
    found = await training.trained(work.db, last_day(work, year), work.services.zone)
    return _of_share(work, "trained", found, target, "training")


async def _admitted(work: Work, target: Target, year: int) -> Standing:
    first, last = date(year, 1, 1), last_day(work, year)
    found = await admissions.admitted(work.db, first, last, work.services.zone)
    return _of_share(work, "admitted", found, target, "roster")


def _of_share(work: Work, what: str, found: Share, target: Target, source: str) -> Standing:
    percent = share(found.part, found.whole)
    if percent is None:
        return Standing(work.label(f"reports/standing_nobody_{what}"), is_reached=None, source=source)
    words = work.label(
        f"reports/standing_{what}",
        share=text_of(percent, Kind.PERCENT),
        done=found.part,
        people=found.whole,
    )
    return Standing(words, reaches(found, target), source)


def reaches(found: Share, target: Target) -> bool:
    """By the people themselves: a share that is rounded up reaches nothing."""
    return found.part * 100 >= target.least * found.whole


async def _duty(work: Work, target: Target, year: int) -> Standing:
    rows = await duties.everything(work.db)
    found = next((each for each in rows if (each.rule, each.period) == (target.duty, str(year))), None)
    if found is None:
        return Standing(work.label("reports/standing_no_duty"), is_reached=False, source="duties")
    if found.is_dropped:
        words = work.label("reports/standing_dropped", reason=found.note)
        return Standing(words, is_reached=None, source="duties")
    if found.done_on is None:
        return Standing(work.label("reports/standing_open"), is_reached=False, source="duties")
    return Standing(work.label("reports/standing_done", on=found.done_on), is_reached=True, source="duties")


async def _agreement(work: Work, target: Target, year: int) -> Standing:
    """One in force on the year's last day says more than that the duty was done."""
    found = await events.agreement(work.db, last_day(work, year))
    if found is None:
        return await _duty(work, target, year)
    words = work.label("reports/standing_agreement", number=found.number, until=found.valid_until)
    return Standing(words, is_reached=True, source="agreements")


async def _conference(work: Work, target: Target, year: int) -> Standing:
    """Held as a meeting, or entered as the duty's."""
    first, last = date(year, 1, 1), last_day(work, year)
    held = await events.conferences(work.db, first, last, work.now, work.services.zone)
    if not held:
        return await _duty(work, target, year)
    words = work.label("reports/standing_held", on=held[-1])
    return Standing(words, is_reached=True, source="conferences")


async def _chair(work: Work, _target: Target, year: int) -> Standing:
    """As the roster says today, or said at the end of the year."""
    end = year_end(work, year)
    people = await (members.with_roles(work.db) if end is None else roster_history.as_of(work.db, end))
    chair = next((each for each in people if each.is_chair and each.is_active), None)
    if chair is None:
        return Standing(work.label("reports/standing_no_chair"), is_reached=False, source="roster")
    is_in = chair.is_cell_committee
    words = work.label("reports/standing_chair", name=chair.full_name, is_in=is_in)
    return Standing(words, is_in, "roster")


STANDINGS: Mapping[str, Callable[[Work, Target, int], Awaitable[Standing]]] = {
    "study": _study,
    "duty": _duty,
    "agreement": _agreement,
    "conference": _conference,
    "chair": _chair,
    "trained": _trained,
    "admitted": _admitted,
}
