"""What both of Zalo's channels are given."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from bot.channels.file_links import FileLinks
from bot.channels.offers import Offers
from bot.channels.waits import Sleep
from bot.channels.zalo.wording import Label
from handlers.kit.clock import Chance, Clock
from storage.outbox import Priority


class Budget(Protocol):
    """Messages of one month. `is_spent`: none is left by our own count."""

    @property
    def is_spent(self) -> bool: ...

    def may_send(self, priority: Priority, parts: int) -> bool: ...

    def count(self, parts: int, *, ephemeral: bool = False) -> None: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    offers: Offers
    links: FileLinks
    budget: Budget
    label: Label
    clock: Clock
    chance: Chance
    sleep: Sleep = asyncio.sleep
