"""Announcements in the chat: officers write and follow them, everybody reads what they were sent."""

from handlers.announce import (
    composing,
    following,
    managing,
    options,
    people,
    poll_drafting,
    polls,
    printing,
    reading,
    review,
    worklist,
)
from handlers.announce.draft import AUDIENCE, FLOW, OPTIONS, POLL, REVIEW, TEXT, URGENT
from handlers.kit.access import Right
from handlers.kit.feature import Command, Feature
from handlers.kit.flow import Flow, Handler, Step
from handlers.kit.steps import guarded_step


def _step(name: str, show: Handler, handle: Handler | None = None, *, takes_files: bool = False) -> Step:
    return guarded_step(name, Right.ANNOUNCE, show, handle, gone="announce/gone", takes_files=takes_files)


FEATURE = Feature(
    "announce",
    commands=(
        Command("thongbao", reading.show_mine, Right.READ_ANNOUNCEMENTS, ("thông báo",), "announce/menu"),
        Command("guitin", managing.menu, Right.ANNOUNCE, ("gửi tin", "gửi thông báo"), "announce/menu_send"),
        Command("canbao", worklist.menu, Right.TELL, ("cần báo", "việc cần báo"), "announce/menu_tell"),
    ),
    actions={
        **composing.ACTIONS,
        **options.ACTIONS,
        **poll_drafting.ACTIONS,
        **review.ACTIONS,
        **managing.ACTIONS,
        **people.ACTIONS,
        **following.ACTIONS,
        **reading.ACTIONS,
        **worklist.ACTIONS,
        **printing.ACTIONS,
        **polls.ACTIONS,
    },
    flows=(
        Flow(
            FLOW,
            (
                _step(TEXT, composing.show_text, composing.take_text, takes_files=True),
                _step(AUDIENCE, composing.show_audience, composing.type_audience),
                _step(OPTIONS, options.show_options, options.type_time),
                _step(POLL, poll_drafting.show_poll, poll_drafting.type_options),
                _step(REVIEW, review.show_review),
                _step(URGENT, review.show_urgent),
            ),
        ),
        Flow(
            following.FLOW,
            (
                _step(following.TEXT, following.show_text, following.take_text),
                _step(following.REVIEW, following.show_review),
            ),
        ),
    ),
)
