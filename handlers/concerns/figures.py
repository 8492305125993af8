"""Figures of concerns: counted once when a window is due, and kept so; what is read of them later."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from handlers.concerns import tables
from handlers.concerns.tables import SATISFACTIONS, Answered, Lot
from handlers.concerns.windows import Window, due, quarters_of, windows_of
from handlers.kit.context import Work
from handlers.kit.suppression import Bounds
from storage import members
from storage.concerns import figures
from storage.concerns.figures import Kept, Shown

# In a smaller branch a quarter's concerns are few, and what it shows would hide the year's.
QUARTERS_FROM = 200
# Years before this one that are counted still, should the program have been off.
_YEARS_BACK = 2
_SEED_BYTES = 16
_LOTS = 1 << 48


@dataclass(frozen=True, slots=True)
class Share:
    """In whole percent, rounded to where it is surely true; equal when it is known."""

    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What may be seen of a window; None is what may not. `others` are those of the categories that aren't
    shown, together; `satisfactions` are of years only.
    """

    window: Window
    is_counted: bool
    total: int | None
    categories: dict[str, int | None]
    others: int | None
    answers: dict[str, int | None]
    answered: Share | None
    in_time: Share | None
    satisfactions: dict[str, int | None]


async def freeze(work: Work) -> int:
    """Count the windows that are due and weren't counted; how many. Those to come are prepared: what their
    order comes from is in a backup long before they are counted, so that a branch that is restored from it
    shows no other figures the second time.
    """
    years = range(work.today.year - _YEARS_BACK, work.today.year + 1)
    return sum([await _freeze_year(work, year) for year in years])


async def _freeze_year(work: Work, year: int) -> int:
    kept = await _prepared(work, year)
    waiting = [each for each in due(year, work.today) if kept[each.name].seed is not None]
    if not waiting:
        return 0
    whole = Window(year)
    categories = {*work.services.categories, *_categories_in(kept)}
    tallies = await figures.tallies(work.db, whole.first_week, whole.week_after)
    counts = [tables.count(each, tallies, categories) for each in quarters_of(year)]
    with_quarters = len(await members.active_codes(work.db)) >= QUARTERS_FROM
    shown = _bounds(kept)
    for each in counts[:-1]:
        if each.window in waiting and with_quarters:
            shown |= tables.of_quarter(each, _lot(kept, each.window))
    if whole in waiting:
        shown |= tables.of_year(counts, shown, _lot(kept, whole), with_quarter=with_quarters)
    for window in waiting:
        await figures.freeze(work.db, window.name, _of_window(shown, window))
    return len(waiting)


async def _prepared(work: Work, year: int) -> dict[str, Kept]:
    """The year's windows as they are kept; whichever weren't waited for are from now on."""
    names = [each.name for each in windows_of(year)]
    kept = await figures.kept(work.db, names)
    missing = [name for name in names if name not in kept]
    for name in missing:
        await figures.wait_for(work.db, name, work.chance.token(_SEED_BYTES))
    return await figures.kept(work.db, names) if missing else kept


def _lot(kept: Mapping[str, Kept], window: Window) -> Lot:
    seed = kept[window.name].seed or b""

    def lot(name: str) -> float:
        drawn = hashlib.sha256(seed + name.encode()).digest()[:6]
        return (int.from_bytes(drawn) + 1) / _LOTS

    return lot


def _categories_in(kept: Mapping[str, Kept]) -> set[str]:
    """Those of which something was shown, whether people can choose them still or not."""
    names = [name.split("/") for each in kept.values() for name in each.shown]
    return {rest[0] for kind, *rest in names if kind == "category"}


def _bounds(kept: Mapping[str, Kept]) -> dict[str, Bounds]:
    return {
        f"{window}/{name}": Bounds(low, high)
        for window, each in kept.items()
        for name, (low, high) in each.shown.items()
    }


def _of_window(shown: Mapping[str, Bounds], window: Window) -> Shown:
    start = f"{window.name}/"
    return {
        name.removeprefix(start): (told.low, told.high)
        for name, told in shown.items()
        if name.startswith(start)
    }


async def of_year(work: Work, year: int) -> list[Figures]:
    """The year's quarters and the year, as they are kept. Counts nothing."""
    windows = windows_of(year)
    kept = await figures.kept(work.db, [each.name for each in windows])
    gone = _categories_in(kept) - set(work.services.categories)
    categories = [*work.services.categories, *sorted(gone)]
    return [_figures(each, kept.get(each.name), categories) for each in windows]


def _figures(window: Window, kept: Kept | None, categories: list[str]) -> Figures:
    shown = kept.shown if kept else {}
    total = _exact(shown, "total")
    by_category = {key: _exact(shown, f"category/{key}") for key in categories}
    return Figures(
        window=window,
        is_counted=kept is not None and kept.seed is None,
        total=total,
        categories=by_category,
        others=_others(total, by_category),
        answers={each.value: _exact(shown, f"answer/{each}") for each in Answered},
        answered=_share(shown, total, (Answered.IN_TIME, Answered.LATE), (Answered.NONE,)),
        in_time=_share(shown, total, (Answered.IN_TIME,), (Answered.LATE, Answered.NONE)),
        satisfactions={key: _exact(shown, f"satisfaction/{key}") for key in SATISFACTIONS},
    )


def _exact(shown: Shown, name: str) -> int | None:
    low, high = shown.get(name, (0, None))
    return low if low == high else None


def _others(total: int | None, parts: Mapping[str, int | None]) -> int | None:
    if total is None or None not in parts.values():
        return None
    return total - sum(part or 0 for part in parts.values())


def _share(
    shown: Shown, total: int | None, these: tuple[Answered, ...], rest: tuple[Answered, ...]
) -> Share | None:
    """How large a share has these answers, as far as what is shown tells; None when it tells nothing."""
    if total is None:
        return None
    least = max(_least(shown, these), total - _most(shown, total, rest))
    most = total - _least(shown, rest)
    if least == most:
        return Share(round(100 * least / total), round(100 * least / total))
    return Share(100 * least // total, -(-100 * most // total)) if least else None


def _least(shown: Shown, answers: tuple[Answered, ...]) -> int:
    return sum(shown.get(f"answer/{each}", (0, None))[0] for each in answers)


def _most(shown: Shown, total: int, answers: tuple[Answered, ...]) -> int:
    highs = [shown.get(f"answer/{each}", (0, None))[1] for each in answers]
    return sum(total if high is None else high for high in highs)
