"""The command that leads to the desk."""

from dataclasses import replace

from handlers.desk import entering
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.feature import Command, Feature
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Turn


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    """The link goes to the person and is stored nowhere."""
    me = ctx.require(*entering.ENTRANCE)
    address = ctx.services.public_url
    if not address:
        return ctx.say("desk/no_address")
    token = await entering.make_link(ctx, me.id)
    link = ctx.reply(
        "desk/link",
        link=f"{address}{entering.PATH}/{token}",
        minutes=int(entering.LINK_LIFE.total_seconds()) // 60,
    )
    return Turn((replace(link, ephemeral=True),))


FEATURE = Feature(
    "desk",
    commands=(Command("ban", show, Right.DESK, words=("bàn điều hành", "bàn"), label="desk/menu"),),
)
