"""What the law asks of a round of dialogue, and until when: pure. The numbers are those of decree
145/2020/NĐ-CP, articles 37 to 41.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from handlers.kit.calendar import Workdays
from handlers.kit.duties import Representatives
from storage.dialogue.rounds import Done, Kind, Step

# In working days.
EXCHANGED_BEFORE, ANSWERED_WITHIN, PUBLISHED_WITHIN = 5, 5, 3
# Days in a row, weekends and holidays too.
POSTED_FOR = 20
EMPLOYER_LEAST = 3
# In percent of the workers' representatives.
ASKED_BY = 30
# A list of representatives holds so many years.
_LIST_HOLDS = relativedelta(years=2)
_ONE_DAY = timedelta(days=1)


def latest_exchange(meeting_day: date, workdays: Workdays) -> date:
    """The last day on which both sides may send what they want to speak of."""
    return workdays.add(meeting_day, -EXCHANGED_BEFORE)


def earliest_meeting(sent_on: date, workdays: Workdays) -> date:
    """The first working day for a meeting whose contents are sent on that day."""
    day = workdays.add(sent_on, EXCHANGED_BEFORE)
    # What is sent on a day off counts from the next working day.
    return day if latest_exchange(day, workdays) >= sent_on else workdays.add(day, 1)


def answer_by(asked_on: date, workdays: Workdays) -> date:
    return workdays.add(asked_on, ANSWERED_WITHIN)


def publish_by(held_on: date, workdays: Workdays) -> date:
    return workdays.add(held_on, PUBLISHED_WITHIN)


def renew_by(made_on: date) -> date:
    return made_on + _LIST_HOLDS


def fewest_to_ask(representatives: int) -> int:
    """How many of the workers' representatives a dialogue on request needs."""
    return max(1, -(-ASKED_BY * representatives // 100))


def days_in_a_row(days: Iterable[date], until: date) -> int:
    """The longest unbroken run of posted days up to `until`."""
    posted = {day for day in days if day <= until}
    longest = 0
    for first in (day for day in posted if day - _ONE_DAY not in posted):
        length = 1
        while first + length * _ONE_DAY in posted:
            length += 1
        longest = max(longest, length)
    return longest


# The steps as a list to tick off.


class Task(StrEnum):
    UNION_PEOPLE = "union_people"
    EMPLOYER_PEOPLE = "employer_people"
    LIST_POSTED = "list_posted"
    ASKED = "asked"
    ANSWERED = "answered"
    UNION_CONTENTS = "union_contents"
    EMPLOYER_CONTENTS = "employer_contents"
    HELD = "held"
    SIGNED = "signed"
    PUBLISHED = "published"
    POSTED = "posted"


class State(StrEnum):
    DONE = "done"
    # Done, but after the last day.
    DONE_LATE = "done_late"
    TODO = "todo"
    # Its last day has passed.
    LATE = "late"
    # For something that comes before it.
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Line:
    """`due` is the last day, where there is one and it is known."""

    task: Task
    state: State
    due: date | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a round today."""

    kind: Kind
    today: date
    # How many representatives so many workers need, and how many there are on each side.
    needed: Representatives
    union_people: int
    employer_people: int
    has_legal: bool
    list_made_on: date | None
    list_posted_on: date | None
    asked_on: date | None = None
    asked_by: int | None = None
    meeting_day: date | None = None
    # The longest run of days on which it was posted.
    posted_days: int = 0
    steps: Mapping[Step, Done] = field(default_factory=dict)


def checklist(facts: Facts, workdays: Workdays) -> list[Line]:
    """Every step of such a round, in their order."""
    return [
        *_list_lines(facts),
        *(_request_lines(facts, workdays) if facts.kind is Kind.REQUEST else _exchange(facts, workdays)),
        _held(facts),
        _after(Task.SIGNED, facts, Step.SIGNED, Step.HELD),
        _published(facts, workdays),
        _posted(facts),
    ]


def _list_lines(facts: Facts) -> list[Line]:
    most = facts.needed.most
    is_enough = facts.union_people >= facts.needed.least and (most is None or facts.union_people <= most)
    is_other_enough = facts.employer_people >= EMPLOYER_LEAST and facts.has_legal
    due = renew_by(facts.list_made_on) if facts.list_made_on else None
    is_old = due is not None and due < facts.today
    return [
        Line(Task.UNION_PEOPLE, State.LATE if is_old else _either(is_enough), due),
        Line(Task.EMPLOYER_PEOPLE, State.LATE if is_old else _either(is_other_enough), due),
        Line(Task.LIST_POSTED, _either(facts.list_posted_on is not None), done_on=facts.list_posted_on),
    ]


def _either(is_done: bool) -> State:
    return State.DONE if is_done else State.TODO


def _request_lines(facts: Facts, workdays: Workdays) -> list[Line]:
    is_enough = (facts.asked_by or 0) >= fewest_to_ask(facts.union_people)
    due = answer_by(facts.asked_on, workdays) if facts.asked_on else None
    return [
        Line(Task.ASKED, _either(is_enough), done_on=facts.asked_on if is_enough else None),
        _by(Task.ANSWERED, facts, Step.ANSWERED, due),
    ]


def _exchange(facts: Facts, workdays: Workdays) -> list[Line]:
    due = latest_exchange(facts.meeting_day, workdays) if facts.meeting_day else None
    return [
        _by(Task.UNION_CONTENTS, facts, Step.UNION_CONTENTS, due),
        _by(Task.EMPLOYER_CONTENTS, facts, Step.EMPLOYER_CONTENTS, due),
    ]


def _held(facts: Facts) -> Line:
    done = facts.steps.get(Step.HELD)
    if done:
        return Line(Task.HELD, State.DONE, facts.meeting_day, done.done_on)
    if facts.meeting_day is None:
        return Line(Task.HELD, State.WAITING)
    return Line(Task.HELD, State.LATE if facts.meeting_day < facts.today else State.TODO, facts.meeting_day)


def _published(facts: Facts, workdays: Workdays) -> Line:
    held = facts.steps.get(Step.HELD)
    if held is None:
        return Line(Task.PUBLISHED, State.WAITING)
    return _by(Task.PUBLISHED, facts, Step.PUBLISHED, publish_by(held.done_on, workdays))


def _posted(facts: Facts) -> Line:
    published = facts.steps.get(Step.PUBLISHED)
    if published is None:
        return Line(Task.POSTED, State.WAITING)
    last = published.done_on + (POSTED_FOR - 1) * _ONE_DAY
    return Line(Task.POSTED, _either(facts.posted_days >= POSTED_FOR), last)


def _after(task: Task, facts: Facts, step: Step, before: Step) -> Line:
    done = facts.steps.get(step)
    if done:
        return Line(task, State.DONE, done_on=done.done_on)
    return Line(task, State.TODO if before in facts.steps else State.WAITING)


def _by(task: Task, facts: Facts, step: Step, due: date | None) -> Line:
    done = facts.steps.get(step)
    if done:
        is_late = due is not None and done.done_on > due
        return Line(task, State.DONE_LATE if is_late else State.DONE, due, done.done_on)
    if due is None:
        return Line(task, State.WAITING)
    return Line(task, State.LATE if due < facts.today else State.TODO, due)
