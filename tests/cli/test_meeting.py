"""Meetings by command: called, listed, moved, cancelled; mistakes are one line."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.system import SystemClock
from tests.cli.conftest import Caunoi

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
YEAR = SystemClock().now().astimezone(ZONE).year + 1


def monday(month: int) -> date:
    """The first one of a month of next year."""
    first = date(YEAR, month, 1)
    return first + timedelta(days=-first.weekday() % 7)


def typed(day: date, at: str) -> str:
    return f"{day.isoformat()} {at}"


def told(day: date, at: str) -> str:
    """As `--json` has it."""
    moment = datetime.fromisoformat(typed(day, at)).replace(tzinfo=ZONE)
    return moment.isoformat(timespec="minutes")


JANUARY, FEBRUARY, MARCH = (monday(month) for month in (1, 2, 3))
SECOND = JANUARY + timedelta(days=7)
AT = typed(JANUARY, "08:30")
ADD = ("meeting", "add", "--title", "Họp tổ", "--place", "Phòng 2")


def test_a_series_from_the_first_day_to_the_last(branch: Caunoi) -> None:
    rule = "rrule:freq=monthly;byday=1mo;count=3"
    made = branch(*ADD, "--at", AT, "--kind", "group", "--rule", rule, "--leads", "60, 1440", "--json").json
    assert made == {
        "date": 1,
        "meeting": 1,
        "kind": "group",
        "title": "Họp tổ",
        "starts": told(JANUARY, "08:30"),
        "minutes": 90,
        "place": "Phòng 2",
        "audience": "all",
        "rule": "RRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=3",
        "leads": [1440, 60],
        "cancelled": False,
        "note": "",
        "invited": 1,
        "coming": 0,
        "absent": 0,
    }
    assert "thứ Hai đầu tiên hằng tháng, 3 buổi" in branch("meeting", "show", "2").out
    tuesday = FEBRUARY + timedelta(days=1)
    wish = ("--at", typed(tuesday, "10:00"), "--minutes", "30", "--note", "Tết")
    moved = branch("meeting", "move", "2", *wish, "--json").json
    assert (moved["starts"], moved["minutes"], moved["note"]) == (told(tuesday, "10:00"), 30, "Tết")
    branch("meeting", "move", "1", "--at", typed(JANUARY, "14:00"), "--series")
    assert [each["starts"] for each in branch("meeting", "list", "--json").json] == [
        told(JANUARY, "14:00"),
        told(tuesday, "10:00"),
        told(MARCH, "14:00"),
    ]
    assert "(đã huỷ)" in branch("meeting", "cancel", "1").out
    branch("meeting", "cancel", "2", "--series", "--note", "Bão")
    assert "Chưa có cuộc họp nào" in branch("meeting", "list").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*ADD, "--at", f"{YEAR}-02-30 08:30"), "Không hiểu giờ"),
        ((*ADD, "--at", "2020-02-20 08:30"), "đã qua rồi"),
        ((*ADD, "--at", AT, "--minutes", "0"), "dài nhất là một ngày"),
        ((*ADD, "--at", AT, "--leads", "5"), "Chỉ nhắc trước được"),
        ((*ADD, "--at", AT, "--leads", "một"), "Không hiểu các lần nhắc"),
        ((*ADD, "--at", AT, "--audience", "party"), "không có ai là đảng viên"),
        ((*ADD, "--at", AT, "--kind", "picnic"), "--kind không nhận"),
        (
            (*ADD, "--at", AT, "--rule", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
            "không bao giờ có buổi nào",
        ),
        (
            (*ADD, "--at", AT, "--rule", "RRULE:FREQ=MONTHLY;BYDAY=2MO"),
            f"ngày đúng gần nhất là {SECOND:%d/%m/%Y}",
        ),
        (("meeting", "show", "9"), "Không có buổi họp số 9"),
        (("meeting", "move", "9", "--at", AT), "Không có buổi họp số 9"),
    ],
)
def test_mistakes_are_one_line(branch: Caunoi, words: tuple[str, ...], said: str) -> None:
    assert said in branch(*words).refusal()


def test_who_is_invited_elsewhere_is_said(branch: Caunoi) -> None:
    branch(*ADD, "--at", AT)
    said = branch(*ADD, "--at", typed(JANUARY, "09:30")).out
    assert f"1 người đã được mời “Họp tổ” lúc 08:30 {JANUARY:%d/%m/%Y}" in said
