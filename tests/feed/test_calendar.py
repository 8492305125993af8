"""The file itself: what RFC 5545 asks for, and that nothing in a title gets out of its line."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.feed.model import Day
from tests.feed.series import CHANGED, MADE, cancelled, days_of, feed, meeting, moved, parsed, series, written

FIRST = datetime(2026, 3, 2, 8, 30)  # noqa: DTZ001 - on the wall
WEEKLY = "RRULE:FREQ=WEEKLY;BYDAY=MO"
LONG = "Hội nghị người lao động của Công đoàn cơ sở Chi nhánh; bàn về ca, kíp, và bữa ăn giữa ca " * 3
_NAME = re.compile(r"[A-Z-]+(;[A-Z-]+=[^:;]+)*:")


def lines(text: str) -> list[str]:
    """Unfolded, as RFC 5545 has it."""
    assert text.endswith("\r\n")
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def components(text: str, name: str) -> list[dict[str, str]]:
    """Properties by name with their parameters, of each component of that name, alarms left out."""
    found: list[dict[str, str]] = []
    inside: list[str] = []
    for line in lines(text):
        key, _, value = line.partition(":")
        if key == "BEGIN":
            inside.append(value)
            if value == name:
                found.append({})
        elif key == "END":
            assert inside.pop() == value
        elif inside[-1] == name:
            found[-1][key.partition(";")[0]] = line
    assert not inside
    return found


def test_the_calendar_says_what_it_is_and_whose() -> None:
    [calendar] = components(written(feed(name="Lịch Công đoàn, Chi nhánh")), "VCALENDAR")
    assert calendar["VERSION"] == "VERSION:2.0"
    assert calendar["PRODID"].startswith("PRODID:-//")
    assert calendar["CALSCALE"] == "CALSCALE:GREGORIAN"
    assert calendar["X-WR-CALNAME"] == r"X-WR-CALNAME:Lịch Công đoàn\, Chi nhánh"
    assert calendar["REFRESH-INTERVAL"] == "REFRESH-INTERVAL;VALUE=DURATION:PT4H"


def test_an_empty_calendar_is_one_too() -> None:
    assert parsed(written(feed())).events == []


def test_every_entry_has_what_it_needs_and_an_identity_of_its_own() -> None:
    of = moved(cancelled(series(meeting(WEEKLY, FIRST), 5), 1), 2, timedelta(hours=1))
    other = series(meeting(None, FIRST, uid="hop-2"))
    text = written(feed(of, other, days=[Day("a", date(2026, 3, 8), "8/3"), Day("b", date(2026, 3, 8), "x")]))
    entries = components(text, "VEVENT")
    assert len(entries) == 5
    for each in entries:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} <= set(each)
    identities = [(each["UID"], each.get("RECURRENCE-ID")) for each in entries]
    assert len(set(identities)) == len(identities)
    assert all(uid.endswith("@t3st.caunoi") for uid, _ in identities)


def test_two_branches_have_no_identity_in_common() -> None:
    of = feed(series(meeting(WEEKLY, FIRST)), days=[Day("a", date(2026, 3, 8), "8/3")])
    here = {each["UID"] for each in components(written(of), "VEVENT")}
    there = {each["UID"] for each in components(written(replace(of, tag="else")), "VEVENT")}
    assert len(here) == len(there) == 2
    assert here.isdisjoint(there)


def test_times_carry_a_zone_that_is_described() -> None:
    text = written(
        feed(series(meeting(WEEKLY, FIRST)), series(meeting(None, FIRST, "Europe/Berlin", uid="b")))
    )
    zones = [each["TZID"] for each in components(text, "VTIMEZONE")]
    assert zones == ["TZID:Asia/Ho_Chi_Minh", "TZID:Europe/Berlin"]
    assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20260302T083000" in lines(text)
    assert "DTSTART;TZID=Europe/Berlin:20260302T083000" in lines(text)


def test_a_change_is_counted_and_dated_and_nothing_else_is() -> None:
    of = series(meeting(WEEKLY, FIRST, sequence=2), 5)
    [before] = components(written(feed(of)), "VEVENT")
    assert before["SEQUENCE"] == "SEQUENCE:2"
    assert before["DTSTAMP"] == f"DTSTAMP:{MADE:%Y%m%dT%H%M%SZ}"
    after = components(written(feed(moved(cancelled(of, 1), 2, timedelta(hours=1)))), "VEVENT")
    assert {each["SEQUENCE"] for each in after} == {"SEQUENCE:4"}
    assert {each["LAST-MODIFIED"] for each in after} == {f"LAST-MODIFIED:{CHANGED:%Y%m%dT%H%M%SZ}"}
    # That more dates were planned is no change.
    [planned] = components(written(feed(series(of.meeting, 9))), "VEVENT")
    assert planned == before


def test_a_cancelled_date_is_left_out_and_a_moved_one_names_its_place_in_the_series() -> None:
    of = moved(cancelled(series(meeting(WEEKLY, FIRST), 5), 1), 2, timedelta(hours=1), note="Trùng lịch")
    whole, part = components(written(feed(of)), "VEVENT")
    assert whole["RRULE"] == "RRULE:FREQ=WEEKLY;BYDAY=MO"
    assert whole["EXDATE"] == "EXDATE;TZID=Asia/Ho_Chi_Minh:20260309T083000"
    assert part["RECURRENCE-ID"] == "RECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20260316T083000"
    assert part["DTSTART"] == "DTSTART;TZID=Asia/Ho_Chi_Minh:20260316T093000"
    assert part["DESCRIPTION"] == "DESCRIPTION:Trùng lịch"


def test_a_series_by_the_moon_names_its_dates() -> None:
    of = series(meeting("LUNAR:MONTHLY;DAY=15", datetime(2026, 3, 3, 18, 0)), 3)  # noqa: DTZ001
    [whole] = components(written(feed(of)), "VEVENT")
    assert "RRULE" not in whole
    assert whole["RDATE"] == ("RDATE;TZID=Asia/Ho_Chi_Minh:20260303T180000,20260402T180000,20260501T180000")


def test_a_meeting_online_has_its_link_where_telephones_look_for_it() -> None:
    online = series(meeting(None, FIRST, place="Zoom: https://zoom.example/j/1?p=a,b."))
    [event] = parsed(written(feed(online))).events
    assert event.location == "Zoom: https://zoom.example/j/1?p=a,b."
    assert str(event.url) == "https://zoom.example/j/1?p=a,b"
    [event] = parsed(written(feed(series(meeting(None, FIRST))))).events
    assert event.url is None


@pytest.mark.parametrize(("own", "minutes"), [(None, [1440, 60]), ((30,), [30]), ((), [])])
def test_alarms_are_the_meetings_unless_one_has_ones_own(
    own: tuple[int, ...] | None, minutes: list[int]
) -> None:
    of = moved(series(meeting(WEEKLY, FIRST), 3), 1, timedelta(hours=1))
    for event in parsed(written(feed(of, leads=own))).events:
        assert [each.trigger for each in event.alarm] == [timedelta(minutes=-each) for each in minutes]
        assert all(each.action == "DISPLAY" and each.description for each in event.alarm)


def test_whole_days_have_no_time_and_make_nobody_busy() -> None:
    text = written(feed(days=[Day("a", date(2026, 2, 17), "Tết Nguyên Đán", "Ngày 1/1 âm lịch.")]))
    [day] = components(text, "VEVENT")
    assert (day["DTSTART"], day["DTEND"]) == ("DTSTART;VALUE=DATE:20260217", "DTEND;VALUE=DATE:20260218")
    assert day["TRANSP"] == "TRANSP:TRANSPARENT"
    assert days_of(parsed(text)) == {date(2026, 2, 17): "Tết Nguyên Đán"}


def test_long_lines_are_folded_between_letters() -> None:
    text = written(feed(series(meeting(WEEKLY, FIRST, title=LONG, agenda=LONG, place=LONG))))
    for line in text.encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    [event] = parsed(text).events
    assert event.summary == LONG.strip()


def test_the_same_feed_is_the_same_file() -> None:
    zones = ("Europe/Berlin", "Asia/Ho_Chi_Minh", "America/New_York", "Asia/Tokyo", "Australia/Sydney")
    meetings = [series(meeting(WEEKLY, FIRST, zone, uid=zone)) for zone in zones]
    assert len({written(feed(*meetings)) for _ in range(3)}) == 1


@pytest.mark.parametrize(
    "title",
    [
        "Họp\r\nATTENDEE:mailto:a@b.example",
        "Họp\nEND:VEVENT\nBEGIN:VEVENT",
        "Họp\rX-A:1",
        "Họp\x0bX-A:1",
        "Họp\x0cX-A:1",
        "Họp\x85X-A:1",
        "Họp\u2028X-A:1",
        "Họp\x00X",
        r"a\nb\,c;d,e:f\\",
        '"Họp"',
    ],
)
def test_no_title_gets_out_of_its_line(title: str) -> None:
    of = series(meeting(None, FIRST, title=title, place=title, agenda=title))
    text = written(feed(of, days=[Day("a", date(2026, 3, 8), title, title)], name=title))
    plain = written(
        feed(series(meeting(None, FIRST, agenda="x")), days=[Day("a", date(2026, 3, 8), "x", "x")])
    )
    names = [_NAME.match(each) for each in lines(text)]
    assert [each and each[0] for each in names] == [
        each and each[0] for each in map(_NAME.match, lines(plain))
    ]
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x85\u2028\u2029]", text)


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=120))
def test_any_words_come_out_as_they_went_in(words: str) -> None:
    of = series(meeting(None, FIRST, title=f"a{words}b", agenda=f"a{words}b", place=f"a{words}b"))
    text = written(feed(of))
    [event] = parsed(text).events
    [raw] = components(text, "VEVENT")
    assert event.summary == event.location
    assert "\n" not in (event.summary or "\n")
    assert {"UID", "SUMMARY", "LOCATION", "DESCRIPTION", "DTSTART", "DTEND"} <= set(raw)
    assert all(len(line) <= 75 for line in text.encode().split(b"\r\n"))
