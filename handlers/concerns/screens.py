"""What is shown while a concern is written."""

from collections.abc import Sequence

from handlers.concerns.receipts import Receipt
from handlers.concerns.room import Room
from handlers.concerns.rules import LONGEST_TEXT, MOST_FILES, Draft, names_writer
from handlers.concerns.submitting import Submitted
from handlers.kit.cleaning import LARGEST_ATTACHMENT
from handlers.kit.files import MEGABYTE
from handlers.kit.private import WRITING_TIME, PrivateContext
from handlers.kit.reply import Reply

_IN_A_ROW = 2
_WORDS_IN_A_LINE = 4


def intro(ctx: PrivateContext, room: Room, names: Sequence[str]) -> Reply:
    """What is protected and what isn't, who reads, and the categories to choose from."""
    buttons = [
        ctx.plain_button(each.label, "concerns.category", each.key)
        for each in ctx.services.categories.values()
    ]
    rows = [tuple(buttons[at : at + _IN_A_ROW]) for at in range(0, len(buttons), _IN_A_ROW)]
    return ctx.reply(
        "concerns/intro",
        *rows,
        (ctx.button("concerns/leave", "concerns.leave"),),
        readers=names,
        erases=ctx.limits.can_erase,
        staff_reads=ctx.limits.staff_reads,
        weeks=room.close_weeks,
        months=room.kept_months,
    )


def writing(ctx: PrivateContext, draft: Draft) -> Reply:
    return ctx.reply(
        "concerns/writing",
        category=ctx.services.categories[draft.category].label,
        limit=LONGEST_TEXT,
        files=MOST_FILES,
        megabytes=LARGEST_ATTACHMENT // MEGABYTE,
        documents=ctx.limits.documents,
        minutes=int(WRITING_TIME.total_seconds() // 60),
    )


def review(ctx: PrivateContext, draft: Draft) -> Reply:
    """What will be sent, whole, with what may give its writer away."""
    return ctx.reply(
        "concerns/review",
        (ctx.button("concerns/send", "concerns.send", draft.secret.hex()),),
        (
            ctx.button("concerns/rewrite", "concerns.rewrite"),
            ctx.button("concerns/recategorise", "concerns.recategorise"),
        ),
        (ctx.button("concerns/leave", "concerns.leave"),),
        category=ctx.services.categories[draft.category].label,
        text=draft.text,
        files=[file.name for file in draft.files],
        names_writer=names_writer(draft.text, ctx.member),
        left=LONGEST_TEXT - len(draft.text),
    )


def receipt(ctx: PrivateContext, done: Submitted) -> Reply:
    return ctx.reply(
        "concerns/receipt",
        (ctx.button("concerns/noted", "concerns.noted", erases=ctx.limits.can_erase),),
        lines=_lines(done.receipt),
        due_on=done.due_on,
        erases=ctx.limits.can_erase,
    )


def _lines(shown: Receipt) -> list[str]:
    words = shown.words
    return [" ".join(words[at : at + _WORDS_IN_A_LINE]) for at in range(0, len(words), _WORDS_IN_A_LINE)]
