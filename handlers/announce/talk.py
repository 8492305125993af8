"""Announcements in the chat: officers write and follow them, everybody reads what they were sent."""

from handlers.announce import reading
from handlers.announce.composing import options, poll_drafting, review, words
from handlers.announce.composing.draft import AUDIENCE, FLOW, OPTIONS, POLL, REVIEW, TEXT, URGENT
from handlers.announce.following import changing, managing, people
from handlers.announce.polls import answering
from handlers.announce.printed import REPORTS
from handlers.announce.telling import printing, worklist
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
        **words.ACTIONS,
        **options.ACTIONS,
        **poll_drafting.ACTIONS,
        **review.ACTIONS,
        **managing.ACTIONS,
        **people.ACTIONS,
        **changing.ACTIONS,
        **reading.ACTIONS,
        **worklist.ACTIONS,
        **printing.ACTIONS,
        **answering.ACTIONS,
    },
    flows=(
        Flow(
            FLOW,
            (
                _step(TEXT, words.show_text, words.take_text, takes_files=True),
                _step(AUDIENCE, words.show_audience, words.CHOICE.typed),
                _step(OPTIONS, options.show_options, options.type_time),
                _step(POLL, poll_drafting.show_poll, poll_drafting.type_options),
                _step(REVIEW, review.show_review),
                _step(URGENT, review.show_urgent),
            ),
        ),
        Flow(
            changing.FLOW,
            (
                _step(changing.TEXT, changing.show_text, changing.take_text),
                _step(changing.REVIEW, changing.show_review),
            ),
        ),
    ),
    reports=REPORTS,
)
