import asyncio

import pytest
from sqlalchemy import func, select

from bot.system import spawn
from bot.web.entry import _PEER_BURST
from handlers.kit import invitations
from handlers.kit.incoming import Incoming
from storage import accounts
from storage.database import StorageUnavailableError
from storage.schema.conversations import web_session
from storage.schema.people import account
from tests.web.house import Browser, House

CODE = "ABCD-EFGH-2345"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The chat's own tests go through the same statements on both kinds of database."""
    return sqlite_url


async def _rows(house: House) -> tuple[int, int]:
    async with house.database.read() as tx:
        return (
            int(await tx.scalar(select(func.count()).select_from(account))),
            int(await tx.scalar(select(func.count()).select_from(web_session))),
        )


async def test_a_code_leads_to_the_chat_where_the_conversation_begins(public: House) -> None:
    async with public.browser() as browser:
        answer = await browser.enter(CODE)
        await public.delivery.settle()
        kept = await public.transcript(browser)
    assert answer.path == "/chat"
    assert "khách, chưa nhập mã mời" in answer.text
    assert kept[0].html == "<p>/start •••</p>"
    assert kept[1].author == "bot"
    assert browser.cookie("caunoi_form") == ""


async def test_an_invitation_links_the_person_and_is_worth_nothing_afterwards(public: House) -> None:
    member_id = await public.member_id("NV06")
    async with public.database.write() as tx:
        (invitation,) = await invitations.issue(tx, public.chance, public.clock.now(), [member_id])
    async with public.browser() as browser:
        await browser.enter(invitation.code)
        async with browser.stream() as page:
            asked = (await page.until("Đặng Thu Hà"))[-1].data
            await browser.presses(asked, "Đồng ý")
            await page.next()
        assert "Đặng Thu Hà" in (await browser.get("/chat")).text
    async with public.browser() as thief:
        await thief.enter(invitation.code)
        await public.delivery.settle()
        answer = (await public.transcript(thief))[-1]
        assert "khách, chưa nhập mã mời" in (await thief.get("/chat")).text
    assert answer.buttons == []
    assert "Đặng Thu Hà" not in answer.html


async def test_looking_at_the_page_with_a_code_uses_nothing_up(public: House) -> None:
    async with public.browser() as browser:
        for path in ("/enter", "/"):
            answer = await browser.get(path, params={"code": CODE})
            assert f'value="{CODE}"' in answer.text
        assert browser.cookie() == ""
    assert await _rows(public) == (0, 0)


async def test_a_code_with_markup_is_shown_as_written(public: House) -> None:
    async with public.browser() as browser:
        answer = await browser.client.get("/enter", params={"code": '"><script>alert(1)</script>'})
        page = await answer.text()
    assert "<script>alert" not in page
    assert "&#34;&gt;&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("code", ["", "abc", "ABCD-EFGH-234O", "ABCD-EFGH-23456", "đ" * 12, "x" * 5000])
async def test_what_is_no_code_makes_no_session(public: House, code: str) -> None:
    async with public.browser() as browser:
        answer = await browser.enter(code[:100])
        assert answer.status == 400
        assert "12 ký tự" in answer.text
        assert browser.cookie() == ""
    assert await _rows(public) == (0, 0)


@pytest.mark.parametrize("csrf", ["", "0" * 64, None])
async def test_a_form_from_elsewhere_keeps_the_code_and_does_nothing(public: House, csrf: str | None) -> None:
    async with public.browser() as browser:
        await browser.get("/enter")
        form = {"code": CODE} if csrf is None else {"code": CODE, "csrf": csrf}
        answer = await browser.post("/enter", data=form)
    assert answer.status == 403
    assert f'value="{CODE}"' in answer.text
    assert "cookie" in answer.text
    assert await _rows(public) == (0, 0)


async def test_without_cookies_the_form_is_refused_with_the_reason(public: House) -> None:
    async with public.browser() as browser:
        await browser.get("/enter")
        browser.client.cookie_jar.clear()
        answer = await browser.post("/enter", data={"code": CODE, "csrf": browser.csrf})
    assert answer.status == 403
    assert "cookie" in answer.text


async def test_whoever_is_not_linked_yet_goes_on_in_the_same_conversation(public: House) -> None:
    async with public.browser() as browser:
        await browser.enter(CODE)
        address, session = await browser.address(), browser.cookie()
        assert (await browser.get("/")).path == "/chat"
        await browser.enter("WXYZ-2345-6789")
        assert (await browser.address(), browser.cookie()) == (address, session)
    assert await _rows(public) == (1, 1)


