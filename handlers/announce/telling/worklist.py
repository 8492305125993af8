"""`/canbao`: whom a leader still has to tell in person, of which announcement, and who was told already."""

from collections.abc import Sequence

from handlers.announce import letters, rules
from handlers.announce.display import beginning, reason
from handlers.announce.telling.leaders import NO_GROUP
from handlers.kit.access import Right, may
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Button, Reply, Turn
from storage import members, told, unreached
from storage.unreached import Sight, Unreached

ENTRIES_A_PAGE = 8
GROUPS_A_PAGE = 8


def sight_of(ctx: Context) -> Sight:
    """Leaders see their own group, chair and committee all of them."""
    me = ctx.require(Right.TELL)
    return Sight(me.id, None if may(me, Right.TELL_ALL) else me.group_id)


def checked_group(sight: Sight, group_id: int) -> int:
    """The group that a button names, or the leader's own where it names none; RefusedError for another's."""
    if sight.group_id is None or group_id == sight.group_id:
        return group_id
    if group_id == NO_GROUP:
        return sight.group_id
    raise RefusedError("announce/other_group")


async def menu(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _screen(ctx, NO_GROUP, 0, edit=False),))


async def show_list(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _screen(ctx, ctx.number(0), ctx.number(1), edit=True),))


async def _screen(ctx: Context, group_id: int, number: int, *undo: tuple[Button, ...], edit: bool) -> Reply:
    sight = sight_of(ctx)
    group_id = checked_group(sight, group_id)
    if group_id == NO_GROUP:
        return await _groups(ctx, sight, number, edit=edit)
    return await _group(ctx, sight, group_id, number, *undo, edit=edit)


async def _groups(ctx: Context, sight: Sight, number: int, *, edit: bool) -> Reply:
    groups = await unreached.groups(ctx.db, sight, ctx.now - rules.TELL_FOR)
    page = page_of(len(groups), number, GROUPS_A_PAGE)
    return ctx.reply(
        "announce/untold_groups",
        *(
            (ctx.plain_button(f"{each.name} ({each.entries})", "announce.untold", each.id, 0),)
            for each in groups[page.offset : page.offset + page.size]
        ),
        turn_pages(ctx, page, "announce.untold", NO_GROUP),
        edit=edit,
        entries=sum(each.entries for each in groups),
        groups=len(groups),
        days=rules.TELL_FOR.days,
    )


async def _group(
    ctx: Context, sight: Sight, group_id: int, number: int, *undo: tuple[Button, ...], edit: bool
) -> Reply:
    since = ctx.now - rules.TELL_FOR
    total = await unreached.count_in(ctx.db, sight, group_id, since)
    page = page_of(total, number, ENTRIES_A_PAGE)
    shown = await unreached.list_in(ctx.db, sight, group_id, since, limit=page.size, offset=page.offset)
    texts = await unreached.texts(ctx.db, {each.announcement_id for each in shown})
    back = (ctx.button("announce/untold_groups", "announce.untold", NO_GROUP, 0),)
    return ctx.reply(
        "announce/untold",
        *((_told_button(ctx, each, group_id, page.number),) for each in shown),
        *undo,
        turn_pages(ctx, page, "announce.untold", group_id),
        *((_print_button(ctx, each, group_id),) for each in texts),
        back if sight.group_id is None else (),
        edit=edit,
        group=shown[0].group if shown else "",
        total=total,
        entries=_entries(ctx, shown),
        beginnings={each: beginning(letters.for_many(ctx, text)) for each, text in texts.items()},
    )


def _entries(ctx: Context, shown: Sequence[Unreached]) -> list[tuple[Unreached, str]]:
    return [(each, reason(ctx, each.state, each.problem)) for each in shown]


def _told_button(ctx: Context, each: Unreached, group_id: int, number: int) -> Button:
    arguments = (each.announcement_id, each.member_id, group_id, number)
    return ctx.button(
        "announce/told", "announce.told", *arguments, name=each.full_name, number=each.announcement_id
    )


def _print_button(ctx: Context, announcement_id: int, group_id: int) -> Button:
    return ctx.button(
        "announce/print_one", "announce.print", announcement_id, group_id, number=announcement_id
    )


async def tell(_incoming: Incoming, ctx: Context) -> Turn:
    """Pressed twice, or by two officers at once, the first counts and the second learns of it."""
    sight, (announcement_id, member_id, group_id, number) = sight_of(ctx), _pressed(ctx)
    is_new = await told.note(ctx.db, sight, announcement_id, member_id, ctx.now)
    entered = await told.by_whom(ctx.db, sight, announcement_id, member_id)
    if entered is None:
        return Turn((await _screen(ctx, group_id, number, edit=True),), ctx.label("announce/not_on_list"))
    name = await _name(ctx, member_id)
    undo = ctx.button(
        "announce/not_told", "announce.not_told", *_pressed(ctx), name=name, number=announcement_id
    )
    notice = "announce/told_now" if is_new else "announce/told_before"
    return Turn(
        (await _screen(ctx, group_id, number, (undo,), edit=True),),
        ctx.label(notice, name=name, told=entered),
    )


async def take_back(_incoming: Incoming, ctx: Context) -> Turn:
    announcement_id, member_id, group_id, number = _pressed(ctx)
    if await told.take_back(ctx.db, sight_of(ctx), announcement_id, member_id):
        notice = ctx.label("announce/taken_back", name=await _name(ctx, member_id))
    else:
        notice = ctx.label("announce/nothing_taken_back")
    return Turn((await _screen(ctx, group_id, number, edit=True),), notice)


def _pressed(ctx: Context) -> tuple[int, int, int, int]:
    """The announcement, the person, and the group and page that the button stood on."""
    return ctx.number(0), ctx.number(1), ctx.number(2), ctx.number(3)


async def _name(ctx: Context, member_id: int) -> str:
    """Of somebody in sight."""
    person = await members.by_id(ctx.db, member_id)
    return person.full_name if person else ""


ACTIONS = {
    "announce.untold": Action(show_list, Right.TELL),
    "announce.told": Action(tell, Right.TELL),
    "announce.not_told": Action(take_back, Right.TELL),
}
