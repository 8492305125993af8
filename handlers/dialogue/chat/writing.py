"""Officers write themes, publish them, and hand them over to the employer's side."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from handlers.dialogue import naming, themes
from handlers.dialogue.chat.asking import Asked, Question, ask, shown
from handlers.dialogue.chat.members import label
from handlers.dialogue.support import cases_as_seen
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Button, Reply, Turn
from storage.dialogue import themes as kept
from storage.dialogue.themes import State, Theme
from storage.members import Member

_THEMES_A_PAGE = 8


class Way(StrEnum):
    """Who is to see a theme."""

    PUBLISH = "publish"
    HAND_OVER = "hand_over"


async def show_list(_incoming: Incoming, ctx: Context) -> Turn:
    found = await kept.everything(ctx.db)
    page = page_of(len(found), ctx.number(0), _THEMES_A_PAGE)
    entries = page.of(found)
    return ctx.show(
        "dialogue/themes",
        (ctx.button("dialogue/write", "dialogue.write"),),
        *((ctx.plain_button(label(each.title), "dialogue.view", each.id),) for each in entries),
        turn_pages(ctx, page, "dialogue.themes"),
        (ctx.button("dialogue/back", "dialogue.menu"),),
        entries=entries,
        page=page.number + 1,
        pages=page.pages,
    )


async def show_theme(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _screen(ctx, await themes.find(ctx, ctx.number(0))),))


async def _screen(ctx: Context, theme: Theme) -> Reply:
    return ctx.reply(
        "dialogue/view",
        *_deeds(ctx, theme),
        (ctx.button("dialogue/back_to_list", "dialogue.themes", 0),),
        edit=True,
        theme=theme,
        cases=cases_as_seen(await kept.count_cases(ctx.db, theme.id)),
        **await themes.figures(ctx, theme.id),
    )


def _deeds(ctx: Context, theme: Theme) -> list[tuple[Button, ...]]:
    may_show = theme.state in {State.DRAFT, State.OPEN, State.AGENDA}
    edits = tuple(
        ctx.button(f"dialogue/edit_{part}", "dialogue.edit", theme.id, part) for part in ("title", "text")
    )
    return [
        edits if theme.state is State.DRAFT else (),
        (_way(ctx, theme, Way.PUBLISH),) if may_show and theme.published_at is None else (),
        (_way(ctx, theme, Way.HAND_OVER),) if may_show and theme.handed_over_at is None else (),
        (ctx.button("dialogue/drop", "dialogue.drop", theme.id),)
        if theme.state in {State.DRAFT, State.OPEN}
        else (),
    ]


def _way(ctx: Context, theme: Theme, way: Way) -> Button:
    return ctx.button(f"dialogue/{way}", "dialogue.ask_show", theme.id, way.value)


# Showing it to others.


async def ask_show(_incoming: Incoming, ctx: Context) -> Turn:
    """What may tell who raised it is pointed out first."""
    theme, way = await themes.find(ctx, ctx.number(0)), _read_way(ctx)
    doubts = await naming.hints(ctx, theme.title, theme.text)
    return ctx.show(
        "dialogue/confirm",
        (
            ctx.button(
                f"dialogue/{'doubtful' if doubts else 'yes'}_{way}", "dialogue.show", theme.id, way.value
            ),
        ),
        (ctx.button("dialogue/no_wait", "dialogue.view", theme.id),),
        theme=theme,
        way=way.value,
        hints=doubts,
    )


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    me = ctx.require(Right.MANAGE_THEMES)
    deed = themes.publish if _read_way(ctx) is Way.PUBLISH else themes.hand_over
    theme = await deed(ctx, me, ctx.number(0), is_confirmed=True)
    return Turn((await _screen(ctx, theme),), ctx.label("dialogue/noted"))


def _read_way(ctx: Context) -> Way:
    found = next((each for each in Way if each.value == ctx.word(1)), None)
    if found is None:
        raise StaleError
    return found


async def drop(_incoming: Incoming, ctx: Context) -> Turn:
    theme = await themes.drop(ctx, ctx.require(Right.MANAGE_THEMES), ctx.number(0))
    return Turn((await _screen(ctx, theme),), ctx.label("dialogue/noted"))


# Writing.


async def begin_writing(_incoming: Incoming, ctx: Context) -> Turn:
    return ask(ctx, "title", Asked())


async def take_title(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    return ask(ctx, "text", asked.further(themes.read_title(incoming.text)))


async def take_text(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    if not asked.so_far:
        raise StaleError
    me = ctx.require(Right.MANAGE_THEMES)
    theme = await themes.create(ctx, me, asked.so_far[0], incoming.text)
    return shown(ctx, await _screen(ctx, theme))


async def begin_editing(_incoming: Incoming, ctx: Context) -> Turn:
    theme, part = await themes.find(ctx, ctx.number(0)), ctx.word(1)
    if part not in {"title", "text"}:
        raise StaleError
    return ask(ctx, f"edit_{part}", Asked(theme.id))


Edit = Callable[[Context, Member, Theme, str], Awaitable[Theme]]


async def _edit_title(ctx: Context, me: Member, theme: Theme, words: str) -> Theme:
    return await themes.edit(ctx, me, theme.id, words, theme.text)


async def _edit_text(ctx: Context, me: Member, theme: Theme, words: str) -> Theme:
    return await themes.edit(ctx, me, theme.id, theme.title, words)


async def take_edited_title(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    return await _edited(incoming, ctx, asked, _edit_title)


async def take_edited_text(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    return await _edited(incoming, ctx, asked, _edit_text)


async def _edited(incoming: Incoming, ctx: Context, asked: Asked, edit: Edit) -> Turn:
    me = ctx.require(Right.MANAGE_THEMES)
    theme = await edit(ctx, me, await themes.find(ctx, asked.about), incoming.text)
    return shown(ctx, await _screen(ctx, theme))


ACTIONS = {
    "dialogue.themes": Action(show_list, Right.MANAGE_THEMES),
    "dialogue.view": Action(show_theme, Right.MANAGE_THEMES),
    "dialogue.ask_show": Action(ask_show, Right.MANAGE_THEMES),
    "dialogue.show": Action(show, Right.MANAGE_THEMES),
    "dialogue.drop": Action(drop, Right.MANAGE_THEMES),
    "dialogue.write": Action(begin_writing, Right.MANAGE_THEMES),
    "dialogue.edit": Action(begin_editing, Right.MANAGE_THEMES),
}
QUESTIONS = {
    "title": Question(Right.MANAGE_THEMES, take_title),
    "text": Question(Right.MANAGE_THEMES, take_text),
    "edit_title": Question(Right.MANAGE_THEMES, take_edited_title),
    "edit_text": Question(Right.MANAGE_THEMES, take_edited_text),
}
