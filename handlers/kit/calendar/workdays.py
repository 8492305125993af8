"""Which days are worked: not weekends and public holidays, unless the branch's own table says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from handlers.kit.calendar.public import PublicDays, public_days
from storage import days
from storage.days import Override

if TYPE_CHECKING:
    from handlers.kit.context import Work

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Workdays:
    overrides: Mapping[date, Override]
    with_culture_day: bool = False

    def is_off(self, day: date) -> bool:
        if day in self.overrides:
            return self.overrides[day].is_off
        public = self._public(day)
        return day in public.off or (is_weekend(day) and day not in public.worked)

    def name(self, day: date) -> str:
        """Why the day is off, or worked though it wouldn't be; "" when there is nothing to say of it."""
        if day in self.overrides:
            return self.overrides[day].name
        return self._public(day).off.get(day, "")

    def add(self, day: date, count: int) -> date:
        """The working day that comes `count` working days after `day`, or before it when negative."""
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        for _ in range(abs(count)):
            day += step
            while self.is_off(day):
                day += step
        return day

    def _public(self, day: date) -> PublicDays:
        return public_days(day.year, with_culture_day=self.with_culture_day)


def is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY


async def workdays(work: "Work") -> Workdays:
    """The branch's working days, as they are known now."""
    return Workdays({each.day: each for each in await days.overrides(work.db)})
