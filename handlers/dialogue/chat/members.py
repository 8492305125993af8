"""What everybody sees: published themes, what one thinks of them, and what came of the dialogue."""

from collections.abc import Sequence
from typing import Any

from handlers.dialogue import themes
from handlers.kit.access import Right
from handlers.kit.context import Context, Work
from handlers.kit.errors import RefusedError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Button, Reply, Turn
from storage.dialogue import items, rounds, support
from storage.dialogue import themes as kept
from storage.dialogue.items import Item
from storage.dialogue.items import State as ItemState
from storage.dialogue.rounds import Step
from storage.dialogue.themes import State, Theme

THEMES_A_PAGE, RESULTS_A_PAGE = 5, 5
_LABEL = 40
_ROUNDS = 50


def label(title: str) -> str:
    return title if len(title) <= _LABEL else f"{title[:_LABEL]}…"


async def show_list(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await list_screen(ctx, ctx.number(0), edit=True),))


async def list_screen(ctx: Context, number: int, *, edit: bool) -> Reply:
    found = await kept.published(ctx.db)
    page = page_of(len(found), number, THEMES_A_PAGE)
    shown = page.of(found)
    entries = [await _entry(ctx, each) for each in shown]
    return ctx.reply(
        "dialogue/list",
        *((ctx.plain_button(label(each.title), "dialogue.theme", each.id),) for each in shown),
        turn_pages(ctx, page, "dialogue.list"),
        (ctx.button("dialogue/results", "dialogue.results", 0),),
        edit=edit,
        entries=entries,
        page=page.number + 1,
        pages=page.pages,
    )


async def _entry(work: Work, theme: Theme) -> dict[str, Any]:
    state = await _state_for_everybody(work, theme)
    return {"title": theme.title, "state": state.value, **await themes.figures(work, theme.id)}


async def result_for_everybody(work: Work, theme: Theme) -> Item | None:
    """What came of it, once that was published."""
    item = (await items.of_themes(work.db, [theme.id])).get(theme.id)
    if item is None or item.state is ItemState.OPEN:
        return None
    return item if Step.PUBLISHED in await rounds.steps(work.db, item.round_id) else None


async def _state_for_everybody(work: Work, theme: Theme) -> State:
    is_settled = theme.state in {State.PROMISED, State.REFUSED}
    if is_settled and await result_for_everybody(work, theme) is None:
        return State.AGENDA
    return theme.state


async def show_theme(_incoming: Incoming, ctx: Context) -> Turn:
    me = ctx.require(Right.SUPPORT_THEMES)
    theme = await _published(ctx, ctx.number(0))
    has_answered = await themes.has_answered(ctx, me, theme.id)
    is_asked = themes.is_asked(theme)
    return ctx.show(
        "dialogue/theme",
        _answers(ctx, theme) if is_asked and not has_answered else (),
        (ctx.button("dialogue/back_to_list", "dialogue.list", 0),),
        theme=theme,
        state=(await _state_for_everybody(ctx, theme)).value,
        item=await result_for_everybody(ctx, theme),
        is_asked=is_asked,
        has_answered=has_answered,
        **await themes.figures(ctx, theme.id),
    )


async def _published(work: Work, theme_id: int) -> Theme:
    theme = await themes.find(work, theme_id)
    if theme.published_at is None:
        raise RefusedError("dialogue/no_theme", number=theme_id)
    return theme


def _answers(ctx: Context, theme: Theme) -> tuple[Button, ...]:
    return (
        ctx.button("dialogue/agree", "dialogue.answer", theme.id, support.AGREES),
        ctx.button("dialogue/disagree", "dialogue.answer", theme.id, support.DISAGREES),
    )


async def answer(_incoming: Incoming, ctx: Context) -> Turn:
    """The message stays as it is: only a short word is said, which no transcript keeps."""
    me = ctx.require(Right.SUPPORT_THEMES)
    is_counted = await themes.answer(ctx, me, ctx.number(0), ctx.number(1))
    return Turn(notice=ctx.label("dialogue/counted" if is_counted else "dialogue/answered_before"))


async def show_results(_incoming: Incoming, ctx: Context) -> Turn:
    found = await published_results(ctx)
    page = page_of(len(found), ctx.number(0), RESULTS_A_PAGE)
    return ctx.show(
        "dialogue/outcomes",
        turn_pages(ctx, page, "dialogue.results"),
        (ctx.button("dialogue/back_to_list", "dialogue.list", 0),),
        entries=page.of(found),
        page=page.number + 1,
        pages=page.pages,
        today=ctx.today,
    )


async def published_results(work: Work) -> Sequence[Item]:
    """What was agreed and refused in rounds whose results everybody was told of, the newest round first."""
    found: list[Item] = []
    for each in await rounds.newest(work.db, _ROUNDS):
        if Step.PUBLISHED in await rounds.steps(work.db, each.id):
            found += [item for item in await items.agenda(work.db, each.id) if item.outcome]
    return found


ACTIONS = {
    "dialogue.list": Action(show_list, Right.SUPPORT_THEMES),
    "dialogue.theme": Action(show_theme, Right.SUPPORT_THEMES),
    "dialogue.answer": Action(answer, Right.SUPPORT_THEMES),
    "dialogue.results": Action(show_results, Right.SUPPORT_THEMES),
}
