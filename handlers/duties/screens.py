"""What officers see of duties: those of a year, the most pressing first, and one of them."""

from collections.abc import Sequence
from datetime import date

from handlers.duties.board import Board, Item
from handlers.duties.display import label, period_text, values_of, waits_for
from handlers.duties.rules import Deed, State, deeds, is_open
from handlers.kit.access import Right, may
from handlers.kit.context import Context
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Button, Reply
from storage import members
from storage.members import Member

ENTRIES_A_PAGE = 6
_ORDER = tuple(State)
_RIGHTS = {Deed.DROPPED: Right.DROP_DUTIES}


def of_year(board: Board, year: int, today: date) -> list[Item]:
    """Those that belong to the year or are due in it, with what is overdue; the most pressing first."""
    found = [
        each
        for each in board.items
        if each.period.year == year
        or (each.due_on is not None and each.due_on.year == year)
        or (year == today.year and each.state is State.OVERDUE)
    ]
    return sorted(found, key=_pressing)


def _pressing(item: Item) -> tuple[int, date, int]:
    return _ORDER.index(item.state), item.due_on or date.max, item.duty.id


def list_screen(ctx: Context, board: Board, year: int, number: int, *, edit: bool) -> Reply:
    items = of_year(board, year, ctx.today)
    page = page_of(len(items), number, ENTRIES_A_PAGE)
    shown = page.of(items)
    return ctx.reply(
        "duties/list",
        *((ctx.plain_button(_button_label(ctx, each), "duties.view", each.duty.id),) for each in shown),
        turn_pages(ctx, page, "duties.list", year),
        _years(ctx, board, year),
        edit=edit,
        year=year,
        page=page.number + 1 if page.pages > 1 else 0,
        pages=page.pages,
        counts={state.value: sum(each.state is state for each in items) for state in State},
        entries=[_entry(ctx, each, year) for each in shown],
    )


def _button_label(ctx: Context, item: Item) -> str:
    is_usual = str(item.period) == str(item.period.year)
    name = item.rule.name if is_usual else f"{item.rule.name} ({period_text(ctx, item.rule, item.period)})"
    return label(name)


def _entry(ctx: Context, item: Item, year: int) -> dict[str, object]:
    """The period is empty where it is the whole year that the screen is about."""
    is_whole_year = str(item.period) == str(year)
    return {
        "name": item.rule.name,
        "period": "" if is_whole_year else period_text(ctx, item.rule, item.period),
        "state": item.state.value,
        "due_on": item.due_on,
        "done_on": item.duty.done_on,
        "days_left": item.days_left(ctx.today),
        "waits_for": waits_for(ctx, item),
    }


def _years(ctx: Context, board: Board, year: int) -> tuple[Button, ...]:
    """The years beside this one, where there are duties."""
    known = {each.period.year for each in board.items}
    return tuple(
        ctx.button("duties/year", "duties.list", each, 0, year=each)
        for each in (year - 1, year + 1)
        if each in known
    )


async def view_screen(ctx: Context, board: Board, item: Item, *, edit: bool) -> Reply:
    me = ctx.require(Right.SEE_DUTIES)
    return ctx.reply(
        "duties/view",
        *_rows(ctx, board, item, me),
        edit=edit,
        **await values_of(ctx, item),
        changed_by=await _changer(ctx, item),
        event_day=_event_day(board, item),
    )


async def _changer(ctx: Context, item: Item) -> str:
    person = await members.by_id(ctx.db, item.duty.changed_by) if item.duty.changed_by else None
    return person.full_name if person else ""


def _event_day(board: Board, item: Item) -> date | None:
    """When the meeting is that this duty stands for."""
    events = [event for event, slug in board.known.rules.events.items() if slug == item.rule.slug]
    return next((board.known.event_days.get((event, item.period)) for event in events), None)


def _rows(ctx: Context, board: Board, item: Item, me: Member) -> Sequence[tuple[Button, ...]]:
    back = (ctx.button("duties/back", "duties.list", max(item.period.year, ctx.today.year), 0),)
    if not may(me, Right.MANAGE_DUTIES):
        return (back,)
    return (*_deed_rows(ctx, item, me), _undo_row(ctx, item, me), _base_row(ctx, board, item), back)


def _deed_rows(ctx: Context, item: Item, me: Member) -> Sequence[tuple[Button, ...]]:
    if not is_open(item.duty):
        return ()
    duty_id = item.duty.id
    return (
        (
            ctx.button("duties/done_today", "duties.done", duty_id),
            ctx.button("duties/done_on", "duties.day", duty_id, "done"),
        ),
        (
            ctx.button("duties/plan", "duties.day", duty_id, "plan"),
            ctx.button("duties/move", "duties.day", duty_id, "move"),
        ),
        (ctx.button("duties/drop", "duties.drop", duty_id),) if may(me, Right.DROP_DUTIES) else (),
    )


def _undo_row(ctx: Context, item: Item, me: Member) -> tuple[Button, ...]:
    return tuple(
        ctx.button(f"duties/undo_{deed}", "duties.undo", item.duty.id, deed.value)
        for deed in deeds(item.duty)
        if may(me, _RIGHTS.get(deed, Right.MANAGE_DUTIES))
    )


def _base_row(ctx: Context, board: Board, item: Item) -> tuple[Button, ...]:
    """To the duty that this one waits for."""
    slug = board.known.rules.base_of(item.rule.slug)
    base = board.find(slug, str(item.period.year)) if slug and item.state is State.WAITING else None
    return (ctx.plain_button(label(base.rule.name), "duties.view", base.duty.id),) if base else ()
