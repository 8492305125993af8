"""What gaps in a platform's numbers tell: after whose ordinary message there was more than is kept."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count, islice, pairwise
from operator import itemgetter

from sqlalchemy import select

from handlers.kit.days import week_of
from storage.database import Transaction
from storage.outbox import Priority
from storage.schema.conversations import processed_event
from storage.schema.messages import outbox
from storage.schema.people import account, member
from tests.world import ZONE

# What is said in a private conversation, by either side.
IN_PRIVATE = 4
# The web chat's messages have names by chance, in which there are no gaps; Zalo's are taken to be like that.
_UNNUMBERED = ("web", "zalo_bot")
# A number, and whose ordinary message it leads to, of when.
Numbered = tuple[int, tuple[str, datetime]]
_REPLIES = (
    select(member.c.code, outbox.c.created_at, outbox.c.channel_message, outbox.c.message)
    .join(account, account.c.id == outbox.c.account_id)
    .join(member, member.c.id == account.c.member_id)
    .where(outbox.c.priority == int(Priority.REPLY), account.c.channel.not_in(_UNNUMBERED))
    .order_by(outbox.c.created_at, outbox.c.id)
)


@dataclass
class Gaps:
    """By kind of number and week, how many are missing after each person's messages."""

    missing: dict[str, dict[date, Counter[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Counter))
    )

    async def look(self, tx: Transaction) -> None:
        """Into a copy that is taken now. Events name nobody: they come in the order of replies to them."""
        replies = await tx.all(_REPLIES)
        events = sorted(await events_of(tx))
        whose = [(row.code, row.created_at) for row in replies]
        found = {
            "events": [*zip(reversed(events), reversed(whose), strict=False)],
            "messages": [
                (int(number), each)
                for row, each in zip(replies, whose, strict=True)
                if (number := row.channel_message or row.message.get("replaces"))
            ],
        }
        for kind, numbered in found.items():
            self._note(kind, numbered)

    def _note(self, kind: str, numbered: Sequence[Numbered]) -> None:
        weeks: dict[date, Counter[str]] = defaultdict(Counter)
        for code, at, missing in _between(numbered):
            weeks[week_of(at.astimezone(ZONE).date())][code] += missing
        # Each copy shows at least what an earlier one showed of a week, or nothing of it any more.
        self.missing[kind].update(weeks)

    def guesses(self, kind: str) -> Mapping[date, str]:
        """Who sent most in each week."""
        return {week: counted.most_common(1)[0][0] for week, counted in self.missing[kind].items() if counted}


@dataclass
class Platform:
    """Numbers everything that happens at it, as Telegram does; `gaps` is what copies told."""

    events: Iterator[int] = field(default_factory=lambda: count(1))
    messages: Iterator[int] = field(default_factory=lambda: count(1))
    gaps: Gaps = field(default_factory=Gaps)

    def talk_in_private(self) -> None:
        for each in (self.events, self.messages):
            list(islice(each, IN_PRIVATE))


async def events_of(tx: Transaction) -> list[int]:
    """The numbers of those that a platform numbers."""
    asked = select(processed_event.c.event).where(processed_event.c.channel.not_in(_UNNUMBERED))
    return [int(row.event) for row in await tx.all(asked)]


def _between(numbered: Sequence[Numbered]) -> Iterable[tuple[str, datetime, int]]:
    for (number, (code, at)), (following, _) in pairwise(sorted(numbered, key=itemgetter(0))):
        if following > number + 1:
            yield code, at, following - number - 1
