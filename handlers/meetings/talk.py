"""Meetings in the chat: officers call and change them, everybody says whether they come."""

from handlers.kit.access import Right
from handlers.kit.feature import Command, Feature
from handlers.kit.flow import Flow, Handler, Step
from handlers.kit.steps import guarded_step
from handlers.meetings import answering, managing, sending
from handlers.meetings.changing import asking, deciding, readdressing, reminders
from handlers.meetings.changing import plan as changing
from handlers.meetings.composing import draft, parts, review


def _step(name: str, show: Handler, handle: Handler | None = None, *, takes_files: bool = False) -> Step:
    return guarded_step(name, Right.MEET, show, handle, gone="meetings/gone", takes_files=takes_files)


FEATURE = Feature(
    "meetings",
    commands=(Command("hop", managing.menu, Right.MEET, ("họp", "cuộc họp"), "meetings/menu"),),
    actions={
        **answering.ACTIONS,
        **managing.ACTIONS,
        **parts.ACTIONS,
        **review.ACTIONS,
        **asking.ACTIONS,
        **readdressing.ACTIONS,
        **reminders.ACTIONS,
        **deciding.ACTIONS,
    },
    flows=(
        Flow(
            draft.FLOW,
            (
                _step(draft.KIND, parts.show_kind),
                _step(draft.TITLE, parts.show_title, parts.type_title),
                _step(draft.TIME, parts.show_time, parts.type_time),
                _step(draft.PLACE, parts.show_place, parts.type_place),
                _step(draft.AUDIENCE, parts.show_audience, parts.CHOICE.typed),
                _step(draft.REVIEW, parts.show_review),
                _step(draft.REPEAT, review.show_repeat, review.type_repeat),
                _step(draft.AGENDA, review.show_agenda, review.take_agenda, takes_files=True),
                _step(draft.LEADS, review.show_leads),
                _step(draft.CAMPAIGN, review.show_campaigns),
            ),
        ),
        Flow(
            changing.FLOW,
            (
                _step(changing.VALUE, asking.show_value, asking.type_value),
                _step(changing.AGENDA, asking.show_value, asking.type_agenda),
                _step(changing.AUDIENCE, readdressing.show_audience, readdressing.CHOICE.typed),
                _step(changing.NOTE, deciding.show_note, deciding.type_note),
            ),
        ),
        *answering.FLOWS,
    ),
    jobs=sending.JOBS,
    plans=(sending.plan,),
)
