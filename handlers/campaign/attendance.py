"""The conversation in which an officer enters who was at a meeting: a pasted list, looked at, confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from handlers.campaign import entries, lists
from handlers.campaign.access import campaign_of, officer_of
from handlers.campaign.days import day_buttons, pressed_day, typed_day
from handlers.campaign.display import by_name
from handlers.campaign.steps import ATTENDANCE, ask, step
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError
from handlers.kit.feature import Action
from handlers.kit.flow import Flow
from handlers.kit.incoming import Incoming
from handlers.kit.reply import End, Goto, Reply, Turn
from handlers.kit.steps import state_of
from handlers.kit.vietnamese import fold
from storage import audiences
from storage.campaigns import Campaign
from storage.members import Member

# So many lines are shown of each kind; the numbers are always complete.
LINES_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting without its day, as the dialogue keeps it."""

    campaign: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """What was chosen so far, as the dialogue keeps it."""

    campaign: int
    day: date
    codes: tuple[str, ...] = ()

    def goto(self, at: str) -> Goto:
        return Goto(ATTENDANCE, at, msgspec.to_builtins(self))


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    plan = Plan((await campaign_of(ctx, ctx.number(0))).id)
    return Turn((await _ask_day(ctx, plan),), then=Goto(ATTENDANCE, "day", msgspec.to_builtins(plan)))


async def show_day(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _ask_day(ctx, state_of(ctx, Plan)),))


async def _ask_day(ctx: Context, plan: Plan) -> Reply:
    campaign = await campaign_of(ctx, plan.campaign)
    return ask(ctx, "campaign/ask_meeting", day_buttons(ctx, "campaign.meeting"), title=campaign.title)


async def choose_day(_incoming: Incoming, ctx: Context) -> Turn:
    return _to_list(ctx, pressed_day(ctx))


async def type_day(incoming: Incoming, ctx: Context) -> Turn:
    return _to_list(ctx, typed_day(incoming, ctx))


def _to_list(ctx: Context, day: date) -> Turn:
    meeting = Meeting(state_of(ctx, Plan).campaign, day)
    return Turn((_ask_list(ctx, meeting),), then=meeting.goto("list"))


async def show_list(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_ask_list(ctx, state_of(ctx, Meeting)),))


def _ask_list(ctx: Context, meeting: Meeting) -> Reply:
    return ask(ctx, "campaign/ask_list", day=meeting.day, limit=lists.MAX_LINES)


async def read_list(incoming: Incoming, ctx: Context) -> Turn:
    """A corrected list may be pasted again until it is right."""
    meeting = state_of(ctx, Meeting)
    campaign = await campaign_of(ctx, meeting.campaign)
    lines = lists.read_lines(incoming.text)
    if len(lines) > lists.MAX_LINES:
        raise RefusedError("campaign/list_long", limit=lists.MAX_LINES)
    matches = lists.match(lines, await _people(ctx, campaign, lines))
    if not matches.found:
        raise RefusedError("campaign/list_empty", unknown=list(matches.unknown[:LINES_SHOWN]))
    chosen = replace(meeting, codes=tuple(person.code for person in matches.found))
    return Turn((_confirmation(ctx, chosen, campaign, matches),), then=chosen.goto("confirmation"))


async def _people(ctx: Context, campaign: Campaign, lines: Sequence[str]) -> list[Member]:
    codes = [code for line in lines for code in lists.codes_in(line)]
    return await audiences.among(ctx.db, campaign.audience, codes, [fold(line) for line in lines])


async def show_confirmation(_incoming: Incoming, ctx: Context) -> Turn:
    meeting = state_of(ctx, Meeting)
    campaign = await campaign_of(ctx, meeting.campaign)
    people = await _people(ctx, campaign, meeting.codes)
    return Turn((_confirmation(ctx, meeting, campaign, lists.match(meeting.codes, people)),))


def _confirmation(ctx: Context, meeting: Meeting, campaign: Campaign, matches: lists.Matches) -> Reply:
    return ask(
        ctx,
        "campaign/confirm_list",
        (ctx.button("campaign/enter", "campaign.attend"),),
        title=campaign.title,
        day=meeting.day,
        number=len(matches.found),
        names=[person.full_name for person in by_name(matches.found)][:LINES_SHOWN],
        ambiguous=matches.ambiguous[:LINES_SHOWN],
        unknown=matches.unknown[:LINES_SHOWN],
        unmatched=len(matches.ambiguous) + len(matches.unknown),
    )


async def attend(_incoming: Incoming, ctx: Context) -> Turn:
    meeting = state_of(ctx, Meeting)
    campaign = await campaign_of(ctx, meeting.campaign)
    people = await _people(ctx, campaign, meeting.codes)
    officer = officer_of(ctx, Right.CREDIT)
    new = await entries.attend(ctx, officer, campaign, lists.match(meeting.codes, people).found, meeting.day)
    said = ctx.reply(
        "campaign/attended",
        (ctx.button("campaign/back_to_report", "campaign.view", campaign.id, 0),),
        edit=True,
        title=campaign.title,
        day=meeting.day,
        new=new,
        before=len(meeting.codes) - new,
    )
    return Turn((said,), then=End())


ACTIONS = {
    "campaign.many": Action(begin, Right.CREDIT),
    "campaign.meeting": Action(choose_day, Right.CREDIT, f"{ATTENDANCE}.day"),
    "campaign.attend": Action(attend, Right.CREDIT, f"{ATTENDANCE}.confirmation"),
}
FLOW = Flow(
    ATTENDANCE,
    (
        step("day", Right.CREDIT, show_day, type_day),
        step("list", Right.CREDIT, show_list, read_list),
        step("confirmation", Right.CREDIT, show_confirmation, read_list),
    ),
)
