"""The roster for officers: totals, who hasn't linked yet, one person's page and a new invitation for them."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.kit import invitations
from handlers.kit.access import Right, roles_of
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action, Command, Feature
from handlers.kit.flow import Flow, Step
from handlers.kit.incoming import Incoming
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Button, Goto, Turn
from handlers.kit.roles import Role
from handlers.kit.vietnamese import fold, name_key
from handlers.roster import history
from storage import links, members
from storage.members import Member

# Names are at most this long, so nothing longer can be found.
_LONGEST_SEARCH = 100
_FOUND_AT_ONCE = 8
ENTRIES_A_PAGE = 8
CHANGES_A_PAGE = 6
_SEARCHING = Goto("roster", "search")


async def overview(_incoming: Incoming, ctx: Context) -> Turn:
    """Totals; from here on a typed name or code is looked up."""
    ctx.require(Right.ROSTER)
    totals = await links.totals(ctx.db)
    missing = totals.people - totals.linked
    buttons = (ctx.button("roster/not_linked", "roster.groups", 0, count=missing),) if missing else ()
    registers = (ctx.button("roster/registers", "registers.menu"),)
    shown = ctx.reply("roster/overview", buttons, registers, totals=totals, missing=missing)
    return Turn((shown,), then=_SEARCHING)


async def back(incoming: Incoming, ctx: Context) -> Turn:
    """The totals in place of what was looked at."""
    turn = await overview(incoming, ctx)
    return replace(turn, replies=tuple(replace(reply, edit=True) for reply in turn.replies))


async def search(incoming: Incoming, ctx: Context) -> Turn:
    ctx.require(Right.ROSTER)
    wanted = fold(incoming.text)
    found: list[Member] = []
    if 0 < len(wanted) <= _LONGEST_SEARCH:
        found = await members.search(ctx.db, wanted, _FOUND_AT_ONCE + 1)
    shown = found[:_FOUND_AT_ONCE]
    key = "roster/found" if found else "roster/nobody"
    reply = ctx.reply(key, *_people(ctx, shown), count=len(shown), more=len(found) > len(shown))
    return Turn((reply,), then=_SEARCHING)


async def show_person(_incoming: Incoming, ctx: Context) -> Turn:
    person = await _person(ctx)
    buttons = (ctx.button("roster/invite", "roster.invite", person.id),) if person.is_active else ()
    return ctx.show(
        "roster/person",
        buttons,
        (ctx.button("roster/history", "roster.history", person.id, 0),),
        (ctx.button("roster/back", "roster.overview"),),
        person=person,
        roles=[role.value for role in Role if role in roles_of(person) and role is not Role.WORKER],
        accounts=await links.of_member(ctx.db, person.id),
    )


async def show_history(_incoming: Incoming, ctx: Context) -> Turn:
    """The latest change first."""
    person = await _person(ctx)
    entries = await history.of(ctx, person.id)
    page = page_of(len(entries), ctx.number(1), CHANGES_A_PAGE)
    return ctx.show(
        "roster/history",
        turn_pages(ctx, page, "roster.history", person.id),
        (ctx.button("roster/back_to_person", "roster.person", person.id),),
        person=person,
        entries=page.of(list(reversed(entries))),
    )


async def invite(_incoming: Incoming, ctx: Context) -> Turn:
    """A new code, shown once and kept nowhere in the clear."""
    person = await _person(ctx)
    if not person.is_active:
        raise RefusedError("link/member_left", code=person.code)
    if person.is_chair and not ctx.require(Right.ROSTER).is_chair:
        # Whoever holds the code can become the chair.
        raise RefusedError("roster/chairs_code")
    [made] = await invitations.issue(ctx.db, ctx.chance, ctx.now, [person.id])
    reply = ctx.reply(
        "roster/invited",
        name=person.full_name,
        code=made.code,
        last_day=made.expires_at.astimezone(ctx.services.zone).date(),
        address=ctx.services.public_url,
    )
    return Turn((replace(reply, ephemeral=True),))


async def show_groups(_incoming: Incoming, ctx: Context) -> Turn:
    return await _groups(ctx, ctx.number(0))


async def _groups(ctx: Context, number: int) -> Turn:
    groups = await links.not_linked_by_group(ctx.db)
    page = page_of(len(groups), number, ENTRIES_A_PAGE)
    rows = [
        (ctx.button("roster/group", "roster.group", each.id, 0, name=each.name, count=each.people),)
        for each in page.of(groups)
    ]
    return ctx.show(
        "roster/groups",
        *rows,
        turn_pages(ctx, page, "roster.groups"),
        (ctx.button("roster/back", "roster.overview"),),
        people=sum(each.people for each in groups),
        groups=len(groups),
    )


async def show_group(_incoming: Incoming, ctx: Context) -> Turn:
    """Who of a group hasn't linked yet; when everybody has meanwhile, the other groups."""
    group_id = ctx.number(0)
    missing = await links.not_linked_in(ctx.db, group_id)
    if not missing:
        return await _groups(ctx, 0)
    people = sorted(missing, key=lambda person: name_key(person.full_name))
    page = page_of(len(people), ctx.number(1), ENTRIES_A_PAGE)
    return ctx.show(
        "roster/group",
        *_people(ctx, page.of(people)),
        turn_pages(ctx, page, "roster.group", group_id),
        (ctx.button("roster/back_to_groups", "roster.groups", 0),),
        name=missing[0].group_name,
        people=len(people),
    )


def _people(ctx: Context, people: Sequence[Member]) -> list[tuple[Button, ...]]:
    return [
        (ctx.button("roster/person", "roster.person", each.id, name=each.full_name, code=each.code),)
        for each in people
    ]


async def _person(ctx: Context) -> Member:
    """The person a button is about."""
    person = await members.by_id(ctx.db, ctx.number(0))
    if person is None:
        raise StaleError
    return person


FEATURE = Feature(
    "roster",
    commands=(
        Command("doanvien", overview, Right.ROSTER, words=("đoàn viên", "danh sách"), label="roster/menu"),
    ),
    actions={
        "roster.overview": Action(back, Right.ROSTER),
        "roster.person": Action(show_person, Right.ROSTER),
        "roster.history": Action(show_history, Right.ROSTER),
        "roster.invite": Action(invite, Right.ROSTER),
        "roster.groups": Action(show_groups, Right.ROSTER),
        "roster.group": Action(show_group, Right.ROSTER),
    },
    flows=(Flow("roster", (Step("search", overview, search),)),),
)
