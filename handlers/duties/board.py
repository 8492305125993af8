"""All duties as they stand now: rules, rows and the dates of meetings put together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.duties.deadlines import Due, Known, due_of
from handlers.duties.rules import Period, State, is_open, periods_of, read_period, state
from handlers.kit.calendar import workdays
from handlers.kit.context import Work
from handlers.kit.duties import BesideEvent, Event, Often, Rule
from storage import duties, meeting_dates
from storage.duties import Duty
from storage.meeting_dates import Held
from storage.meetings import Kind


@dataclass(frozen=True, slots=True)
class Item:
    """One duty of one period. `due` says how its deadline is counted, while it is open."""

    duty: Duty
    rule: Rule
    period: Period
    due: Due | None
    state: State

    @property
    def due_day(self) -> date | None:
        """As it is counted now."""
        return self.due.day if self.due else None

    @property
    def due_on(self) -> date | None:
        """The last day, also of what is closed."""
        return self.due_day if is_open(self.duty) else self.duty.due_on

    def days_left(self, today: date) -> int | None:
        """Negative when it is overdue; None where nothing has to be done by a known day."""
        is_counted = self.state in {State.PLANNED, State.OVERDUE}
        return (self.due_on - today).days if is_counted and self.due_on else None


@dataclass(frozen=True, slots=True)
class Board:
    """`lost` are duties whose event is gone: nobody has to see them."""

    known: Known
    items: Sequence[Item]
    lost: Sequence[Item]

    def item(self, duty_id: int) -> Item | None:
        return next((each for each in self.items if each.duty.id == duty_id), None)

    def find(self, slug: str, period: str) -> Item | None:
        kept = self.known.duties.get((slug, period))
        return self.item(kept.id) if kept else None


async def look(work: Work) -> Board:
    """Duties without a rule any more are left out."""
    rows = await duties.everything(work.db)
    event_days = await _event_days(work, rows)
    known = Known(
        work.services.duties,
        await workdays(work),
        event_days,
        {(each.rule, each.period): each for each in rows},
    )
    items = [_item(known, each, work.today) for each in rows if each.rule in known.rules.rules]
    lost = [each for each in items if _has_lost_its_event(each)]
    return Board(known, [each for each in items if each not in lost], lost)


def _item(known: Known, duty: Duty, today: date) -> Item:
    rule, period = known.rules.rules[duty.rule], read_period(duty.period)
    due = due_of(rule, duty, period, known) if is_open(duty) else None
    return Item(duty, rule, period, due, state(duty, due.day if due else None, today))


def _has_lost_its_event(item: Item) -> bool:
    """A second event of a year that was cancelled, or moved to another year."""
    is_further = item.rule.often is Often.FOR_EVENT and item.period.number > 0
    return is_further and item.state is State.WAITING


def missing(work: Work, board: Board) -> list[tuple[str, str]]:
    """Duties of this year and the next that have no row yet."""
    years = (work.today.year, work.today.year + 1)
    wanted = [
        (rule.slug, str(period))
        for rule in board.known.rules.rules.values()
        for period in _periods(rule, years, board.known.event_days)
    ]
    return [each for each in wanted if each not in board.known.duties]


def _periods(
    rule: Rule, years: Sequence[int], event_days: Mapping[tuple[Event, Period], date]
) -> Iterable[Period]:
    for year in years:
        yield from periods_of(rule, year)
    match rule.deadline:
        case BesideEvent(event=wanted):
            further = (period for event, period in event_days if event is wanted and period.number)
            yield from (period for period in further if period.year in years)


# The days of meetings.


async def _event_days(work: Work, rows: Sequence[Duty]) -> dict[tuple[Event, Period], date]:
    """Of every year with an open duty, and of this year and the next."""
    years = {read_period(each.period).year for each in rows if is_open(each)}
    begin, end = min({work.today.year, *years}), max({work.today.year + 1, *years})
    kinds = [Kind(each.value) for each in Event]
    found = await meeting_dates.of_kinds(work.db, kinds, _new_year(work, begin), _new_year(work, end + 1))
    of_year: dict[tuple[Event, int], list[Held]] = defaultdict(list)
    for each in found:
        of_year[Event(each.kind.value), _local_day(work, each.starts_at).year].append(each)
    return {
        (event, period): _local_day(work, each.starts_at)
        for (event, year), held in of_year.items()
        for period, each in _numbered(year, held)
    }


def _numbered(year: int, held: Sequence[Held]) -> Iterable[tuple[Period, Held]]:
    """The first one that isn't cancelled is the year's; the others keep the number in which they were made,
    whatever becomes of those before them.
    """
    is_first = True
    for number, each in enumerate(held, 1):
        if not each.is_cancelled:
            yield Period(year, 0 if is_first else number), each
            is_first = False


def _new_year(work: Work, year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=work.services.zone)


def _local_day(work: Work, moment: datetime) -> date:
    return moment.astimezone(work.services.zone).date()
