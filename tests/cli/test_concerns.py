"""`caunoi concerns figures`, as a program of its own."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, insert

from bot.system import SystemClock
from handlers.concerns.windows import Window
from storage.schema.concerns import concern_case
from tests.cli.conftest import Caunoi

# The last year that is surely due.
YEAR = (SystemClock().now() - timedelta(weeks=6)).year - 1
KEYS = {
    "window",
    "from",
    "to",
    "due",
    "counted",
    "total",
    "categories",
    "others",
    "answers",
    "answered_percent",
    "in_time_percent",
    "satisfaction",
}


def file_cases(path: Path, counts: dict[str, int]) -> None:
    week = Window(YEAR).first_week
    kinds = [key for key, number in counts.items() for _ in range(number)]
    rows: list[dict[str, Any]] = [
        {
            "id": number.to_bytes(16),
            "week": week,
            "category": key,
            "state": "closed",
            "due_on": week + timedelta(days=11),
            "first_answer_week": week + timedelta(weeks=1),
            "answered_in_time": True,
            "destroyed_after": week,
        }
        for number, key in enumerate(kinds)
    ]
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(insert(concern_case), rows)
    engine.dispose()


@pytest.fixture
def filed(branch: Caunoi, tmp_path: Path) -> Caunoi:
    file_cases(tmp_path / "data" / "caunoi.db", {"pay": 20, "hours": 11, "safety": 4, "rules": 3})
    return branch


def test_the_figures_of_a_year(filed: Caunoi) -> None:
    found = filed("concerns", "figures", "--year", str(YEAR), "--json").json
    assert [each["window"] for each in found] == [*(f"{YEAR}-{each}" for each in range(1, 5)), str(YEAR)]
    assert all(set(each) == KEYS and each["counted"] for each in found)
    assert {each["total"] for each in found[:4]} == {None}
    year = found[-1]
    assert (year["total"], year["categories"]["pay"], year["categories"]["safety"]) == (38, 20, None)
    assert (year["others"], year["in_time_percent"]) == (7, {"at_least": 86, "at_most": 100})
    assert found[0]["satisfaction"] is None
    said = filed("concerns", "figures", "--year", str(YEAR)).out
    assert f"Cả năm {YEAR} (" in said
    assert "38 kiến nghị" in said
    assert "Tiền lương, thưởng: 20" in said
    assert "Các loại còn lại, gộp chung: 7" in said
    assert "Đã trả lời: ít nhất 86 %; trả lời đúng hạn: ít nhất 86 %" in said


def test_a_year_that_is_not_over(branch: Caunoi) -> None:
    year = str(SystemClock().now().year + 1)
    found = branch("concerns", "figures", "--year", year, "--json").json
    assert not any(each["counted"] for each in found)
    assert "chưa tổng hợp; có từ ngày" in branch("concerns", "figures", "--year", year).out
    assert "--year" in branch("concerns", "figures", "--year", "12").refusal()
