"""How fast one chat may be written to, where a platform publishes a limit for each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChatPace:
    """One message each `interval_s`, and up to `burst` at once after a silence: never more than
    `burst + t / interval_s` within any t seconds.
    """

    interval_s: float
    burst: int


# Telegram allows one a second to a chat and lets short bursts pass: five are a few presses in a row, or a
# card with what belongs to it.
CHAT = ChatPace(interval_s=1.0, burst=5)
# 20 a minute to a group: five at once and one every 4 seconds are 20 in any minute.
GROUP = ChatPace(interval_s=4.0, burst=5)
# Looking for idle chats costs time, so it is done when there are twice as many as after the last look.
_FEW = 1_000


class Chats:
    """Remembers the chats that were written to lately. Moments are those of the pacing's monotonic clock."""

    def __init__(self) -> None:
        # When a chat's messages would all have gone, had they gone evenly; later ones come after that.
        self._even: dict[str, float] = {}
        self._look_at = _FEW

    def free_at(self, chat: str) -> float:
        """The moment from which the chat's next message may go."""
        pace = _pace(chat)
        return self._even.get(chat, 0.0) - (pace.burst - 1) * pace.interval_s

    def count(self, chat: str, now: float) -> None:
        """A message goes now."""
        self._even[chat] = max(self._even.get(chat, 0.0), now) + _pace(chat).interval_s
        if len(self._even) >= self._look_at:
            self._even = {each: even for each, even in self._even.items() if even > now}
            self._look_at = max(_FEW, 2 * len(self._even))


def _pace(chat: str) -> ChatPace:
    """Telegram's groups have negative numbers."""
    return GROUP if chat.startswith("-") else CHAT
