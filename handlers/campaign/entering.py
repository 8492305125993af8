"""The conversation in which an officer enters something for one person: who, what, why or when, and yes."""

from dataclasses import dataclass, replace
from datetime import date

import msgspec

from handlers.campaign import entries
from handlers.campaign.access import campaign_of, officer_of, person_of
from handlers.campaign.days import day_buttons, pressed_day, typed_day
from handlers.campaign.display import by_name
from handlers.campaign.steps import ENTRY, ask, step
from handlers.kit import crediting
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.crediting import Case
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action
from handlers.kit.flow import Flow
from handlers.kit.incoming import Incoming
from handlers.kit.reply import End, Goto, Reply, Turn
from handlers.kit.steps import state_of
from handlers.kit.vietnamese import fold
from storage import audiences, study
from storage.evidence import Kind

PEOPLE_SHOWN = 8
MIN_REASON, MAX_REASON = 5, 300
DATED = frozenset({Kind.ATTENDANCE, Kind.MAKE_UP})
EXPLAINED = frozenset({Kind.WAIVER, Kind.WITHDRAWAL})


@dataclass(frozen=True, slots=True)
class Choice:
    """Of whom, as the dialogue keeps it; 0: not chosen yet."""

    campaign: int
    member: int = 0

    def goto(self, at: str) -> Goto:
        return Goto(ENTRY, at, msgspec.to_builtins(self))


@dataclass(frozen=True, slots=True)
class Entry:
    """Of whom and what, as the dialogue keeps it; then why, or when."""

    campaign: int
    member: int
    kind: Kind
    reason: str = ""
    day: date | None = None

    def goto(self, at: str) -> Goto:
        return Goto(ENTRY, at, msgspec.to_builtins(self))


# Who.


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    campaign = await campaign_of(ctx, ctx.number(0))
    choice = Choice(campaign.id)
    return Turn((await _ask_person(ctx, choice),), then=choice.goto("person"))


async def show_person(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _ask_person(ctx, state_of(ctx, Choice)),))


async def _ask_person(ctx: Context, choice: Choice) -> Reply:
    campaign = await campaign_of(ctx, choice.campaign)
    return ask(ctx, "campaign/ask_person", title=campaign.title)


async def find_person(incoming: Incoming, ctx: Context) -> Turn:
    choice = state_of(ctx, Choice)
    campaign = await campaign_of(ctx, choice.campaign)
    wanted = fold(incoming.text)
    if not wanted:
        raise RefusedError("campaign/nobody_found", text=incoming.text)
    people = await audiences.search(ctx.db, campaign.audience, wanted, PEOPLE_SHOWN + 1)
    if not people:
        raise RefusedError("campaign/nobody_found", text=incoming.text[:60])
    if len(people) == 1:
        return await _to_kind(ctx, replace(choice, member=people[0].id))
    rows = [
        (ctx.plain_button(f"{each.full_name} ({each.code})", "campaign.person", each.id),)
        for each in by_name(people[:PEOPLE_SHOWN])
    ]
    return Turn((ask(ctx, "campaign/choose_person", *rows, more=len(people) > PEOPLE_SHOWN),))


async def choose_person(_incoming: Incoming, ctx: Context) -> Turn:
    return await _to_kind(ctx, replace(state_of(ctx, Choice), member=ctx.number(0)))


# What.


async def _to_kind(ctx: Context, choice: Choice) -> Turn:
    return Turn((await _ask_kind(ctx, choice),), then=choice.goto("kind"))


async def show_kind(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _ask_kind(ctx, state_of(ctx, Choice)),))


async def _ask_kind(ctx: Context, choice: Choice) -> Reply:
    """Where the person stands, and what can be entered for them."""
    case = await _case(ctx, choice)
    progress = await study.progress(ctx.db, choice.campaign, choice.member)
    before = crediting.entered(progress)
    offered = (Kind.WITHDRAWAL,) if before else (Kind.ATTENDANCE, Kind.MAKE_UP, Kind.WAIVER)
    rows = [(ctx.button(f"campaign/enter_{kind}", "campaign.kind", kind.value),) for kind in offered]
    return ask(
        ctx,
        "campaign/person",
        *rows,
        person=case.member,
        title=case.campaign.title,
        progress=progress,
        entered=ctx.label(f"campaign/kind_{before}") if before else "",
    )


