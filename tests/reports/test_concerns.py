"""Concerns are reported as they are shown everywhere: what is hidden stands in no file."""

from datetime import date

from tests.concerns.counting import YEAR
from tests.concerns.test_figures import WEEK, came, counted
from tests.reports.scene import Scene
from tests.reports.test_figures import rows, says, values


async def test_nothing_is_told_before_the_year_is_counted(scene: Scene) -> None:
    await came(scene.world, date(YEAR, 1, 12), "pay", 30)
    report = await scene.gather("concerns", year=YEAR)
    assert set(values(report).values()) == {None}
    assert says(report, "Số liệu cả năm chưa chốt.")


async def test_what_is_small_stays_hidden(scene: Scene) -> None:
    week = date(YEAR, 1, 12)
    await came(scene.world, week, "pay", 30)
    await came(scene.world, week + WEEK, "safety", 2)
    await counted(scene.world, date(YEAR + 1, 2, 1))
    report = await scene.gather("concerns", year=YEAR)
    assert values(report)["concerns"] in {32, None}
    by_category = {row[0]: row[-1] for row in rows(report, "categories")}
    assert by_category["An toàn lao động"] is None
    shown = [value for row in rows(report, "categories") for value in row[1:] if value is not None]
    assert all(value >= 5 for value in shown)
    assert [row[0] for row in rows(report, "windows")][-1] == f"Cả năm {YEAR}"