async def test_the_next_person_on_the_same_telephone_does_not_see_the_first_ones_chat(public: House) -> None:
    async with public.browser() as browser:
        await browser.enter(CODE)
        first = await browser.address()
        async with public.database.write() as tx:
            linked = await accounts.arrive(tx, "web", first, public.clock.now())
            await accounts.link(tx, linked.id, await public.member_id("NV06"), public.clock.now())
        page = await browser.get("/chat")
        assert "Đặng Thu Hà" in page.text
        async with browser.stream() as stream:
            await stream.next()
            await browser.enter("WXYZ-2345-6789")
            await stream.until("đã thoát")
        assert await browser.address() != first
        assert "Đặng Thu Hà" not in (await browser.get("/chat")).text
    assert await _rows(public) == (2, 1)


async def test_trying_too_often_is_slowed_down_and_the_code_stays_good(public: House) -> None:
    async with public.browser() as browser:
        await browser.get("/enter")
        form, cookie = {"csrf": browser.csrf, "code": CODE}, browser.cookie("caunoi_form")
        for _ in range(_PEER_BURST):
            browser.set_cookie(cookie, "caunoi_form")
            assert (await browser.post("/enter", data=form, allow_redirects=False)).status == 303
        browser.set_cookie(cookie, "caunoi_form")
        refused = await browser.post("/enter", data=form)
        public.clock.forward(minutes=1)
        passed = await browser.post("/enter", data=form)
    assert refused.status == 429
    assert "chờ một phút" in refused.text
    assert passed.path == "/chat"


async def test_the_public_has_no_chooser(public: House) -> None:
    async with public.browser() as browser:
        page = await browser.get("/")
        assert "Mã mời" in page.text
        assert "Đặng Thu Hà" not in page.text
        assert (await browser.post("/choose", data={"person": "1"})).status == 404


async def test_the_demo_shows_everybody_under_their_role(demo: House) -> None:
    async with demo.browser() as browser:
        page = (await browser.get("/")).text
    members, leaders, officers = (page.index(f'id="{part}"') for part in ("members", "leaders", "officers"))
    assert members < page.index("Ngô Văn Ước") < leaders
    assert leaders < page.index("Phạm Thị Hoa") < officers
    assert officers < page.index("Nguyễn Thị Ánh")
    # By given name, as Vietnamese lists are.
    assert page.index("Đặng Thu Hà") < page.index("Đỗ Mỹ Linh") < page.index("Hoàng Anh Tuấn")


async def test_choosing_again_comes_back_to_the_same_chat(demo: House, ha: Browser) -> None:
    before = await demo.transcript(ha)
    async with demo.browser() as elsewhere:
        await elsewhere.choose("NV06")
        assert await demo.transcript(elsewhere) == before


@pytest.mark.parametrize("person", ["", "0", "-1", "999999", "9" * 40, "١", "x"])
async def test_nobody_cannot_be_chosen(demo: House, person: str) -> None:
    async with demo.browser() as browser:
        await browser.get("/")
        answer = await browser.post("/choose", data={"csrf": browser.csrf, "person": person})
        assert browser.cookie() == ""
    assert answer.status == 400
    assert "chọn lại" in answer.text


async def test_choosing_needs_the_page(demo: House) -> None:
    async with demo.browser() as browser:
        answer = await browser.post("/choose", data={"person": await demo.member_id("NV06")})
        assert browser.cookie() == ""
    assert answer.status == 403


async def test_leaving_twice_is_no_mistake(ha: Browser) -> None:
    for _ in range(2):
        assert (await ha.post("/logout", data={"csrf": ha.csrf})).path == "/"


async def test_while_nobody_takes_events_the_code_stays_good(public: House) -> None:
    async def refuse(_incoming: Incoming) -> None:
        raise StorageUnavailableError("locked")

    refusing = spawn(public.chat.run(refuse), "refusing")
    await asyncio.sleep(0)
    async with public.browser() as browser:
        answer = await browser.enter(CODE)
        assert browser.cookie() == ""
    refusing.cancel()
    await asyncio.wait([refusing])
    assert answer.status == 503
    assert "Mã vẫn dùng được" in answer.text
    assert f'value="{CODE}"' in answer.text
