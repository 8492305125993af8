"""The desk when something is broken off, or done in two places: nothing is lost, and nothing goes unseen."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest
from playwright.async_api import Route, expect

from handlers.concerns import following
from handlers.concerns.receipts import Receipt
from handlers.concerns.rules import DraftFile
from storage.concerns import cases
from tests.concerns.place import Place, draft
from tests.people import CHAIR, COMMITTEE
from tests.web.deskpage import OTHER_PASSPHRASE, Desk, desk_of
from tests.web.house import House

pytestmark = pytest.mark.browser
FAN = "Quạt ở xưởng hai hỏng đã một tháng."
HOT = "Xưởng hai nóng như lò."
FILE = DraftFile("tep-1.txt", "text/plain", b"a list")
REFUSED = {"problem": "Chưa được.", "reason": "lost"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def chair_page(office: House) -> AsyncIterator[Desk]:
    async with desk_of(office, CHAIR) as desk:
        await desk.enter()
        await desk.make_key()
        await desk.is_in()
        yield desk


async def _say(place: Place, text: str, *files: DraftFile) -> Receipt:
    return (await place.submit(replace(draft(place.world, text), files=files))).receipt


async def _again(desk: Desk) -> None:
    await desk.lock()
    await desk.unlock()
    await desk.is_in()


async def test_sealing_anew_that_was_broken_off_is_offered_to_whoever_comes_next(
    office: House, place: Place, chair_page: Desk
) -> None:
    desk = chair_page
    await _say(place, FAN, FILE)
    await _again(desk)
    async with desk_of(office, COMMITTEE) as other:
        await other.enter()
        await other.make_key(OTHER_PASSPHRASE)
        await other.heading("Chờ duyệt khoá")
    seen = []

    async def only_the_first(route: Route) -> None:
        seen.append(route)
        await (route.continue_() if len(seen) == 1 else route.fulfill(status=503, json=REFUSED))

    desk.expected = {503}
    await desk.page.route("**/desk/api/reseal*", only_the_first)
    await desk.turn_to("Người đọc", "Người đọc kiến nghị")
    await desk.press("Duyệt")
    await desk.confirm("Dấu nhận khớp, duyệt")
    await desk.sees("Chưa được.")
    await desk.page.unroute("**/desk/api/reseal*")
    await _again(desk)
    await desk.sees("1 nội dung chưa được niêm")
    await desk.press("Niêm tiếp")
    await desk.sees("Xong: đã niêm lại 1 nội dung")


async def test_a_key_that_could_not_be_kept_says_so_on_the_keys_page(chair_page: Desk) -> None:
    desk = chair_page
    desk.expected = {503}

    async def refuse(route: Route) -> None:
        is_post = route.request.method == "POST"
        await (route.fulfill(status=503, json=REFUSED) if is_post else route.continue_())

    await desk.page.route("**/desk/api/readers**", refuse)
    await desk.turn_to("Khoá", "Khoá của tôi")
    await desk.page.get_by_role("button", name="Thay khoá mới").click()
    await desk.make_key(OTHER_PASSPHRASE)
    await desk.heading("Khoá của tôi")
    await desk.sees("Chưa được.")


async def test_what_is_written_in_one_tab_outlives_the_lock_of_another(
    office: House, place: Place, chair_page: Desk
) -> None:
    desk = chair_page
    await _say(place, FAN)
    await _again(desk)
    other = Desk(office, desk.browser, await desk.context.new_page(), CHAIR)
    await other.page.goto("/desk")
    await other.unlock()
    await other.is_in()
    await desk.open_case("Quạt")
    await desk.page.get_by_label("Nội dung").fill("Bản nháp còn dở.")
    await desk.lock()
    await other.lock()
    await desk.unlock()
    await desk.open_case("Quạt")
    await expect(desk.page.get_by_label("Nội dung")).to_have_value("Bản nháp còn dở.")


async def test_what_is_under_way_and_was_left_alone_is_seen_in_the_list(
    place: Place, chair_page: Desk
) -> None:
    desk = chair_page
    fan, hot = await _say(place, FAN), await _say(place, HOT)
    await _set(place, fan, date(2026, 2, 2))
    await _set(place, hot, date(2026, 1, 26))
    await _again(desk)
    await desk.page.get_by_label("Quá hạn").check()
    await expect(desk.page.locator(".row")).to_have_count(1)
    await expect(desk.page.locator(".row", has_text="Xưởng hai").locator(".alarm")).to_be_visible()


async def _set(place: Place, receipt: Receipt, week: date) -> None:
    """Answered, asked again, and quiet since that week."""
    async with place.database.write() as tx:
        case = await place.case_of(receipt)
        await cases.change(tx, case, state="in_progress", first_answer_week=week, last_week=week)


async def test_a_reply_to_a_merged_case_is_seen_in_the_list(place: Place, chair_page: Desk) -> None:
    desk = chair_page
    fan, hot = await _say(place, FAN), await _say(place, HOT)
    main, merged = await place.case_of(fan), await place.case_of(hot)
    async with place.database.write() as tx:
        assert await cases.change(tx, merged, merged_into=main.id)
    await following.write_again(await place.context(), place.room, merged.id, bytes(16), "Vẫn nóng.")
    await _again(desk)
    await desk.page.get_by_label("Có thư mới").check()
    await expect(desk.page.locator(".row", has_text="Quạt").locator(".news")).to_be_visible()
