"""What a handler may ask for: who is speaking, the open transaction, texts, the time."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from handlers.kit import payload
from handlers.kit.access import Right, require
from handlers.kit.calendar import Calendar
from handlers.kit.canned import Canned
from handlers.kit.categories import Categories
from handlers.kit.channel import Limits
from handlers.kit.clock import Chance
from handlers.kit.documents import Document
from handlers.kit.duties import DutyRules
from handlers.kit.errors import StaleError
from handlers.kit.reply import Button, Reply, Rows, Turn
from handlers.kit.texts import Texts
from handlers.kit.waiting import Waiting
from storage.accounts import Account
from storage.branch import Branch
from storage.database import Transaction
from storage.members import Member


@dataclass(frozen=True, slots=True)
class Services:
    """What stays the same from event to event."""

    texts: Texts
    chance: Chance
    zone: ZoneInfo
    branch: Branch
    # The documents of `content/documents/`, by slug.
    documents: dict[str, Document]
    # The rules of `content/duties/`.
    duties: DutyRules
    # The holidays and commemorations of `content/calendar/`.
    calendar: Calendar
    # What concerns are about, by key, from `content/concerns/`.
    categories: Categories
    # What officers begin an answer with, in the order of `content/concerns/`.
    canned: tuple[Canned, ...]
    # The address people open; empty when there is none.
    public_url: str
    # The folder of the branch's own papers, in place of those of `content/reports/`; it need not be there.
    papers: Path
    # Members' answers to themes that aren't written yet.
    waiting: Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What turns keys into texts and buttons, at one moment."""

    services: Services
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.services.zone).date()

    @property
    def chance(self) -> Chance:
        return self.services.chance

    def button(self, label: str, action: str, *arguments: str | int, **values: Any) -> Button:
        """A button with the label of key `label`."""
        return self.plain_button(self.label(label, **values), action, *arguments)

    def plain_button(self, label: str, action: str, *arguments: str | int) -> Button:
        """A button whose label is data: a name, a title."""
        return Button(label, payload.encode(self.services.branch.tag, action, *arguments))

    def label(self, key: str, **values: Any) -> str:
        return self.services.texts.label(key, **values)

    def reply(self, key: str, *rows: tuple[Button, ...], edit: bool = False, **values: Any) -> Reply:
        """The text of `key` with rows of buttons; empty rows are left out."""
        buttons: Rows = tuple(row for row in rows if row)
        return Reply(self.services.texts.render(key, **values), buttons, edit=edit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work(Wording):
    """One transaction's surroundings: what actions get, whether a chat, a page, a command or a job calls
    them.
    """

    db: Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Work):
    """One event's surroundings. `data` is what the flow's step was given, `press` the button, if one was
    pressed.
    """

    account: Account
    # What the channel can do.
    limits: Limits
    press: payload.Press
    data: dict[str, Any]

    @property
    def member(self) -> Member | None:
        return self.account.member

    def require(self, *rights: Right) -> Member:
        return require(self.member, *rights)

    def number(self, index: int) -> int:
        """A number the pressed button carries; StaleError when it doesn't."""
        try:
            return self.press.number(index)
        except payload.PayloadError as error:
            raise StaleError from error

    def word(self, index: int) -> str:
        try:
            return self.press.word(index)
        except payload.PayloadError as error:
            raise StaleError from error

    def say(self, key: str, *rows: tuple[Button, ...], **values: Any) -> Turn:
        """A turn of one new message."""
        return Turn((self.reply(key, *rows, **values),))

    def show(self, key: str, *rows: tuple[Button, ...], **values: Any) -> Turn:
        """A turn that replaces the pressed message where the channel can."""
        return Turn((self.reply(key, *rows, edit=True, **values),))
