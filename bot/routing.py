"""Which handler an event belongs to: pressed button, command, the dialogue's step, a typed word, a phrase, a
code, the menu.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from handlers.home.talk import OPEN
from handlers.kit import payload
from handlers.kit.access import Right, require
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action, Command, Feature, Phrase, spoken
from handlers.kit.flow import Flow, Handler, Step
from handlers.kit.incoming import Incoming, Kind
from handlers.kit.payload import Press
from handlers.kit.reply import End, Keep, Turn
from handlers.kit.vietnamese import fold
from storage.accounts import Account, Dialogue

NO_PRESS = Press("")
# The command that ends whatever is under way; it belongs to no feature.
CANCEL = "huy"


@dataclass(frozen=True, slots=True)
class Route:
    handler: Handler
    press: Press = NO_PRESS
    # What was written belongs to a private flow: no transcript keeps it.
    private: bool = False
    # The handler needs the content of the file that was sent.
    takes_file: bool = False


@dataclass(frozen=True, slots=True)
class Fallbacks:
    """The handlers for what no feature asked for; they belong to the home feature."""

    menu: Handler
    unknown: Handler
    media: Handler
    edited: Handler
    group: Handler
    blocked: Handler
    # A text that looks like an invitation code, from an account that isn't linked.
    code: Handler
    looks_like_code: Callable[[str], bool]


class Router:
    """Made once from the list of features; a name that two of them use is a mistake found at start."""

    def __init__(self, features: Iterable[Feature], fallbacks: Fallbacks, tag: str) -> None:
        self._fallbacks = fallbacks
        self._tag = tag
        self._commands: dict[str, Command] = {}
        self._words: dict[str, Command] = {}
        self._phrases: list[Phrase] = []
        self._actions: dict[str, Action] = {}
        self._flows: dict[str, Flow] = {}
        self._aliases: dict[str, str] = {}
        for feature in features:
            self._add(feature)

    @property
    def commands(self) -> tuple[Command, ...]:
        return tuple(self._commands.values())

    @property
    def actions(self) -> dict[str, Action]:
        return self._actions

    @property
    def flows(self) -> dict[str, Flow]:
        return self._flows

    def step(self, flow: str, step: str) -> Step:
        """The step that a turn leads to; KeyError when a handler names one that doesn't exist."""
        found = self._flows[flow].step(step)
        if found is None:
            raise KeyError(f"{flow}.{step}")
        return found

    def route(self, incoming: Incoming, account: Account, now: datetime) -> Route:
        match incoming.kind:
            case Kind.PRESS:
                return self._pressed(incoming, account)
            case Kind.TEXT if incoming.text.startswith("/"):
                return Route(self._command(incoming.text), private=self._is_private(account, now))
            case Kind.GROUP:
                return Route(self._fallbacks.group)
            case Kind.BLOCKED | Kind.UNBLOCKED:
                return Route(self._fallbacks.blocked)
        dialogue = account.dialogue
        if dialogue is not None:
            return self._in_dialogue(incoming, account, dialogue, now)
        return Route(self._outside(incoming, account))

    def standing(self, account: Account, now: datetime) -> Step | None:
        """The step in which the account stands now."""
        state = account.dialogue
        return self._standing(state) if state is not None and state.expires_at > now else None

    async def stale(self, incoming: Incoming, context: Context) -> Turn:
        """A kind word about the old button, and where the person is now."""
        step = self.standing(context.account, context.now)
        shown = await (step.show if step else self._fallbacks.menu)(incoming, context)
        return Turn(shown.replies, context.label("home/stale"), shown.then)

    def _add(self, feature: Feature) -> None:
        for command in feature.commands:
            put_once(self._commands, command.name, command)
            for word in spoken(command.name, command.words):
                put_once(self._words, word, command)
        self._phrases += feature.phrases
        for name, action in feature.actions.items():
            put_once(self._actions, name, action)
        for flow in feature.flows:
            put_once(self._flows, flow.name, flow)
        for old, new in feature.aliases.items():
            put_once(self._aliases, old, new)

    def _pressed(self, incoming: Incoming, account: Account) -> Route:
        try:
            press = payload.decode(incoming.payload, self._tag, self._aliases)
        except payload.PayloadError:
            return Route(_stale)
        if press.action == OPEN:
            command = self._commands.get(press.arguments[0] if press.arguments else "")
            handler = _leaving_flow(_guarded(command.right, command.handler)) if command else _stale
            return Route(handler, press)
        action = self._actions.get(press.action)
        if action is None or not _stands_at(account.dialogue, action.step):
            return Route(_stale, press)
        return Route(_guarded(action.right, action.handler), press)

    def _command(self, text: str) -> Handler:
        """`/name`, `/name@bot` or `/name argument`; a command leaves the flow that was open."""
        phrase = self._phrase(text)
        if phrase is not None:
            return _leaving_flow(phrase)
        name = command_name(text)
        if name == CANCEL:
            return self._cancel
        command = self._commands.get(name)
        if command is None:
            return self._fallbacks.unknown
        return _leaving_flow(_guarded(command.right, command.handler))

    async def _cancel(self, _incoming: Incoming, context: Context) -> Turn:
        state = context.account.dialogue
        if state is None:
            return context.say("home/nothing_to_cancel")
        flow = self._flows.get(state.flow)
        said = context.reply(flow.cancelled if flow else "home/cancelled")
        return Turn((said,), then=End())

    def _in_dialogue(self, incoming: Incoming, account: Account, state: Dialogue, now: datetime) -> Route:
        step = self._standing(state)
        is_heard = incoming.kind is Kind.TEXT and account.member is not None
        phrase = self._phrase(incoming.text) if is_heard else None
        if step is None or state.expires_at <= now:
            return Route(_leaving_flow(phrase) if phrase else self._expired)
        private = self._flows[state.flow].private
        if step.handle is None or not step.awaits(incoming):
            return Route(phrase or _not_here(step.show), private=private)
        return Route(step.handle, private=private, takes_file=step.awaits_file(incoming))

    async def _expired(self, incoming: Incoming, context: Context) -> Turn:
        state = context.account.dialogue
        flow = self._flows.get(state.flow) if state else None
        said = context.reply(flow.expired if flow else "home/expired")
        menu = await self._fallbacks.menu(incoming, context)
        return Turn((said, *menu.replies), then=End())

    def _outside(self, incoming: Incoming, account: Account) -> Handler:
        if incoming.kind is Kind.MEDIA:
            return self._fallbacks.media
        if incoming.kind is Kind.EDITED:
            return self._fallbacks.edited
        command = self._words.get(fold(incoming.text))
        if command is not None:
            return _guarded(command.right, command.handler)
        phrase = self._phrase(incoming.text)
        if phrase is not None:
            return phrase
        if account.member is None and self._fallbacks.looks_like_code(incoming.text):
            return self._fallbacks.code
        return self._fallbacks.unknown

    def _phrase(self, text: str) -> Handler | None:
        fitting = (each for each in self._phrases if each.fits(text))
        return next((_guarded(each.right, each.handler) for each in fitting), None)

    def _standing(self, state: Dialogue) -> Step | None:
        flow = self._flows.get(state.flow)
        return flow.step(state.step) if flow else None

    def _is_private(self, account: Account, now: datetime) -> bool:
        state = account.dialogue
        if state is None or state.expires_at <= now:
            return False
        flow = self._flows.get(state.flow)
        return flow is not None and flow.private


