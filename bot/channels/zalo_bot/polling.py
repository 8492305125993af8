"""Long polling, for trying a bot out. Zalo hands each event over once, without being told that it is safe: a
kill between that and the commit loses it. A bot that is relied on goes by webhook.
"""

from collections.abc import Awaitable, Callable

from bot.channels.zalo_bot.api import Api, NothingCameError
from bot.channels.zalo_bot.events import Event
from bot.channels.zalo_bot.patience import Patience

WAIT_S = 30
# How much longer than Zalo was asked to wait an answer may take.
GRACE_S = 10

Take = Callable[[Event], Awaitable[object]]


class Polling:
    def __init__(self, api: Api, patience: Patience) -> None:
        self._api = api
        self._patience = patience

    async def run(self, take: Take) -> None:
        """Take events until cancelled, the next one when this one's effect is committed."""
        while True:
            event = await self._patience.until_it_works(self._next)
            if event is not None:
                await take(event)

    async def _next(self) -> Event | None:
        try:
            return await self._api.call("getUpdates", Event, read_s=WAIT_S + GRACE_S, timeout=WAIT_S)
        except NothingCameError:
            return None
