"""A meeting that an officer is about to call, as the dialogue keeps it."""

from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

import msgspec

from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.reply import Goto
from handlers.kit.steps import state_of
from handlers.meetings import rules
from handlers.meetings.actions import Wish
from storage.meetings import Kind

FLOW = "meeting"
KIND, TITLE, TIME, PLACE, AUDIENCE, REVIEW = "kind", "title", "time", "place", "audience", "review"
AGENDA, REPEAT, LEADS, CAMPAIGN = "agenda", "repeat", "leads", "campaign"
_UID_BYTES = 8


@dataclass(frozen=True, slots=True)
class Draft:
    # The meeting's identity once it is called: a second press of the last button finds it by this.
    uid: str
    kind: Kind = Kind.OTHER
    title: str = ""
    # On the wall.
    starts: datetime | None = None
    minutes: int = rules.DEFAULT_MINUTES
    place: str = ""
    # As `storage.audiences` reads it; with `adds` the next choice joins it instead of taking its place.
    audience: str = ""
    adds: bool = False
    agenda: str = ""
    # The file is stored already; a dialogue holds no more than its id.
    file_id: str = ""
    file_name: str = ""
    recurrence: str | None = None
    leads: tuple[int, ...] = rules.DEFAULT_LEADS
    campaign_id: int | None = None
    is_make_up: bool = False

    def goto(self, step: str) -> Goto:
        return Goto(FLOW, step, msgspec.to_builtins(self))

    def mark(self) -> int:
        """Tells this draft from what it was before a change, in 31 bits."""
        return crc32(msgspec.json.encode(self)) & 0x7FFFFFFF

    @property
    def begin(self) -> datetime:
        """StaleError before a time was given."""
        if self.starts is None:
            raise StaleError
        return self.starts

    @property
    def is_whole(self) -> bool:
        """Whether everything that must be said has been: from then on each part is changed by itself."""
        return bool(self.audience)

    def wish(self) -> Wish:
        return Wish(
            uid=self.uid,
            kind=self.kind,
            title=self.title,
            starts=self.begin,
            minutes=self.minutes,
            place=self.place,
            audience=self.audience,
            agenda=self.agenda,
            file_id=self.file_id,
            recurrence=self.recurrence,
            leads=self.leads,
            campaign_id=self.campaign_id,
            is_make_up=self.is_make_up,
        )


def new_draft(ctx: Context) -> Draft:
    return Draft(uid=ctx.chance.token(_UID_BYTES).hex())


def draft_of(ctx: Context) -> Draft:
    return state_of(ctx, Draft)