async def choose_kind(_incoming: Incoming, ctx: Context) -> Turn:
    kind = next((each for each in DATED | EXPLAINED if each.value == ctx.word(0)), None)
    if kind is None:
        raise StaleError
    choice = state_of(ctx, Choice)
    entry = Entry(choice.campaign, choice.member, kind)
    if kind in DATED:
        return Turn((await _ask_day(ctx, entry),), then=entry.goto("day"))
    return Turn((await _ask_reason(ctx, entry),), then=entry.goto("reason"))


# When, or why.


async def show_day(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _ask_day(ctx, state_of(ctx, Entry)),))


async def _ask_day(ctx: Context, entry: Entry) -> Reply:
    case = await _case(ctx, entry)
    return ask(ctx, "campaign/ask_day", day_buttons(ctx, "campaign.day"), name=case.member.full_name)


async def choose_day(_incoming: Incoming, ctx: Context) -> Turn:
    return await _to_confirmation(ctx, replace(state_of(ctx, Entry), day=pressed_day(ctx)))


async def type_day(incoming: Incoming, ctx: Context) -> Turn:
    return await _to_confirmation(ctx, replace(state_of(ctx, Entry), day=typed_day(incoming, ctx)))


async def show_reason(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _ask_reason(ctx, state_of(ctx, Entry)),))


async def _ask_reason(ctx: Context, entry: Entry) -> Reply:
    case = await _case(ctx, entry)
    return ask(ctx, f"campaign/ask_{entry.kind}", name=case.member.full_name)


async def type_reason(incoming: Incoming, ctx: Context) -> Turn:
    reason = " ".join(incoming.text.split())
    if not MIN_REASON <= len(reason) <= MAX_REASON:
        raise RefusedError("campaign/reason_length", shortest=MIN_REASON, longest=MAX_REASON)
    return await _to_confirmation(ctx, replace(state_of(ctx, Entry), reason=reason))


# Yes.


async def _to_confirmation(ctx: Context, entry: Entry) -> Turn:
    return Turn((await _ask_confirmation(ctx, entry),), then=entry.goto("confirmation"))


async def show_confirmation(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _ask_confirmation(ctx, state_of(ctx, Entry)),))


async def _ask_confirmation(ctx: Context, entry: Entry) -> Reply:
    case = await _case(ctx, entry)
    return ask(
        ctx,
        "campaign/confirm_entry",
        (ctx.button("campaign/enter", "campaign.enter"),),
        person=case.member,
        title=case.campaign.title,
        kind=ctx.label(f"campaign/kind_{entry.kind}"),
        reason=entry.reason,
        day=entry.day,
    )


async def enter(_incoming: Incoming, ctx: Context) -> Turn:
    entry = state_of(ctx, Entry)
    case = await _case(ctx, entry)
    match entry:
        case Entry(kind=Kind.WAIVER, reason=reason) if reason:
            await entries.waive(ctx, case, reason)
        case Entry(kind=Kind.WITHDRAWAL, reason=reason) if reason:
            await entries.withdraw(ctx, case, reason)
        case Entry(kind=Kind.ATTENDANCE | Kind.MAKE_UP as kind, day=date() as day):
            await entries.credit(ctx, case, kind, day)
        case _:
            raise StaleError
    said = ctx.reply(
        "campaign/entered",
        (ctx.button("campaign/enter_another", "campaign.one", entry.campaign),),
        (ctx.button("campaign/back_to_report", "campaign.view", entry.campaign, 0),),
        edit=True,
        name=case.member.full_name,
        kind=ctx.label(f"campaign/kind_{entry.kind}"),
    )
    return Turn((said,), then=End())


async def _case(ctx: Context, chosen: Choice | Entry) -> Case:
    campaign = await campaign_of(ctx, chosen.campaign)
    person = await person_of(ctx, campaign, chosen.member)
    return Case(officer_of(ctx, Right.CREDIT), campaign, person)


ACTIONS = {
    "campaign.one": Action(begin, Right.CREDIT),
    "campaign.person": Action(choose_person, Right.CREDIT, f"{ENTRY}.person"),
    "campaign.kind": Action(choose_kind, Right.CREDIT, f"{ENTRY}.kind"),
    "campaign.day": Action(choose_day, Right.CREDIT, f"{ENTRY}.day"),
    "campaign.enter": Action(enter, Right.CREDIT, f"{ENTRY}.confirmation"),
}
FLOW = Flow(
    ENTRY,
    (
        step("person", Right.CREDIT, show_person, find_person),
        step("kind", Right.CREDIT, show_kind),
        step("day", Right.CREDIT, show_day, type_day),
        step("reason", Right.CREDIT, show_reason, type_reason),
        step("confirmation", Right.CREDIT, show_confirmation),
    ),
)
