"""What may become of a case at the desk: records and the day in, decisions out."""

from datetime import date
from typing import Any

from handlers.kit.days import week_of
from handlers.kit.errors import RefusedError
from storage.concerns.cases import OVER, Case, State

# What an officer may set by itself; an answer says where its case stands afterwards.
_SETTABLE = frozenset({State.IN_PROGRESS, State.TO_DIALOGUE, State.CLOSED})
_AFTER_ANSWER = frozenset({State.ANSWERED, State.IN_PROGRESS, State.TO_DIALOGUE, State.CLOSED})


def opened(case: Case) -> dict[str, Any]:
    """What changes when somebody opens it: a new one counts as read from the first time on, and what its
    writer added isn't news any more.
    """
    changed: dict[str, Any] = {"state": State.READ} if case.state is State.NEW else {}
    return changed | ({"has_news": False} if case.has_news else {})


def moved(case: Case, state: State, today: date) -> dict[str, Any]:
    """RefusedError where the case is over, or would be closed before anybody answered: whoever wrote would
    wait in vain. One that tells the same as another may close without an answer of its own.
    """
    require_open(case)
    if state not in _SETTABLE or state is case.state:
        raise RefusedError("desk/not_so")
    if state is State.CLOSED and case.first_answer_week is None and case.merged_into is None:
        raise RefusedError("desk/not_answered")
    return {"state": state, "last_week": week_of(today)}


def answered(case: Case, state: State, today: date) -> dict[str, Any]:
    """What an answer changes; the first one tells whether it came in time."""
    require_open(case)
    if state not in _AFTER_ANSWER:
        raise RefusedError("desk/not_so")
    return {"state": state, "last_week": week_of(today)} | _first_answer(case, today)


def declined(case: Case, today: date) -> dict[str, Any]:
    """The reason is the answer."""
    require_open(case)
    return {"state": State.DECLINED, "last_week": week_of(today)} | _first_answer(case, today)


def merged(case: Case, into: Case, others: list[Case]) -> dict[str, Any]:
    """RefusedError where it would be a chain or a ring, or go where nobody looks, into one that is over; or
    into one that was answered, before its writer has that answer too: only a reader can seal it to them.
    """
    require_open(case)
    require_open(into)
    if into.id == case.id or into.merged_into is not None:
        raise RefusedError("desk/not_mergeable")
    if any(each.merged_into == case.id for each in others):
        raise RefusedError("desk/not_mergeable")
    if into.first_answer_week is not None and case.first_answer_week is None:
        raise RefusedError("desk/not_told")
    return {"merged_into": into.id}


def require_open(case: Case) -> None:
    if case.state in OVER:
        raise RefusedError("desk/case_over")


def _first_answer(case: Case, today: date) -> dict[str, Any]:
    if case.first_answer_week is not None:
        return {}
    return {"first_answer_week": week_of(today), "answered_in_time": today <= case.due_on}
