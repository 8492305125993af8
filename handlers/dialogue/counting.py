"""Members' answers to themes, from memory into the tables: only when so many are written at once that neither
the tables nor the difference of two copies of them tells what one person has said.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from handlers.dialogue.themes import is_asked
from handlers.kit.context import Work
from handlers.kit.waiting import TOGETHER
from storage.dialogue import support, themes
from storage.dialogue.themes import Theme


@dataclass(frozen=True, slots=True)
class Settled:
    """Whose answers to a theme needn't wait any longer, once the transaction is committed."""

    theme_id: int
    member_ids: Collection[int]


async def has_work(work: Work) -> bool:
    """A look that takes no lock."""
    for theme_id in work.services.waiting.subjects():
        is_enough = len(work.services.waiting.of(theme_id)) >= TOGETHER
        if is_enough or not _is_open(await themes.by_id(work.db, theme_id)):
            return True
    return bool(await support.to_end(work.db))


def _is_open(theme: Theme | None) -> bool:
    return theme is not None and is_asked(theme)


async def write(work: Work) -> list[Settled]:
    """Count in what is enough, and end what is over. `forget` these after the commit, and not before."""
    waiting = work.services.waiting
    settled = []
    for theme_id in sorted({*waiting.subjects(), *await support.to_end(work.db)}):
        answers = waiting.of(theme_id)
        if _is_open(await themes.hold(work.db, theme_id)):
            answers = await _count_in(work, theme_id, answers)
        else:
            await _end(work, theme_id, answers)
        settled.append(Settled(theme_id, list(answers)))
    return settled


def forget(work: Work, settled: Collection[Settled]) -> None:
    for each in settled:
        work.services.waiting.forget(each.theme_id, each.member_ids)


async def _count_in(work: Work, theme_id: int, answers: Mapping[int, int]) -> Mapping[int, int]:
    """What was written: all, or nothing."""
    known = await support.voters(work.db, theme_id)
    new = [member_id for member_id in answers if member_id not in known]
    if len(new) < TOGETHER:
        return {}
    work.chance.shuffle(new)
    await support.add_voters(work.db, theme_id, new)
    await support.count_in(work.db, theme_id, [answers[each] for each in new])
    return answers


async def _end(work: Work, theme_id: int, answers: Mapping[int, int]) -> None:
    """Voters were kept so that nobody answers twice. Beside them the last few answers would stand out."""
    counted = await support.counts(work.db, theme_id)
    if counted.total + len(answers) >= TOGETHER:
        await support.count_in(work.db, theme_id, list(answers.values()))
    await support.forget_voters(work.db, theme_id)
