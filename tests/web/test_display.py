"""The page for the wall, and where its QR code leads."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
import segno
from sqlalchemy import select

from bot.web.display import _BURST, qr
from handlers.attendance import codes, rules, showing
from handlers.kit.sittings import Sitting
from storage import attendance, check_ins, members
from storage.schema.meetings import check_in_display, meeting_attendance
from tests.attendance.holding import SECRET, TITLE, code_of, hold, person
from tests.people import CHAIR, PEOPLE, WORKER
from tests.web.house import Browser, House
from tests.world import World

TOKEN = "0f" * 16


async def show(world: World, sitting: Sitting, token: str = TOKEN) -> None:
    """As the officer's button does."""
    officer = await person(world, CHAIR)
    async with world.database.write() as tx:
        await check_ins.open_display(
            tx,
            showing.token_hash(token),
            sitting.id,
            by=officer.id,
            now=world.clock.now(),
            expires_at=rules.closes_at(sitting.date),
        )


@pytest.fixture
async def sitting(branch_world: World) -> Sitting:
    [held] = await hold(branch_world)
    await show(branch_world, held)
    return held


async def test_the_page_shows_the_code_and_figures_and_nobodys_name(
    branch_world: World, public: House, sitting: Sitting
) -> None:
    member = await person(branch_world, WORKER)
    async with branch_world.database.write() as tx:
        await attendance.enter(
            tx, sitting.id, member.id, attendance.How.CODE, by=None, now=public.clock.now()
        )
    async with public.browser() as browser:
        page = await browser.get(f"/man-hinh/{TOKEN}")
        now = await browser.get(f"/man-hinh/{TOKEN}/now")
    assert (page.status, now.status) == (200, 200)
    assert TITLE in page.text
    assert page.headers["cache-control"] == now.headers["cache-control"] == "no-store"
    code = code_of(branch_world, sitting)
    assert now.json == {
        "window": "open",
        "code": f"{code[:3]} {code[3:]}",
        "left": 30,
        "qr": qr(code),
        "present": 1,
        "invited": 10,
    }
    for _, name, *_ in PEOPLE:
        assert name not in page.text + now.text


async def test_the_code_on_the_wall_changes_with_the_clock(public: House, sitting: Sitting) -> None:
    async with public.browser() as browser:
        before = (await browser.get(f"/man-hinh/{TOKEN}/now")).json
        public.clock.forward(seconds=29)
        same = (await browser.get(f"/man-hinh/{TOKEN}/now")).json
        public.clock.forward(seconds=1)
        after = (await browser.get(f"/man-hinh/{TOKEN}/now")).json
    assert (same["code"], same["left"]) == (before["code"], 1)
    assert after["code"] != before["code"]
    assert after["code"] == codes.shown(codes.code_at(SECRET, sitting.id, public.clock.now()))


def test_the_qr_code_is_the_link_that_opens_the_check_in() -> None:
    """Nothing here reads QR codes: it is compared with what the library draws for the link elsewhere."""
    link = "https://chi-nhanh.example/diem-danh/482193"
    drawn = re.search(
        r' d="([^"]*)"/>$', _path(segno.make(link, error="m", micro=False).svg_inline(border=4))
    )
    shown = unquote(qr(link)).replace("'", '"')
    assert drawn is not None
    assert drawn[1] in shown
    assert drawn[1] not in unquote(qr(link.replace("3", "4"))).replace("'", '"')


def _path(svg: str) -> str:
    return svg[svg.index("<path") : svg.rindex("</svg>")]


async def test_the_link_holds_until_check_in_closes(public: House, sitting: Sitting) -> None:
    async with public.browser() as browser:
        public.clock.set(rules.closes_at(sitting.date) - timedelta(seconds=1))
        assert (await browser.get(f"/man-hinh/{TOKEN}")).status == 200
        public.clock.forward(seconds=1)
        for path in (f"/man-hinh/{TOKEN}", f"/man-hinh/{TOKEN}/now"):
            gone = await browser.get(path)
            assert (gone.status, "đã hết dùng" in gone.text) == (404, True)


async def test_the_link_of_somebody_who_is_no_officer_any_more_shows_nothing(
    branch_world: World, public: House
) -> None:
    [sitting] = await hold(branch_world)
    await show(branch_world, sitting)
    officer = await person(branch_world, CHAIR)
    async with branch_world.database.write() as tx:
        await members.change(tx, [{"b_id": officer.id, "is_chair": False, "is_committee": False}])
    async with public.browser() as browser:
        assert (await browser.get(f"/man-hinh/{TOKEN}/now")).status == 404


async def test_a_new_link_ends_the_one_before(branch_world: World, public: House, sitting: Sitting) -> None:
    await show(branch_world, sitting, "ab" * 16)
    async with public.browser() as browser:
        assert (await browser.get(f"/man-hinh/{TOKEN}")).status == 404
        assert (await browser.get(f"/man-hinh/{'ab' * 16}")).status == 200


