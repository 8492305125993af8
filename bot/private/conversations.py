"""Private conversations under way, in memory alone, and what little is remembered of one that was left."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from handlers.kit.access import Right
from handlers.kit.channel import Channel
from handlers.kit.incoming import Incoming
from handlers.kit.private import PrivateFeature, PrivateStep

# Conversations at a time; each may hold what a person wrote, and files.
MOST = 2_000
# Messages of one conversation that can be deleted from the chat: a thousand and their answers, and some. Of
# a longer one the latest.
MOST_MESSAGES = 2_500
# How long it is remembered that a conversation timed out, and which events were handled; and of how many.
REMEMBERED = timedelta(hours=24)
MOST_REMEMBERED = 10_000
# No text: the conversation didn't time out.
ENDED = ""

# A channel's name and an address in it.
Key = tuple[str, str]


class Trace:
    """The ids of a conversation's messages, of both sides."""

    def __init__(self, *messages: str) -> None:
        self._messages: dict[str, None] = {}
        self.add(*messages)

    def add(self, *messages: str) -> None:
        for each in filter(None, messages):
            self._messages[each] = None
            if len(self._messages) > MOST_MESSAGES:
                del self._messages[next(iter(self._messages))]

    def discard(self, message: str) -> None:
        self._messages.pop(message, None)

    def take(self) -> list[str]:
        """All of them, which are then forgotten."""
        taken = list(self._messages)
        self._messages.clear()
        return taken

    def __contains__(self, message: str) -> bool:
        return message in self._messages


@dataclass(slots=True)
class Conversation:
    """`right` is what whoever speaks must hold at each event."""

    channel: Channel
    feature: PrivateFeature
    right: Right
    # The full name of one of the feature's steps.
    step: str
    draft: Any = field(repr=False)
    expires_at: datetime
    trace: Trace

    @property
    def at(self) -> PrivateStep:
        return self.feature.steps[self.step]


class Conversations:
    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._open: dict[Key, Conversation] = {}
        # Whose conversation is over, what to say to them, and since when, the earliest first.
        self._left: OrderedDict[Key, tuple[str, datetime]] = OrderedDict()

    @property
    def is_full(self) -> bool:
        return len(self._open) >= self._most

    def at(self, key: Key) -> Conversation | None:
        return self._open.get(key)

    def put(self, key: Key, conversation: Conversation) -> None:
        self._open[key] = conversation
        self._left.pop(key, None)

    def close(self, key: Key, now: datetime) -> None:
        """It came to its end."""
        if self._open.pop(key, None) is not None:
            self._leave(key, ENDED, now)

    def expire(self, now: datetime) -> list[tuple[Key, Conversation]]:
        """End those that were left for too long; what was written in them is gone."""
        late = [(key, each) for key, each in self._open.items() if each.expires_at <= now]
        for key, conversation in late:
            del self._open[key]
            conversation.draft = None
            self._leave(key, conversation.feature.expired, now)
        return late

    def take_left(self, key: Key) -> str | None:
        """The text for whoever's conversation timed out, once; ENDED when it came to its end; else None."""
        text, _ = self._left.get(key, (None, None))
        if text:
            del self._left[key]
        return text

    def _leave(self, key: Key, text: str, now: datetime) -> None:
        self._left.pop(key, None)
        self._left[key] = (text, now)
        while len(self._left) > MOST_REMEMBERED or now - next(iter(self._left.values()))[1] > REMEMBERED:
            self._left.popitem(last=False)


class Seen:
    """Events that were handled: a platform may bring one again. They are known by their ids alone."""

    def __init__(self) -> None:
        self._events: OrderedDict[tuple[str, str], datetime] = OrderedDict()

    def has(self, incoming: Incoming) -> bool:
        return (incoming.channel, incoming.event) in self._events

    def add(self, incoming: Incoming, now: datetime) -> None:
        self._events[incoming.channel, incoming.event] = now
        while len(self._events) > MOST_REMEMBERED or now - next(iter(self._events.values())) > REMEMBERED:
            self._events.popitem(last=False)
