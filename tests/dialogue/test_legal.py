"""What the law asks of a round, and until when: pure, around Tết, weekends and swapped days."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.dialogue import legal
from handlers.dialogue.legal import Facts, State, Task
from handlers.kit.calendar import Workdays
from handlers.kit.duties import Representatives
from storage.days import Override
from storage.dialogue.rounds import Done, Kind, Step
from tests.world import DUTIES

WORKDAYS = Workdays({}, with_culture_day=False)
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
overrides = st.dictionaries(days, st.booleans(), max_size=8)


def calendar(chosen: dict[date, bool]) -> Workdays:
    return Workdays({day: Override(day, off, "-") for day, off in chosen.items()}, with_culture_day=False)


# The first look at a year of public holidays takes long.
@settings(deadline=None)
@given(days, overrides)
def test_the_earliest_meeting_is_the_first_that_leaves_five_working_days(
    sent: date, chosen: dict[date, bool]
) -> None:
    workdays = calendar(chosen)
    found = legal.earliest_meeting(sent, workdays)
    assert not workdays.is_off(found)
    assert legal.latest_exchange(found, workdays) >= sent
    before = workdays.add(found, -1)
    assert legal.latest_exchange(before, workdays) < sent


# The first look at a year of public holidays takes long.
@settings(deadline=None)
@given(days, overrides)
def test_five_working_days_lie_between_the_last_day_and_the_meeting(
    meeting: date, chosen: dict[date, bool]
) -> None:
    workdays = calendar(chosen)
    last = legal.latest_exchange(meeting, workdays)
    between = [last + timedelta(days=each) for each in range((meeting - last).days)]
    assert sum(not workdays.is_off(each) for each in between) == 5
    assert not workdays.is_off(last)


@pytest.mark.parametrize(
    ("counted", "day", "expected"),
    [
        # Off from Thursday 4 February to Wednesday the 10th, for Tết on the 6th.
        (legal.latest_exchange, date(2027, 2, 17), date(2027, 2, 3)),
        (legal.publish_by, date(2027, 2, 3), date(2027, 2, 15)),
        (legal.answer_by, date(2026, 12, 11), date(2026, 12, 18)),
        (legal.latest_exchange, date(2026, 12, 15), date(2026, 12, 8)),
        (legal.publish_by, date(2026, 12, 18), date(2026, 12, 23)),
        (legal.earliest_meeting, date(2026, 12, 12), date(2026, 12, 21)),
        (legal.earliest_meeting, date(2026, 12, 11), date(2026, 12, 18)),
    ],
)
def test_dates(counted: object, day: date, expected: date) -> None:
    assert callable(counted)
    assert counted(day, WORKDAYS) == expected


@given(st.integers(1, 200), st.integers(0, 200))
def test_three_in_ten_ask(everybody: int, asking: int) -> None:
    assert (asking >= legal.fewest_to_ask(everybody)) == (asking > 0 and 10 * asking >= 3 * everybody)


def test_a_list_holds_two_years() -> None:
    assert legal.renew_by(date(2026, 2, 28)) == date(2028, 2, 28)
    assert legal.renew_by(date(2024, 2, 29)) == date(2026, 2, 28)


@given(st.sets(st.integers(0, 60)), st.integers(0, 60))
def test_days_in_a_row(numbers: set[int], until: int) -> None:
    first = date(2026, 3, 2)
    text = "".join("x" if each in numbers else " " for each in range(until + 1))
    found = legal.days_in_a_row(
        [first + timedelta(days=each) for each in numbers], first + timedelta(days=until)
    )
    assert found == max(len(run) for run in text.split(" "))


# The list of steps.

FACTS = Facts(
    kind=Kind.PERIODIC,
    today=date(2026, 12, 1),
    needed=Representatives(0, 3, None),
    union_people=3,
    employer_people=3,
    has_legal=True,
    list_made_on=date(2026, 1, 5),
    list_posted_on=date(2026, 1, 6),
    meeting_day=date(2026, 12, 15),
)


def states(facts: Facts) -> dict[Task, State]:
    return {each.task: each.state for each in legal.checklist(facts, WORKDAYS)}


def done(*steps: tuple[Step, date]) -> dict[Step, Done]:
    return {step: Done(day, {}) for step, day in steps}


def test_a_periodic_round_from_the_list_to_the_posting() -> None:
    assert states(FACTS) == {
        Task.UNION_PEOPLE: State.DONE,
        Task.EMPLOYER_PEOPLE: State.DONE,
        Task.LIST_POSTED: State.DONE,
        Task.UNION_CONTENTS: State.TODO,
        Task.EMPLOYER_CONTENTS: State.TODO,
        Task.HELD: State.TODO,
        Task.SIGNED: State.WAITING,
        Task.PUBLISHED: State.WAITING,
        Task.POSTED: State.WAITING,
    }
    sent = done((Step.UNION_CONTENTS, date(2026, 12, 8)), (Step.EMPLOYER_CONTENTS, date(2026, 12, 9)))
    found = states(replace(FACTS, today=date(2026, 12, 16), steps=sent))
    assert found[Task.UNION_CONTENTS] is State.DONE
    assert found[Task.EMPLOYER_CONTENTS] is State.DONE_LATE
    assert found[Task.HELD] is State.LATE
    held = sent | done((Step.HELD, date(2026, 12, 15)))
    found = states(replace(FACTS, today=date(2026, 12, 19), steps=held))
    assert (found[Task.HELD], found[Task.SIGNED]) == (State.DONE, State.TODO)
    # The 18th was the third working day.
    assert found[Task.PUBLISHED] is State.LATE
    over = held | done((Step.SIGNED, date(2026, 12, 15)), (Step.PUBLISHED, date(2026, 12, 18)))
    found = states(replace(FACTS, today=date(2027, 1, 20), steps=over, posted_days=19))
    assert (found[Task.SIGNED], found[Task.PUBLISHED], found[Task.POSTED]) == (
        State.DONE,
        State.DONE,
        State.TODO,
    )
    assert states(replace(FACTS, steps=over, posted_days=20))[Task.POSTED] is State.DONE


def test_a_round_on_request() -> None:
    asked = replace(
        FACTS, kind=Kind.REQUEST, union_people=10, asked_by=3, asked_on=date(2026, 11, 24), meeting_day=None
    )
    found = states(asked)
    assert (found[Task.ASKED], found[Task.ANSWERED], found[Task.HELD]) == (
        State.DONE,
        State.TODO,
        State.WAITING,
    )
    assert Task.UNION_CONTENTS not in found
    assert states(replace(asked, today=date(2026, 12, 2)))[Task.ANSWERED] is State.LATE
    assert states(replace(asked, asked_by=2))[Task.ASKED] is State.TODO


def test_without_a_day_nobody_knows_the_last_one() -> None:
    found = states(replace(FACTS, meeting_day=None))
    assert found[Task.UNION_CONTENTS] is found[Task.HELD] is State.WAITING


@pytest.mark.parametrize(
    ("changes", "task", "state"),
    [
        ({"union_people": 2}, Task.UNION_PEOPLE, State.TODO),
        ({"needed": Representatives(50, 4, 8), "union_people": 9}, Task.UNION_PEOPLE, State.TODO),
        ({"needed": Representatives(50, 4, 8), "union_people": 8}, Task.UNION_PEOPLE, State.DONE),
        ({"employer_people": 2}, Task.EMPLOYER_PEOPLE, State.TODO),
        ({"has_legal": False}, Task.EMPLOYER_PEOPLE, State.TODO),
        ({"list_made_on": date(2024, 11, 30)}, Task.UNION_PEOPLE, State.LATE),
        ({"list_made_on": date(2024, 12, 1)}, Task.UNION_PEOPLE, State.DONE),
        ({"list_made_on": None, "union_people": 0}, Task.UNION_PEOPLE, State.TODO),
        ({"list_posted_on": None}, Task.LIST_POSTED, State.TODO),
    ],
)
def test_the_representatives(changes: dict[str, object], task: Task, state: State) -> None:
    assert states(replace(FACTS, **changes))[task] is state  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("workers", "least", "most"),
    [
        (0, 3, None),
        (49, 3, None),
        (50, 4, 8),
        (149, 4, 8),
        (150, 9, 13),
        (300, 14, 18),
        (500, 19, 23),
        (1000, 24, None),
    ],
)
def test_how_many_represent_so_many_workers(workers: int, least: int, most: int | None) -> None:
    needed = DUTIES.representatives_of(workers)
    assert (needed.least, needed.most) == (least, most)


@settings(deadline=None)
@given(days, st.sets(st.sampled_from(Step)), st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_every_round_has_a_list(today: date, steps: set[Step], meeting: date) -> None:
    facts = replace(FACTS, today=today, meeting_day=meeting, steps={each: Done(today, {}) for each in steps})
    for each in legal.checklist(facts, WORKDAYS):
        assert (each.state in {State.DONE_LATE, State.LATE}) <= (each.due is not None)