@pytest.mark.parametrize("token", ["", "x", "0" * 31, "0" * 33, "F" * 32, "0" * 32])
async def test_a_guessed_link_opens_nothing(public: House, sitting: Sitting, token: str) -> None:
    assert sitting.id
    async with public.browser() as browser:
        assert (await browser.get(f"/man-hinh/{token}")).status == 404
        assert (await browser.get(f"/man-hinh/{token}/now")).status == 404


async def test_the_database_does_not_hold_the_link(public: House, sitting: Sitting) -> None:
    assert sitting.id
    async with public.database.read() as tx:
        [row] = await tx.all(select(check_in_display))
    assert TOKEN not in str(tuple(row))
    async with public.browser() as browser:
        assert (await browser.get(f"/man-hinh/{row.token_hash}")).status == 404


async def test_before_check_in_opens_there_is_no_code(branch_world: World, public: House) -> None:
    [early] = await hold(branch_world, begins_in=31)
    await show(branch_world, early)
    async with public.browser() as browser:
        now = (await browser.get(f"/man-hinh/{TOKEN}/now")).json
        assert (now["window"], now["code"].strip(), now["qr"]) == ("early", "", "")
        public.clock.forward(minutes=1)
        assert (await browser.get(f"/man-hinh/{TOKEN}/now")).json["window"] == "open"


async def test_after_closing_there_is_no_code(branch_world: World, public: House, sitting: Sitting) -> None:
    async with branch_world.database.write() as tx:
        await attendance.close(tx, sitting.id, public.clock.now())
    async with public.browser() as browser:
        now = (await browser.get(f"/man-hinh/{TOKEN}/now")).json
    assert (now["window"], now["code"].strip(), now["qr"]) == ("closed", "", "")


async def test_a_page_that_asks_too_often_is_slowed_down(public: House, sitting: Sitting) -> None:
    assert sitting.id
    async with public.browser() as browser:
        for _ in range(_BURST):
            assert (await browser.get(f"/man-hinh/{TOKEN}/now")).status == 200
        assert (await browser.get(f"/man-hinh/{TOKEN}/now")).status == 429
        public.clock.forward(seconds=5)
        assert (await browser.get(f"/man-hinh/{TOKEN}/now")).status == 200


# Where the QR code leads.


async def test_a_scanned_code_is_said_in_the_chat_of_whoever_is_known(
    branch_world: World, demo: House, ha: Browser, sitting: Sitting
) -> None:
    code = code_of(branch_world, sitting)
    page = await ha.get(f"/diem-danh/{code}")
    assert "Đặng Thu Hà" in page.text
    async with demo.database.read() as tx:
        assert await tx.all(select(meeting_attendance)) == []
    answer = await ha.post("/diem-danh", data={"csrf": ha.csrf, "code": code})
    await demo.delivery.settle()
    assert answer.path == "/chat"
    assert any("Đã ghi nhận" in str(each.html) for each in await demo.transcript(ha))
    async with demo.database.read() as tx:
        [row] = await tx.all(select(meeting_attendance))
    assert row.member_id == await demo.member_id(WORKER)


async def test_a_stranger_is_shown_the_way_in(branch_world: World, public: House, sitting: Sitting) -> None:
    async with public.browser() as browser:
        page = await browser.get(f"/diem-danh/{code_of(branch_world, sitting)}")
        assert "mã mời" in page.text
        assert "Telegram" not in page.text
        assert (await browser.post("/diem-danh", data={"code": "482193"})).status == 401


async def test_where_there_is_a_bot_it_is_offered_too(
    branch_world: World, public: House, sitting: Sitting
) -> None:
    public.telegram_name = "double_bot"
    code = code_of(branch_world, sitting)
    link = f"https://t.me/double_bot?start=dd-{code}"
    async with public.browser() as browser:
        assert link in (await browser.get(f"/diem-danh/{code}")).text
        assert (await browser.get(f"/man-hinh/{TOKEN}/now")).json["qr"] == qr(link)


async def test_checking_in_needs_the_page(
    branch_world: World, demo: House, ha: Browser, sitting: Sitting
) -> None:
    code = code_of(branch_world, sitting)
    assert (await ha.post("/diem-danh", data={"csrf": "0" * 64, "code": code})).status == 403
    assert (await ha.post("/diem-danh", data={"csrf": ha.csrf, "code": "48219"})).status == 400
    async with demo.database.read() as tx:
        assert await tx.all(select(meeting_attendance)) == []


@pytest.mark.parametrize("code", ["48219", "4821930", "x", "٤٨٢١٩٣"])
async def test_what_is_no_code_has_no_page(public: House, code: str) -> None:
    async with public.browser() as browser:
        assert (await browser.get(f"/diem-danh/{code}")).status == 404


async def test_checking_in_again_and_again_is_slowed_down(
    branch_world: World, ha: Browser, sitting: Sitting
) -> None:
    data = {"csrf": ha.csrf, "code": code_of(branch_world, sitting)}
    for _ in range(10):
        assert (await ha.post("/diem-danh", data=data, allow_redirects=False)).status == 303
    assert (await ha.post("/diem-danh", data=data)).status == 429
