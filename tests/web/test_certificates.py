"""The page that a certificate's QR code leads to."""

import pytest

from bot.web import certificates as pages
from bot.web.site import WebSettings
from handlers.certificates import actions, tokens
from storage import certificates
from storage.certificates import Certificate
from tests.certificates.passing import have_passed, id_of
from tests.people import CHAIR, WORKER
from tests.study.course import Course, publish
from tests.web.conftest import ZONE
from tests.web.house import Answer, House
from tests.world import World

UNKNOWN = "Không có giấy chứng nhận nào ứng với mã này"


@pytest.fixture
async def course(branch_world: World) -> Course:
    return await publish(branch_world)


async def issue(course: Course, code: str) -> Certificate:
    await have_passed(course, code)
    async with course.world.database.write() as tx:
        [passed] = await certificates.passed_by(tx, await id_of(tx, code))
        return await actions.issue(course.world.work(tx), passed)


async def get(house: House, token: str) -> Answer:
    async with house.browser() as browser:
        return await browser.get(f"/gcn/{token}")


async def test_the_page_tells_what_stands_on_the_paper_and_nothing_else(
    public: House, course: Course
) -> None:
    found = await issue(course, WORKER)
    page = await get(public, tokens.shown(found.token))
    assert page.status == 200
    for words in (
        "Đặng Thu Hà",
        "An toàn &",
        "số 12-NQ/CĐ ngày 05/01/2026",
        "02/03/2026",
        "1/GCN-CĐCS",
        "Công đoàn Chi nhánh Thử nghiệm",
        "Còn hiệu lực",
    ):
        assert words in page.text
    for hidden in (WORKER, "Tổ Hành chính", "100", found.token, "set-cookie"):
        assert hidden not in page.text + str(page.headers)
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_a_revoked_one_says_that_it_holds_no_more_and_not_why(public: House, course: Course) -> None:
    found = await issue(course, WORKER)
    async with course.world.database.write() as tx:
        await actions.revoke(course.world.work(tx), found.number, "Người khác làm hộ")
    page = await get(public, found.token)
    assert page.status == 200
    assert "Không còn hiệu lực" in page.text
    assert "Còn hiệu lực" not in page.text
    assert "làm hộ" not in page.text


async def test_whatever_leads_to_none_gets_one_answer(public: House, course: Course) -> None:
    gone = await issue(course, WORKER)
    theirs = (await issue(course, CHAIR)).token
    async with course.world.database.write() as tx:
        await certificates.forget(tx, await id_of(tx, WORKER))
    mangled = ("nope", "%00", "%ff%fe", "a/b", "..%2f", "<b>", "x" * 4000, "2" * 28)
    wrong = (gone.token, theirs[:-1], f"{theirs}2", *mangled)
    answers = [await get(public, each) for each in wrong]
    assert {each.status for each in answers} == {404}
    assert len({each.text for each in answers}) == 1
    assert UNKNOWN in answers[0].text


async def test_guessing_is_slowed(
    branch_world: World, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_BURST", 3)
    found = await issue(course, WORKER)
    settings = WebSettings(demo=False, public_url="", timezone=ZONE)
    async with House(branch_world).opened(settings) as house, house.browser() as browser:
        answers = [await browser.get("/gcn/nope") for _ in range(3)]
        assert {each.status for each in answers} == {404}
        stopped = await browser.get(f"/gcn/{found.token}")
        assert stopped.status == 429
        assert "Giấy vẫn còn nguyên" in stopped.text
        house.clock.forward(seconds=1)
        assert (await browser.get(f"/gcn/{found.token}")).status == 200
