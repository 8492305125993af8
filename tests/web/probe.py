"""A feature for these tests: pages to turn, files, a message that is kept nowhere, a private flow."""

from markupsafe import Markup, escape

from handlers.kit.context import Context
from handlers.kit.feature import Action, Command, Feature
from handlers.kit.flow import Flow, Step
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Attachment, End, Goto, Reply, Turn

PICTURE = b"\x89PNG\r\n\x1a\n not really"
TABLE = b"<script>alert(1)</script>"


def _page(ctx: Context, number: int, *, edit: bool) -> Reply:
    turn = ctx.plain_button("Next", "probe.page", number + 1)
    return Reply(Markup("<b>Page</b> ") + str(number), ((turn,),), edit=edit)


async def pages(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_page(ctx, 1, edit=False),))


async def turn_page(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_page(ctx, ctx.number(0), edit=True),), notice="turned")


async def echo(incoming: Incoming, _ctx: Context) -> Turn:
    return Turn((Reply(Markup("echo ") + escape(incoming.text.removeprefix("/echo "))),))


async def many(_incoming: Incoming, _ctx: Context) -> Turn:
    return Turn(tuple(Reply(Markup("line ") + str(number)) for number in range(30)))


async def table(_incoming: Incoming, _ctx: Context) -> Turn:
    return Turn((Reply(Markup("table"), attachment=Attachment("Bảng 1.html", "text/html", TABLE)),))


async def picture(_incoming: Incoming, _ctx: Context) -> Turn:
    return Turn((Reply(Markup("picture"), attachment=Attachment("a.png", "image/png", PICTURE)),))


async def secret(_incoming: Incoming, _ctx: Context) -> Turn:
    file = Attachment("secret.png", "image/png", PICTURE)
    return Turn((Reply(Markup("secret words"), attachment=file, ephemeral=True),))


async def ask(_incoming: Incoming, _ctx: Context) -> Turn:
    return Turn((Reply(Markup("your secret?")),), then=Goto("probe", "secret"))


async def hear(_incoming: Incoming, _ctx: Context) -> Turn:
    return Turn((Reply(Markup("heard")),), then=End())


async def hand(_incoming: Incoming, _ctx: Context) -> Turn:
    return Turn((Reply(Markup("your file?")),), then=Goto("files", "file"))


async def take(incoming: Incoming, _ctx: Context) -> Turn:
    """Gives the file back, with what was written to it."""
    file = incoming.file
    if file is None or file.content is None:
        return Turn((Reply(Markup("heard ") + incoming.rich),))
    given = Attachment(file.name, file.mime, file.content)
    return Turn((Reply(Markup("got ") + incoming.rich, attachment=given),), then=End())


PROBE = Feature(
    "probe",
    commands=tuple(
        Command(handler.__name__, handler, None)
        for handler in (pages, echo, many, table, picture, secret, ask, hand)
    ),
    actions={"probe.page": Action(turn_page, None)},
    flows=(
        Flow("probe", (Step("secret", ask, hear),), private=True),
        Flow("files", (Step("file", hand, take, takes_files=True),)),
    ),
)
