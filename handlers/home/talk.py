"""The menu, the help, and a kind answer to whatever no feature asked for."""

from collections.abc import Iterable, Sequence

from handlers.kit.access import may
from handlers.kit.context import Context
from handlers.kit.feature import Command, Feature
from handlers.kit.incoming import Incoming, Kind
from handlers.kit.private import PrivateCommand, PrivateFeature
from handlers.kit.reply import Button, Turn
from storage import accounts

# The router runs the named command: a menu's button is the command itself.
OPEN = "home.open"


class Home:
    """Knows every feature's commands, because it lists them; those of private features are run elsewhere."""

    def __init__(self, features: Iterable[Feature], private: Iterable[PrivateFeature] = ()) -> None:
        own = (
            Command("menu", self.menu, None, words=("menu", "bắt đầu", "xin chào", "chào")),
            Command("trogiup", self.help, None, words=("trợ giúp", "giúp", "help"), label="home/help"),
        )
        self.feature = Feature("home", commands=own)
        self._commands: list[Command | PrivateCommand] = [
            *(command for feature in features for command in feature.commands),
            *(command for feature in private for command in feature.commands),
            *own,
        ]

    async def menu(self, _incoming: Incoming, ctx: Context) -> Turn:
        if ctx.member is None:
            return ctx.say("home/stranger", branch=ctx.services.branch.name)
        return ctx.say(
            "home/menu",
            *_pairs([self._entry(ctx, command) for command in self._offered(ctx)]),
            name=ctx.member.full_name,
            branch=ctx.services.branch.name,
        )

    async def help(self, _incoming: Incoming, ctx: Context) -> Turn:
        commands = [
            (command.name, ctx.label(command.label)) for command in self._offered(ctx) if command.label
        ]
        return ctx.say(
            "home/help", commands=commands, linked=ctx.member is not None, branch=ctx.services.branch.name
        )

    async def unknown(self, incoming: Incoming, ctx: Context) -> Turn:
        shown = await self.menu(incoming, ctx)
        if ctx.member is None:
            return shown
        return Turn((ctx.reply("home/unknown"), *shown.replies))

    async def media(self, _incoming: Incoming, ctx: Context) -> Turn:
        return ctx.say("home/media")

    async def edited(self, _incoming: Incoming, ctx: Context) -> Turn:
        return ctx.say("home/edited")

    async def group(self, _incoming: Incoming, ctx: Context) -> Turn:
        return ctx.say("home/group")

    async def blocked(self, incoming: Incoming, ctx: Context) -> Turn:
        """The person blocked the bot, or came back: pushes have to know. Nothing is said but to a stranger
        who comes for the first time, as the follower of an account does.
        """
        reason = "blocked" if incoming.kind is Kind.BLOCKED else None
        await accounts.set_unreachable(ctx.db, ctx.account.id, reason)
        if reason or ctx.member is not None or ctx.account.unreachable:
            return Turn()
        return await self.menu(incoming, ctx)

    def _offered(self, ctx: Context) -> list[Command | PrivateCommand]:
        return [command for command in self._commands if command.label and _open_to(ctx, command)]

    def _entry(self, ctx: Context, command: Command | PrivateCommand) -> Button:
        return ctx.plain_button(ctx.label(command.label or ""), OPEN, command.name)


def _open_to(ctx: Context, command: Command | PrivateCommand) -> bool:
    return command.right is None or may(ctx.member, command.right)


def _pairs(buttons: Sequence[Button]) -> list[tuple[Button, ...]]:
    return [tuple(buttons[index : index + 2]) for index in range(0, len(buttons), 2)]
