"""The code for officers to show: in the chat, and on a page for the wall that a secret link opens."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from handlers.attendance import codes, rules
from handlers.attendance.rules import Window
from handlers.attendance.sittings import kept_sitting
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Turn
from handlers.kit.sittings import Sitting, load, manages
from storage import attendance, check_ins, members
from storage.database import Transaction

PATH = "/man-hinh"
_TOKEN_BYTES = 16
# The projector is set up before people come: until check-in opens the page says when it does.
_SHOWN = frozenset({Window.EARLY, Window.OPEN})


def token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


async def show_code(_incoming: Incoming, ctx: Context) -> Turn:
    """The code of now; pressed again, the one that follows."""
    sitting = await kept_sitting(ctx, ctx.number(0))
    window = _window(sitting, ctx.now)
    new_code = ctx.button("attend/new_code", "attend.code", sitting.id)
    display = ctx.button("attend/make_display", "attend.display", sitting.id)
    return ctx.show(
        "attend/code",
        (new_code,) if window is Window.OPEN else (),
        (display,) if window in _SHOWN else (),
        (ctx.button("attend/list", "attend.list", sitting.id, "absent", 0),),
        sitting=sitting,
        window=window,
        code=codes.shown(codes.code_at(sitting.meeting.secret, sitting.id, ctx.now)),
        left=codes.seconds_left(ctx.now),
        opens_at=rules.opens_at(sitting.date),
    )


async def make_display(_incoming: Incoming, ctx: Context) -> Turn:
    """A link that is shown once and kept nowhere in the clear; the one before opens nothing any more."""
    sitting = await kept_sitting(ctx, ctx.number(0))
    if _window(sitting, ctx.now) not in _SHOWN:
        raise RefusedError("attend/no_display_now")
    if not ctx.services.public_url:
        raise RefusedError("attend/no_address")
    token = ctx.chance.token(_TOKEN_BYTES).hex()
    until = rules.closes_at(sitting.date)
    officer = ctx.require(Right.MEET)
    await check_ins.open_display(
        ctx.db, token_hash(token), sitting.id, by=officer.id, now=ctx.now, expires_at=until
    )
    link = f"{ctx.services.public_url}{PATH}/{token}"
    reply = ctx.reply("attend/display", title=sitting.title, link=link, until=until)
    return Turn((replace(reply, ephemeral=True),))


def _window(sitting: Sitting, now: datetime) -> Window:
    return Window.CLOSED if sitting.is_cancelled else rules.window(sitting.date, now)


# For the page.


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows: a code while there is one, and figures. Nothing on it is about one person."""

    title: str
    starts_at: datetime
    window: Window
    # Empty while nobody can check in.
    code: str
    seconds_left: int
    present: int
    invited: int


async def shown(tx: Transaction, token: str, now: datetime) -> Shown | None:
    """None for a token that opens nothing, or nothing any more: also when whoever made it, and so knows it,
    keeps the meeting no more.
    """
    found = await check_ins.displayed(tx, token_hash(token), now)
    sitting = await load(tx, found[0]) if found else None
    if found is None or sitting is None or not manages(await members.by_id(tx, found[1]), sitting.meeting):
        return None
    window = _window(sitting, now)
    figures = await attendance.figures(tx, sitting.meeting.audience, sitting.id)
    code = codes.code_at(sitting.meeting.secret, sitting.id, now) if window is Window.OPEN else ""
    return Shown(
        title=sitting.title,
        starts_at=sitting.starts_at,
        window=window,
        code=code,
        seconds_left=codes.seconds_left(now),
        present=figures.present,
        invited=figures.invited,
    )


ACTIONS = {
    "attend.code": Action(show_code, Right.MEET),
    "attend.display": Action(make_display, Right.MEET),
}