def command_name(text: str) -> str:
    """Of `/name`, `/name@bot` or `/name argument`; empty where there is none."""
    words = text[1:].split(maxsplit=1)
    return words[0].split("@", maxsplit=1)[0].lower() if words else ""


T = TypeVar("T")


def put_once(names: dict[str, T], name: str, value: T) -> None:
    """ValueError when the name is taken."""
    if name in names:
        raise ValueError(f"two features use the name {name}")
    names[name] = value


async def _stale(_incoming: Incoming, _context: Context) -> Turn:
    raise StaleError


def _guarded(right: Right | None, handler: Handler) -> Handler:
    """The handler, for those who hold `right`; the others are refused before it runs."""
    if right is None:
        return handler

    async def guarded(incoming: Incoming, context: Context) -> Turn:
        require(context.member, right)
        return await handler(incoming, context)

    return guarded


def _leaving_flow(handler: Handler) -> Handler:
    """A command ends the flow that was open, unless it opens one itself."""

    async def leaving(incoming: Incoming, context: Context) -> Turn:
        turn = await handler(incoming, context)
        return replace(turn, then=End()) if isinstance(turn.then, Keep) else turn

    return leaving


def _not_here(show: Handler) -> Handler:
    """The step's own screen, after a word that it waits for something else."""

    async def not_here(incoming: Incoming, context: Context) -> Turn:
        turn = await show(incoming, context)
        return replace(
            turn, replies=(context.reply("home/not_here", withheld=incoming.is_withheld), *turn.replies)
        )

    return not_here


def _stands_at(state: Dialogue | None, step: str) -> bool:
    return not step or (state is not None and f"{state.flow}.{state.step}" == step)
