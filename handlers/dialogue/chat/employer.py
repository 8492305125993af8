"""What the employer's side sees: the themes that the union handed over, and what itself has said of them."""

from handlers.dialogue import themes
from handlers.dialogue.chat.asking import Asked, Question, ask, shown
from handlers.dialogue.chat.members import THEMES_A_PAGE, label
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Button, Reply, Turn
from storage.dialogue import themes as kept
from storage.dialogue.themes import ReplyKind, Theme


async def show_list(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await list_screen(ctx, ctx.number(0), edit=True),))


async def list_screen(ctx: Context, number: int, *, edit: bool) -> Reply:
    found = await kept.handed_over(ctx.db)
    page = page_of(len(found), number, THEMES_A_PAGE)
    entries = page.of(found)
    return ctx.reply(
        "dialogue/handed",
        *((ctx.plain_button(label(each.title), "dialogue.handed_theme", each.id),) for each in entries),
        turn_pages(ctx, page, "dialogue.handed"),
        (ctx.button("dialogue/as_member", "dialogue.list", 0),),
        edit=edit,
        entries=entries,
        page=page.number + 1,
        pages=page.pages,
    )


async def show_theme(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_screen(ctx, await _handed(ctx, ctx.number(0))),))


def _screen(ctx: Context, theme: Theme) -> Reply:
    return ctx.reply(
        "dialogue/handed_theme",
        _replies(ctx, theme) if themes.is_answerable(theme) else (),
        (ctx.button("dialogue/back_to_list", "dialogue.handed", 0),),
        edit=True,
        theme=theme,
    )


async def _handed(ctx: Context, theme_id: int) -> Theme:
    theme = await themes.find(ctx, theme_id)
    if theme.handed_over_at is None:
        raise RefusedError("dialogue/no_theme", number=theme_id)
    return theme


def _replies(ctx: Context, theme: Theme) -> tuple[Button, ...]:
    return tuple(
        ctx.button(f"dialogue/reply_{each}", "dialogue.reply", theme.id, each.value) for each in ReplyKind
    )


async def begin_reply(_incoming: Incoming, ctx: Context) -> Turn:
    theme = await _handed(ctx, ctx.number(0))
    return ask(ctx, "reply", Asked(theme.id, _kind(ctx.word(1)).value))


async def take_reply(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    me = ctx.require(Right.SEE_THEMES)
    theme = await themes.reply(ctx, me, asked.about, _kind(asked.what), incoming.text)
    return shown(ctx, _screen(ctx, theme))


def _kind(word: str) -> ReplyKind:
    found = next((each for each in ReplyKind if each.value == word), None)
    if found is None:
        raise StaleError
    return found


ACTIONS = {
    "dialogue.handed": Action(show_list, Right.SEE_THEMES),
    "dialogue.handed_theme": Action(show_theme, Right.SEE_THEMES),
    "dialogue.reply": Action(begin_reply, Right.SEE_THEMES),
}
QUESTIONS = {"reply": Question(Right.SEE_THEMES, take_reply)}
