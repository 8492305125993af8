"""Meetings: how one is called, who comes, and how people check in."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Browser, ViewportSize

from bot.cli.output import texts
from tools.handbook.album import Album
from tools.handbook.announcing import IN_GROUP, Phones
from tools.handbook.officers import GROUP
from tools.handbook.phone import Phone

TITLE, PLACE = "Chuẩn bị hội thao", "Phòng họp tầng 3"
# Members of `GROUP`.
COMING = ("Thái Bá Lộc", "Trần Lê Uyên", "Phan Thị Xuân")
ABSENT = "Nguyễn Khắc Vinh"
# Somebody who is invited to the meeting where people are checking in as the demo begins.
AT_MEETING = "Huỳnh Ngọc Trâm"
_DAYS_AHEAD = timedelta(days=4)
_CODE = re.compile(r"\b\d{3} \d{3}\b")
_LINK = re.compile(r"http\S+")
# A projector's screen, in a picture of half the size.
_WALL, _SCALE = ViewportSize(width=1280, height=720), 0.5


def call(chair: Phone, phones: Phones, album: Album, now: datetime) -> None:
    """For a group; some of it answer. `now` is local."""
    day = f"{now + _DAYS_AHEAD:%d/%m}"
    chair.says("/hop").taps("meetings/new").taps("meetings/kind_other").says(TITLE)
    chair.says(f"8h30-10h {day}").says(PLACE).taps("audience/for_group").picks(GROUP)
    album.keep("xem-lai-cuoc-hop", chair.message())
    chair.taps("meetings/change_repeat")
    album.keep("hop-lap-lai", chair.message())
    chair.taps("meetings/to_review").taps("meetings/create", number=IN_GROUP)
    album.keep("moi-hop", phones(COMING[0]).finds(TITLE).message())
    for name in COMING:
        phones(name).finds(TITLE).taps("meetings/coming")
    phones(ABSENT).finds(TITLE).taps("meetings/absent").taps("meetings/reason_trip")
    chair.says("/hop").picks(f"{day} {TITLE}")
    album.keep("mot-cuoc-hop", chair.message())
    chair.taps("meetings/list_coming", number=len(COMING))
    album.keep("ai-du-hop", chair.message())


def check_in(chair: Phone, phones: Phones, album: Album, browser: Browser) -> None:
    """What the chair shows, and what whoever types it is told."""
    chair.says("/diemdanh").taps("attend/to_list", title=texts().label("meetings/title_study"))
    album.keep("danh-sach-diem-danh", chair.message())
    chair.taps("attend/code")
    album.keep("ma-diem-danh", chair.message())
    code = _CODE.search(chair.reads())
    link = _LINK.search(chair.taps("attend/make_display").reads())
    if code is None or link is None:
        raise LookupError("the code or its page isn't shown")
    album.keep("da-diem-danh", phones(AT_MEETING).says(code.group()).message())
    album.keep("man-hinh", _wall(browser, link.group()))


def _wall(browser: Browser, address: str) -> bytes:
    page = browser.new_page(viewport=_WALL, device_scale_factor=_SCALE, locale="vi-VN")
    page.goto(address)
    page.get_by_text(_CODE).wait_for()
    picture = page.screenshot(animations="disabled")
    page.close()
    return picture
