"""Which command or button of a private feature an event names."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.routing import NO_PRESS, command_name, put_once
from handlers.home.talk import OPEN
from handlers.kit import payload
from handlers.kit.feature import spoken
from handlers.kit.incoming import Incoming, Kind
from handlers.kit.payload import Press
from handlers.kit.private import PrivateAction, PrivateCommand, PrivateFeature, PrivatePhrase
from handlers.kit.vietnamese import fold


@dataclass(frozen=True, slots=True)
class Found:
    feature: PrivateFeature
    entry: PrivateCommand | PrivateAction | PrivatePhrase
    press: Press = NO_PRESS
    # It was plain words, which might also be meant for something else.
    is_word: bool = False

    @property
    def step(self) -> str:
        """Where the conversation has to stand; empty: anywhere."""
        return self.entry.step if isinstance(self.entry, PrivateAction) else ""


class Index:
    """Made once; a name that two features use, or a step that isn't there, is a mistake found at start."""

    def __init__(self, features: Sequence[PrivateFeature], tag: str) -> None:
        self._tag = tag
        self._commands: dict[str, tuple[PrivateFeature, PrivateCommand]] = {}
        self._words: dict[str, tuple[PrivateFeature, PrivateCommand]] = {}
        self._phrases: list[tuple[PrivateFeature, PrivatePhrase]] = []
        self._actions: dict[str, tuple[PrivateFeature, PrivateAction]] = {}
        for feature in features:
            self._add(feature)

    def find(self, incoming: Incoming, *, with_words: bool) -> Found | None:
        match incoming.kind:
            case Kind.PRESS:
                return self._pressed(incoming.payload)
            case Kind.TEXT if incoming.text.startswith("/"):
                named = self._commands.get(command_name(incoming.text))
                return Found(*named) if named else None
            case Kind.TEXT if with_words:
                return self._said(incoming.text)
        return None

    def _said(self, text: str) -> Found | None:
        named = self._words.get(fold(text))
        if named is not None:
            return Found(*named, is_word=True)
        fitting = (Found(*each, is_word=True) for each in self._phrases if each[1].fits(text))
        return next(fitting, None)

    def _add(self, feature: PrivateFeature) -> None:
        self._phrases += [(feature, phrase) for phrase in feature.phrases]
        for command in feature.commands:
            put_once(self._commands, command.name, (feature, command))
            for word in spoken(command.name, command.words):
                put_once(self._words, word, (feature, command))
        for name, action in feature.actions.items():
            if action.step and action.step not in feature.steps:
                raise ValueError(f"{name} names a step that isn't there: {action.step}")
            put_once(self._actions, name, (feature, action))

    def _pressed(self, pressed: str) -> Found | None:
        try:
            press = payload.decode(pressed, self._tag, {})
        except payload.PayloadError:
            return None
        if press.action == OPEN:
            named = self._commands.get(press.arguments[0] if press.arguments else "")
            return Found(*named, press) if named else None
        action = self._actions.get(press.action)
        return Found(*action, press) if action else None
