"""What the officers' page and the command line call: the deeds of this feature, with answers that are JSON.

Each deed takes the member who acts and checks what they may; what only looks at rounds doesn't: whoever calls
it asks for `Right.DIALOGUE` first. RefusedError says what is wrong; its key names a text.
"""

from datetime import date, datetime
from typing import Any

from handlers.dialogue import agenda, naming, rounds, themes
from handlers.dialogue.rounds import Seen
from handlers.dialogue.support import cases_as_seen
from handlers.kit.access import Right, require
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from storage.dialogue import items
from storage.dialogue import rounds as kept_rounds
from storage.dialogue import themes as kept_themes
from storage.dialogue.items import Item
from storage.dialogue.themes import Theme
from storage.members import Member

Json = dict[str, Any]
_ROUNDS = 50


# Themes.


async def list_themes(work: Work, by: Member) -> list[Json]:
    """All there are, the newest first."""
    require(by, Right.MANAGE_THEMES)
    return [await theme_json(work, each) for each in await kept_themes.everything(work.db)]


async def show_theme(work: Work, by: Member, theme_id: int) -> Json:
    require(by, Right.MANAGE_THEMES)
    return await theme_json(work, await themes.find(work, theme_id))


async def find_hints(work: Work, by: Member, title: str, text: str) -> list[Json]:
    """What in these words might tell who raised it: kinds are "name", "code", "phone", "quote"."""
    require(by, Right.MANAGE_THEMES)
    return [{"kind": each.kind.value, "found": each.found} for each in await naming.hints(work, title, text)]


async def create_theme(work: Work, by: Member, title: str, text: str) -> Json:
    return await theme_json(work, await themes.create(work, by, title, text))


async def edit_theme(work: Work, by: Member, theme_id: int, title: str, text: str) -> Json:
    return await theme_json(work, await themes.edit(work, by, theme_id, title, text))


async def publish_theme(work: Work, by: Member, theme_id: int, *, is_confirmed: bool = False) -> Json:
    """Without `is_confirmed` RefusedError("dialogue/names_somebody") where there are hints."""
    return await theme_json(work, await themes.publish(work, by, theme_id, is_confirmed=is_confirmed))


async def hand_over_theme(work: Work, by: Member, theme_id: int, *, is_confirmed: bool = False) -> Json:
    """As `publish_theme`."""
    return await theme_json(work, await themes.hand_over(work, by, theme_id, is_confirmed=is_confirmed))


async def drop_theme(work: Work, by: Member, theme_id: int) -> Json:
    return await theme_json(work, await themes.drop(work, by, theme_id))


async def link_case(work: Work, by: Member, case_id: bytes, theme_id: int | None) -> None:
    """The case belongs to this theme, or to none any more. RefusedError when either isn't there."""
    require(by, Right.MANAGE_THEMES)
    if theme_id is not None:
        await themes.find(work, theme_id)
    if not await kept_themes.link_case(work.db, case_id, theme_id):
        raise RefusedError("dialogue/no_case")


async def theme_json(work: Work, theme: Theme) -> Json:
    """Numbers of people and cases only from five up; else null."""
    item = (await items.of_themes(work.db, [theme.id])).get(theme.id)
    return {
        "theme": theme.id,
        "title": theme.title,
        "text": theme.text,
        "state": theme.state.value,
        "published_at": _moment(theme.published_at),
        "handed_over_at": _moment(theme.handed_over_at),
        **await themes.figures(work, theme.id),
        "cases": cases_as_seen(await kept_themes.count_cases(work.db, theme.id)),
        "reply": {"kind": theme.reply_kind.value, "text": theme.reply, "at": _moment(theme.replied_at)}
        if theme.reply_kind
        else None,
        "round": item.round_id if item else None,
    }


# Rounds and their agenda.


async def list_rounds(work: Work) -> list[Json]:
    """The newest first."""
    found = await kept_rounds.newest(work.db, _ROUNDS)
    return [round_json(await rounds.look(work, each.id)) for each in found]


async def show_round(work: Work, round_id: int) -> Json:
    return round_json(await rounds.look(work, round_id))


async def put_on_agenda(work: Work, by: Member, round_id: int, theme_id: int) -> Json:
    await agenda.add(work, by, round_id, theme_id)
    return await show_round(work, round_id)


async def take_off_agenda(work: Work, by: Member, item_id: int) -> Json:
    item = await agenda.remove(work, by, item_id)
    return await show_round(work, item.round_id)


async def raise_on_agenda(work: Work, by: Member, item_id: int) -> Json:
    """One place further up."""
    item = await agenda.raise_(work, by, item_id)
    return await show_round(work, item.round_id)


def round_json(seen: Seen) -> Json:
    earliest = seen.too_late_for
    return {
        "round": seen.round.id,
        "kind": seen.round.kind.value,
        "meeting": seen.sitting.id if seen.sitting else None,
        "day": _day(seen.meeting_day),
        "steps": [
            {
                "step": each.task.value,
                "state": each.state.value,
                "due": _day(each.due),
                "done": _day(each.done_on),
            }
            for each in seen.lines
        ],
        # The first day that the law allows, where it is too late for the one that was set.
        "earliest": _day(earliest),
        "announcement": seen.round.announcement_id,
        "posted_days": seen.facts.posted_days,
        "agenda": [_item(each) for each in seen.agenda],
    }


def _item(item: Item) -> Json:
    return {
        "item": item.id,
        "theme": item.theme_id,
        "title": item.title,
        "state": item.state.value,
        "outcome": item.outcome,
        "union_side": item.union_side,
        "employer_side": item.employer_side,
        "due": _day(item.due_on),
        "done": _day(item.done_on),
        "note": item.note,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
