"""Sealing anew at the page: it goes on where it was broken off, and the page stays open while it runs."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Route, expect

from handlers.concerns import following
from tests.concerns.place import Place, draft
from tests.people import CHAIR, COMMITTEE
from tests.web.desk import change_roster
from tests.web.deskpage import OTHER_PASSPHRASE, Desk, desk_of
from tests.web.house import House

pytestmark = pytest.mark.browser
FAN = "Quạt ở xưởng hai hỏng đã một tháng."
REFUSED = {"problem": "Chưa được.", "reason": "lost"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def pages(office: House) -> AsyncIterator[tuple[Desk, Desk]]:
    """The chair reads; a colleague waits to be let in."""
    async with AsyncExitStack() as stack:
        chair = await stack.enter_async_context(desk_of(office, CHAIR))
        await chair.enter()
        await chair.page.clock.install()
        await chair.page.reload()
        await chair.make_key()
        await chair.is_in()
        other = await stack.enter_async_context(desk_of(office, COMMITTEE))
        await other.enter()
        await other.make_key(OTHER_PASSPHRASE)
        await other.heading("Chờ duyệt khoá")
        yield chair, other


async def _let_in(desk: Desk) -> None:
    await desk.turn_to("Người đọc", "Người đọc kiến nghị")
    await desk.press("Duyệt")
    await desk.confirm("Dấu nhận khớp, duyệt")


async def _remove(desk: Desk, name: str) -> None:
    await desk.page.locator(".reader", has_text=name).get_by_role("button", name="Gỡ khoá").click()
    await desk.confirm("Gỡ khoá")


async def test_who_was_let_in_cannot_remove_the_one_on_whose_key_all_hangs(
    place: Place, pages: tuple[Desk, Desk]
) -> None:
    chair, other = pages
    await place.submit(draft(place.world, FAN))
    chair.expected = {503}

    async def refuse(route: Route) -> None:
        await route.fulfill(status=503, json=REFUSED)

    await chair.page.route("**/desk/api/reseal*", refuse)
    await _let_in(chair)
    await chair.sees("Chưa được.")
    await other.press("Xem đã được duyệt chưa")
    await other.is_in()
    other.expected = {409}
    await other.turn_to("Người đọc", "Người đọc kiến nghị")
    await _remove(other, "Nguyễn Thị Ánh")
    await other.sees("Còn 1 nội dung chỉ khoá của Nguyễn Thị Ánh mở được")
    # Who holds the key is told to seal, not asked to give up.
    chair.expected = {503, 409}
    await _remove(chair, "Nguyễn Thị Ánh")
    await chair.sees("bấm “Niêm tiếp” trước")
    await expect(chair.page.get_by_role("dialog")).to_have_count(0)
    await chair.page.unroute("**/desk/api/reseal*")
    await chair.press("Niêm tiếp")
    await chair.sees("Xong: đã niêm lại 1 nội dung")
    await _remove(other, "Nguyễn Thị Ánh")
    await other.sees("Xong: đã niêm lại 1 nội dung")
    await expect(other.page.locator(".reader")).to_have_count(1)


async def test_the_page_stays_open_while_it_seals_anew_and_locks_afterwards(
    place: Place, pages: tuple[Desk, Desk]
) -> None:
    chair, _other = pages
    for _ in range(3):
        await place.submit(draft(place.world, FAN))
    seen = 0

    async def slowly(route: Route) -> None:
        """Each piece takes as long as makes the page lock itself otherwise, nearly."""
        nonlocal seen
        seen += 1
        await chair.page.clock.fast_forward("09:50")
        await route.continue_()

    # A piece for each.
    await chair.page.route("**/desk/resealing.js*", _one_at_a_time)
    await chair.page.reload()
    await chair.unlock()
    await chair.is_in()
    await chair.page.route("**/desk/api/reseal*", slowly)
    await _let_in(chair)
    await chair.sees("Xong: đã niêm lại 3 nội dung")
    assert seen == 3
    await chair.page.clock.fast_forward("10:10")
    await chair.heading("Mở khoá")


async def _one_at_a_time(route: Route) -> None:
    answer = await route.fetch()
    text = (await answer.text()).replace("const PIECE = 400;", "const PIECE = 1;")
    assert "PIECE = 1;" in text
    await route.fulfill(response=answer, body=text)


async def test_what_a_lock_broke_off_goes_on_with_the_rest(place: Place, pages: tuple[Desk, Desk]) -> None:
    chair, _other = pages
    for _ in range(3):
        await place.submit(draft(place.world, FAN))
    await chair.page.route("**/desk/resealing.js*", _one_at_a_time)
    await chair.page.reload()
    await chair.unlock()
    await chair.is_in()
    seen = 0

    async def sleeps(route: Route) -> None:
        """The computer sleeps after the first piece."""
        nonlocal seen
        seen += 1
        if seen == 2:
            await chair.page.clock.fast_forward("11:00")
        await route.continue_()

    await chair.page.route("**/desk/api/reseal*", sleeps)
    await _let_in(chair)
    await chair.heading("Mở khoá")
    await chair.page.unroute("**/desk/api/reseal*")
    await chair.unlock()
    await chair.press("Niêm tiếp")
    done = chair.page.get_by_text("Xong: đã niêm lại")
    await expect(done).to_be_visible()
    assert await done.inner_text() in {f"Xong: đã niêm lại {rest} nội dung." for rest in (1, 2)}
    await expect(chair.page.get_by_role("button", name="Niêm tiếp")).to_be_hidden()


async def test_who_lost_their_role_is_shown_and_can_be_removed(
    office: House, place: Place, pages: tuple[Desk, Desk]
) -> None:
    chair, other = pages
    done = await place.submit(draft(place.world, FAN))
    await _let_in(chair)
    await chair.sees("Xong: đã niêm lại 1 nội dung")
    await other.page.close()
    case = await place.case_of(done.receipt)
    await chair.turn_to("Kiến nghị", "Kiến nghị")
    await chair.page.locator(".row").first.click()
    await chair.page.get_by_label("Người phụ trách").select_option(label="Trần Văn Bình")
    await expect(chair.page.locator(".list-pane .badge.person")).to_have_text("Trần Văn Bình")
    await change_roster(office, COMMITTEE, is_committee=False)
    await chair.lock()
    await chair.unlock()
    await chair.sees("Trần Văn Bình không còn vai trò được đọc kiến nghị")
    # Nobody has what was given to who may not read any more.
    await expect(chair.page.locator(".list-pane .badge.person")).to_be_hidden()
    await chair.press("Niêm tiếp")
    await chair.sees("Xong: đã niêm lại 1 nội dung")
    await chair.turn_to("Người đọc", "Người đọc kiến nghị")
    left = chair.page.locator(".reader", has_text="Trần Văn Bình")
    await expect(left.get_by_text("Không còn vai trò được đọc")).to_be_visible()
    await expect(left.get_by_text("Đang đọc")).to_be_hidden()
    await _remove(chair, "Trần Văn Bình")
    await expect(chair.page.locator(".reader")).to_have_count(1)
    await expect(chair.page.locator("[data-part=lapsed]")).to_be_hidden()
    assert (await place.case_of(done.receipt)).assigned_to is None
    # Something new of a case that was read stands out in the list.
    ctx = await place.context()
    await following.write_again(ctx, place.room, case.id, bytes(16), "Vẫn nóng.")
    await chair.lock()
    await chair.unlock()
    await expect(chair.page.locator(".row .news")).to_be_visible()
