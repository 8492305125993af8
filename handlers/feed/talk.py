"""The conversation about one's own calendar's address: what it is for, making it, revoking it."""

from dataclasses import replace

from handlers.feed import actions
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.feature import Action, Feature
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Button, Turn
from storage import calendar_links
from storage.calendar_links import OwnLinks


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    return await _menu(ctx)


async def _menu(ctx: Context, notice: str = "") -> Turn:
    me = ctx.require(Right.SETTINGS)
    back = (ctx.button("feed/to_settings", "settings.menu"),)
    if not ctx.services.public_url:
        return ctx.show("feed/no_address", back)
    links = await calendar_links.of_member(ctx.db, me.id)
    reply = ctx.reply("feed/menu", *_buttons(ctx, links), back, edit=True, made_at=links.made_at)
    return Turn((reply,), notice)


def _buttons(ctx: Context, links: OwnLinks) -> list[tuple[Button, ...]]:
    """The first one counts the links there were: pressed twice, it makes one."""
    if links.made_at is None:
        return [(ctx.button("feed/make", "feed.make", links.made),)]
    return [
        (ctx.button("feed/make_again", "feed.make", links.made),),
        (ctx.button("feed/revoke", "feed.revoke"),),
    ]


async def make(_incoming: Incoming, ctx: Context) -> Turn:
    """The address goes to the person and is stored nowhere."""
    me = ctx.require(Right.SETTINGS)
    links = await calendar_links.of_member(ctx.db, me.id)
    if not ctx.services.public_url or ctx.number(0) != links.made:
        return await _menu(ctx)
    address = f"{ctx.services.public_url}/lich/{await actions.make_link(ctx, me.id)}.ics"
    made = ctx.reply(
        "feed/made",
        address=address,
        for_iphone=f"webcal:{address.partition(':')[2]}",
        had_one=links.made_at is not None,
    )
    return Turn((replace(made, ephemeral=True),))


async def revoke(_incoming: Incoming, ctx: Context) -> Turn:
    await calendar_links.revoke(ctx.db, ctx.require(Right.SETTINGS).id, ctx.now)
    return await _menu(ctx, ctx.label("feed/revoked"))


FEATURE = Feature(
    "feed",
    actions={
        "feed.menu": Action(show, Right.SETTINGS),
        "feed.make": Action(make, Right.SETTINGS),
        "feed.revoke": Action(revoke, Right.SETTINGS),
    },
)
