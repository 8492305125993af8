"""What happens to a theme, from the first draft to the employer's answer; called by chat and page alike."""

from datetime import datetime

from handlers.dialogue import naming, telling
from handlers.dialogue.support import as_seen, looked_at
from handlers.kit.access import Right, may, require
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.vietnamese import clean
from storage.dialogue import support, themes
from storage.dialogue.themes import ReplyKind, State, Theme
from storage.members import Member

LONGEST_TITLE, LONGEST_TEXT, LONGEST_REPLY = 120, 2_000, 2_000
# While nothing is settled yet.
_UNSETTLED = frozenset({State.DRAFT, State.OPEN, State.AGENDA})
# Until something is agreed, members may answer, and so may the employer's side.
_ANSWERABLE = frozenset({State.OPEN, State.AGENDA})
_ANSWERS = (support.AGREES, support.DISAGREES)


async def find(work: Work, theme_id: int) -> Theme:
    """RefusedError when there is none."""
    found = await themes.by_id(work.db, theme_id)
    if found is None:
        raise RefusedError("dialogue/no_theme", number=theme_id)
    return found


async def _hold(work: Work, theme_id: int) -> Theme:
    found = await themes.hold(work.db, theme_id)
    if found is None:
        raise RefusedError("dialogue/no_theme", number=theme_id)
    return found


def read_title(text: str) -> str:
    """In one line; RefusedError when it is empty or too long."""
    return _read("title", " ".join(clean(text).split()), LONGEST_TITLE)


def read_text(text: str) -> str:
    return _read("text", clean(text).strip(), LONGEST_TEXT)


def _read(what: str, text: str, longest: int) -> str:
    if not text:
        raise RefusedError("dialogue/empty", what=what)
    if len(text) > longest:
        raise RefusedError("dialogue/too_long", what=what, longest=longest, length=len(text))
    return text


# The union's side.


async def create(work: Work, by: Member, title: str, text: str) -> Theme:
    require(by, Right.MANAGE_THEMES)
    number = await themes.create(work.db, read_title(title), read_text(text), by.id, work.now)
    return await find(work, number)


async def edit(work: Work, by: Member, theme_id: int, title: str, text: str) -> Theme:
    """Only a draft: nobody's agreement is moved to other words."""
    require(by, Right.MANAGE_THEMES)
    found = await _hold(work, theme_id)
    if found.state is not State.DRAFT:
        raise RefusedError("dialogue/words_stand")
    await themes.change(work.db, theme_id, work.now, title=read_title(title), text=read_text(text))
    return await find(work, theme_id)


async def publish(work: Work, by: Member, theme_id: int, *, is_confirmed: bool = False) -> Theme:
    """Members see it from now on, and may say whether they agree."""
    found = await _shown(work, by, theme_id, is_confirmed=is_confirmed)
    if found.published_at is not None:
        raise RefusedError("dialogue/published_already")
    await support.begin(work.db, theme_id)
    return await _show(work, found, published_at=work.now)


async def hand_over(work: Work, by: Member, theme_id: int, *, is_confirmed: bool = False) -> Theme:
    """The employer's side is told, sees it from now on, and may answer."""
    found = await _shown(work, by, theme_id, is_confirmed=is_confirmed)
    if found.handed_over_at is not None:
        raise RefusedError("dialogue/handed_over_already")
    shown = await _show(work, found, handed_over_at=work.now)
    await telling.tell_employer(work, shown)
    return shown


async def _shown(work: Work, by: Member, theme_id: int, *, is_confirmed: bool) -> Theme:
    """One that may be shown to others; RefusedError for what might tell who raised it, until an officer has
    `is_confirmed` that it doesn't.
    """
    require(by, Right.MANAGE_THEMES)
    found = await _hold(work, theme_id)
    if found.state not in _UNSETTLED:
        raise RefusedError("dialogue/settled")
    doubts = [] if is_confirmed else await naming.hints(work, found.title, found.text)
    if doubts:
        raise RefusedError("dialogue/names_somebody", hints=doubts)
    return found


async def _show(work: Work, found: Theme, **since: datetime) -> Theme:
    state = State.OPEN if found.state is State.DRAFT else found.state
    await themes.change(work.db, found.id, work.now, state=state.value, **since)
    return await find(work, found.id)


async def drop(work: Work, by: Member, theme_id: int) -> Theme:
    """Nothing comes of it. What is on an agenda is taken off that first."""
    require(by, Right.MANAGE_THEMES)
    found = await _hold(work, theme_id)
    if found.state not in {State.DRAFT, State.OPEN}:
        raise RefusedError("dialogue/not_dropped_now")
    await themes.change(work.db, theme_id, work.now, state=State.DROPPED.value)
    return await find(work, theme_id)


# The employer's side.


async def reply(work: Work, by: Member, theme_id: int, kind: ReplyKind, text: str) -> Theme:
    """What the employer's side says of a theme that was handed over, in place of what it said before."""
    require(by, Right.SEE_THEMES)
    found = await _hold(work, theme_id)
    if found.handed_over_at is None:
        raise RefusedError("dialogue/no_theme", number=theme_id)
    if found.state not in _ANSWERABLE:
        raise RefusedError("dialogue/settled")
    words = _read("reply", clean(text).strip(), LONGEST_REPLY)
    said = {"reply_kind": kind.value, "reply": words, "replied_by": by.id, "replied_at": work.now}
    await themes.change(work.db, theme_id, work.now, **said)
    answered = await find(work, theme_id)
    await telling.tell_officers(work, answered)
    return answered


def is_answerable(found: Theme) -> bool:
    """Whether the employer's side may say something of it now."""
    return found.state in _ANSWERABLE


# Members.


def is_asked(found: Theme) -> bool:
    """Whether members may say now what they think of it."""
    return found.published_at is not None and found.state in _ANSWERABLE


async def answer(work: Work, member: Member, theme_id: int, option: int) -> bool:
    """Whether the member agrees; False when they have said so before. Nobody ever learns what it was: it
    waits in memory to be counted with others (`handlers.dialogue.counting`).
    """
    require(member, Right.SUPPORT_THEMES)
    # Answers of the other side would be told from the workers' by whoever gave them.
    if may(member, Right.SEE_THEMES):
        raise RefusedError("dialogue/not_both_sides")
    found = await find(work, theme_id)
    if found.published_at is None or option not in _ANSWERS:
        raise RefusedError("dialogue/no_theme", number=theme_id)
    if not is_asked(found):
        raise RefusedError("dialogue/settled")
    if await has_answered(work, member, theme_id):
        return False
    return work.services.waiting.put(theme_id, member.id, option)


async def has_answered(work: Work, member: Member, theme_id: int) -> bool:
    """In memory first: what is no more there is in the tables."""
    is_waiting = work.services.waiting.has(theme_id, member.id)
    return is_waiting or theme_id in await support.answered(work.db, member.id, [theme_id])


async def figures(work: Work, theme_id: int) -> dict[str, int | None]:
    """How many agree and don't, as far as that is shown."""
    shown = (await support.shown(work.db, [theme_id])).get(theme_id, support.Counts(0, 0))
    return {"agree": as_seen(shown.agree), "disagree": as_seen(shown.disagree)}


async def look_at_figures(work: Work) -> None:
    """Once a day, for every published theme that nobody has looked at today."""
    for theme_id in await support.to_look_at(work.db, work.today):
        shown = (await support.shown(work.db, [theme_id]))[theme_id]
        new = looked_at(shown, await support.counts(work.db, theme_id))
        if new != shown:
            await support.show(work.db, theme_id, new)
        await support.note_looked_at(work.db, theme_id, work.today)
