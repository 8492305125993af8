"""Into the desk and out of it: who gets in, with what, for how long."""

import re

import pytest
from sqlalchemy import select

from bot.demo.concerns import reader
from bot.web.site import WebSettings
from handlers.desk import codes
from storage.desk import acts
from storage.schema import metadata
from storage.schema.desk import desk_link, desk_session
from tests.people import CHAIR, COMMITTEE, WORKER
from tests.web.desk import SECRET, Officer, change_roster, code_of, link_for
from tests.web.house import House
from tests.world import World

OVER = "gõ /ban trong Cầu Nối"


async def _acts(house: House) -> list[str]:
    async with house.database.read() as tx:
        return [each.act for each in reversed(await acts.latest(tx, 100))]


async def test_a_link_and_a_code_lead_in(public: House) -> None:
    async with public.browser() as browser:
        officer = Officer(public, browser, CHAIR)
        token = await link_for(public, CHAIR)
        asked = await browser.get(f"/desk/vao/{token}")
        assert asked.status == 200
        assert "Vào bàn điều hành" in asked.text
        first = await officer.open_link(token)
        assert first.path == "/desk/xac-nhan"
        secret = SECRET.search(first.text)
        assert secret is not None
        assert "data:image/svg+xml" in first.text
        inside = await officer.say_code(await code_of(public, CHAIR))
        assert inside.path == "/desk"
        assert "Nguyễn Thị Ánh" in inside.text
        assert (await officer.get("me")).json["name"] == "Nguyễn Thị Ánh"
    assert await _acts(public) == ["factor_set", "entered"]


async def test_the_second_time_only_a_code_is_asked_for(public: House) -> None:
    async with public.browser() as browser:
        await Officer(public, browser, CHAIR).enter()
    async with public.browser() as browser:
        officer = Officer(public, browser, CHAIR)
        asked = await officer.open_link(await link_for(public, CHAIR))
        assert SECRET.search(asked.text) is None
        assert "data:image" not in asked.text


async def test_looking_at_the_link_uses_nothing_up(public: House) -> None:
    token = await link_for(public, CHAIR)
    for _ in range(3):
        async with public.browser() as preview:
            answer = await preview.get(f"/desk/vao/{token}")
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["cache-control"] == "no-store"
            assert 'name="referrer" content="no-referrer"' in answer.text
            assert "default-src 'none'" in answer.headers["content-security-policy"]
    async with public.browser() as browser:
        assert (await Officer(public, browser, CHAIR).open_link(token)).path == "/desk/xac-nhan"


async def test_a_link_opened_twice_lets_the_first_browser_in_and_not_the_second(public: House) -> None:
    token = await link_for(public, CHAIR)
    async with public.browser() as first, public.browser() as second:
        await second.get(f"/desk/vao/{token}")
        officer = Officer(public, first, CHAIR)
        assert (await officer.open_link(token)).status == 200
        refused = await second.post("/desk/vao", data={"csrf": second.csrf, "token": token})
        assert refused.status == 404
        assert OVER in refused.text
        assert second.cookie("caunoi_desk") == ""
        assert (await second.get(f"/desk/vao/{token}")).status == 404
        assert (await officer.say_code(await code_of(public, CHAIR))).path == "/desk"


async def test_a_link_lasts_for_five_minutes(public: House) -> None:
    token = await link_for(public, CHAIR)
    public.clock.forward(minutes=5, seconds=-1)
    async with public.browser() as browser:
        assert (await browser.get(f"/desk/vao/{token}")).status == 200
        public.clock.forward(seconds=1)
        late = await browser.post("/desk/vao", data={"csrf": browser.csrf, "token": token})
        assert late.status == 404
        assert OVER in late.text
        assert (await browser.get(f"/desk/vao/{token}")).status == 404


async def test_a_new_link_cancels_the_one_before(public: House) -> None:
    earlier, _later = await link_for(public, CHAIR), await link_for(public, CHAIR)
    async with public.browser() as browser:
        assert (await browser.get(f"/desk/vao/{earlier}")).status == 404


@pytest.mark.parametrize("token", ["x", "0" * 64, "é" * 40, "%00", "f" * 3000])
async def test_rubbish_gets_the_same_page(public: House, token: str) -> None:
    async with public.browser() as browser:
        answer = await browser.get(f"/desk/vao/{token}")
        assert answer.status == 404
        assert OVER in answer.text


async def test_the_form_is_bound_to_the_browser_that_was_shown_it(public: House) -> None:
    token = await link_for(public, CHAIR)
    async with public.browser() as browser, public.browser() as thief:
        await browser.get(f"/desk/vao/{token}")
        for csrf in (browser.csrf, "", "0" * 64):
            answer = await thief.post("/desk/vao", data={"csrf": csrf, "token": token})
            assert answer.status == 403
        assert (await Officer(public, browser, CHAIR).open_link(token)).path == "/desk/xac-nhan"


async def test_no_link_and_no_session_lies_in_the_database(public: House) -> None:
    token = await link_for(public, CHAIR)
    async with public.browser() as browser:
        officer = Officer(public, browser, CHAIR)
        await officer.open_link(token)
        secrets = (token, officer.cookie)
        assert all(re.fullmatch("[0-9a-f]{64}", each) for each in secrets)
        async with public.database.read() as tx:
            for table in metadata.sorted_tables:
                rows = repr([tuple(row) for row in await tx.all(select(table))])
                assert not [each for each in secrets if each in rows], table.name


async def test_the_cookie_goes_to_the_desk_only_and_to_no_script(branch_world: World) -> None:
    settings = WebSettings(demo=False, public_url="https://chat.example", timezone="Asia/Ho_Chi_Minh")
    async with House(branch_world).opened(settings) as house, house.browser() as browser:
        token = await link_for(house, CHAIR)
        await browser.get(f"/desk/vao/{token}")
        # The test's browser doesn't give a Secure cookie to a plain address by itself.
        form = browser.cookie("caunoi_form")
        answer = await browser.post(
            "/desk/vao",
            data={"csrf": browser.csrf, "token": token},
            headers={"Cookie": f"caunoi_form={form}"},
            allow_redirects=False,
        )
    assert answer.status == 303
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("caunoi_desk=")
    for part in ("HttpOnly", "Secure", "SameSite=strict", "Path=/desk", "Max-Age=43200"):
        assert part in cookie


async def test_nothing_works_before_the_second_factor(public: House) -> None:
    async with public.browser() as browser:
        officer = Officer(public, browser, CHAIR)
        await officer.open_link(await link_for(public, CHAIR))
        assert (await browser.get("/desk")).path == "/desk/xac-nhan"
        assert (await officer.get("me")).status == 401
        assert (await officer.get("cases")).status == 401
        assert (await officer.post("export")).status == 401


async def test_no_code_works_twice(public: House) -> None:
    async with public.browser() as browser:
        await Officer(public, browser, CHAIR).enter()
    code = await code_of(public, CHAIR)
    async with public.browser() as browser:
        officer = Officer(public, browser, CHAIR)
        await officer.open_link(await link_for(public, CHAIR))
        again = await officer.say_code(code)
        assert again.status == 403
        assert "đã dùng rồi" in again.text
        # Nor does that of the period before.
        assert (await officer.say_code(await code_of(public, CHAIR, -1))).status == 403
        assert (await officer.say_code(await code_of(public, CHAIR, 1))).path == "/desk"


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_codes_of_one_period_to_either_side_are_taken(
    public: House, steps: int, is_taken: bool
) -> None:
    async with public.browser() as browser:
        officer = Officer(public, browser, CHAIR)
        await officer.open_link(await link_for(public, CHAIR))
        answer = await officer.say_code(await code_of(public, CHAIR, steps))
        assert (answer.path == "/desk") == is_taken


async def test_five_wrong_codes_stop_everybody_for_a_quarter_of_an_hour(public: House) -> None:
    async with public.browser() as browser:
        officer = Officer(public, browser, CHAIR)
        await officer.open_link(await link_for(public, CHAIR))
        for left in (4, 3, 2, 1):
            answer = await officer.say_code("abc")
            assert answer.status == 403
            assert f"còn {left} lần thử" in answer.text
        blocked = await officer.say_code("000000")
        assert "tạm dừng nhận mã đến 08:45" in blocked.text
        assert "tạm dừng" in (await officer.say_code(await code_of(public, CHAIR))).text
    # A new link doesn't help.
    public.clock.forward(minutes=14, seconds=59)
    async with public.browser() as browser:
        officer = Officer(public, browser, CHAIR)
        await officer.open_link(await link_for(public, CHAIR))
        assert "tạm dừng" in (await officer.say_code(await code_of(public, CHAIR))).text
        public.clock.forward(seconds=1)
        assert (await officer.say_code(await code_of(public, CHAIR))).path == "/desk"
    assert await _acts(public) == [*["wrong_code"] * 4, "blocked", "factor_set", "entered"]


async def test_a_secret_that_an_earlier_session_was_shown_is_worth_nothing(public: House) -> None:
    async with public.browser() as thief:
        await Officer(public, thief, CHAIR).open_link(await link_for(public, CHAIR))
        stolen = await code_of(public, CHAIR)
    async with public.browser() as browser:
        officer = Officer(public, browser, CHAIR)
        await officer.open_link(await link_for(public, CHAIR))
        assert (await officer.say_code(stolen)).status == 403


async def test_a_session_ends_after_a_quarter_of_an_hour_without_a_request(public: House) -> None:
    async with public.browser() as browser:
        officer = await Officer(public, browser, CHAIR).enter()
        for _ in range(3):
            public.clock.forward(minutes=14, seconds=59)
            assert (await officer.get("me")).status == 200
        public.clock.forward(minutes=15)
        over = await officer.get("me")
        assert over.status == 401
        assert over.json["reason"] == "desk_gone"
        assert OVER in over.json["problem"]
        page = await browser.get("/desk")
        assert page.status == 401
        assert OVER in page.text


async def test_a_session_ends_after_twelve_hours_whatever_is_done(public: House) -> None:
    async with public.browser() as browser:
        officer = await Officer(public, browser, CHAIR).enter()
        for _ in range(12 * 6 - 1):
            public.clock.forward(minutes=10)
            assert (await officer.get("me")).status == 200
        public.clock.forward(minutes=10)
        assert (await officer.get("me")).status == 401


async def test_a_stolen_cookie_is_worth_nothing_after_leaving(public: House) -> None:
    async with public.browser() as browser, public.browser() as thief:
        officer = await Officer(public, browser, CHAIR).enter()
        stolen, csrf = officer.cookie, browser.csrf
        left = await browser.post("/desk/ra", data={"csrf": csrf})
        assert left.status == 200
        assert officer.cookie == ""
        headers = {"Cookie": f"caunoi_desk={stolen}", "X-CSRF-Token": csrf}
        assert (await thief.get("/desk/api/me", headers=headers)).status == 401
        assert (await thief.post("/desk/api/export", headers=headers)).status == 401
        assert (await thief.get("/desk", headers=headers)).status == 401
    assert (await _acts(public))[-1] == "left"


async def test_leaving_needs_the_page(public: House) -> None:
    async with public.browser() as browser:
        officer = await Officer(public, browser, CHAIR).enter()
        csrf = browser.csrf
        assert (await browser.post("/desk/ra", data={"csrf": "0" * 64})).status == 403
        refused = await browser.post(
            "/desk/ra", data={"csrf": csrf}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert refused.status == 403
        assert (await officer.get("me")).status == 200
        assert (await browser.get("/desk/ra")).status == 405


@pytest.mark.parametrize("lost", [{"is_committee": False}, {"is_active": False}])
async def test_whoever_loses_the_role_is_out_and_stays_out(public: House, lost: dict[str, bool]) -> None:
    async with public.browser() as browser:
        officer = await Officer(public, browser, COMMITTEE).enter()
        link = await link_for(public, COMMITTEE)
        await change_roster(public, COMMITTEE, **lost)
        assert (await officer.get("me")).status == 401
        await change_roster(public, COMMITTEE, **{name: not value for name, value in lost.items()})
        assert (await officer.get("me")).status == 401
        assert (await browser.get("/desk")).status == 401
        assert (await browser.get(f"/desk/vao/{link}")).status == 404


async def test_a_link_of_somebody_who_lost_the_role_leads_nowhere(public: House) -> None:
    link = await link_for(public, COMMITTEE)
    await change_roster(public, COMMITTEE, is_committee=False)
    async with public.browser() as browser:
        assert (await Officer(public, browser, COMMITTEE).open_link(link)).status == 404
        assert browser.cookie("caunoi_desk") == ""


async def test_sessions_and_links_whose_time_is_over_are_forgotten(public: House) -> None:
    for _ in range(2):
        async with public.browser() as browser:
            await Officer(public, browser, CHAIR).enter()
        public.clock.forward(hours=1)
    await link_for(public, COMMITTEE)
    async with public.database.read() as tx:
        assert len(await tx.all(select(desk_session))) == 1
        assert len(await tx.all(select(desk_link))) == 1


async def test_the_chats_cookie_opens_no_desk(demo: House) -> None:
    async with demo.browser() as browser:
        await browser.choose(CHAIR)
        assert (await browser.get("/desk")).status == 401
        browser.set_cookie(browser.cookie(), "caunoi_desk")
        assert (await browser.get("/desk")).status == 401


async def test_the_demos_chair_gets_in_from_the_chat(demo: House) -> None:
    async with demo.browser() as browser:
        await browser.choose(CHAIR)
        async with browser.stream() as page:
            await browser.says("/ban")
            said = (await page.until("/desk/vao/"))[-1].data["html"]
        token = re.search(r"/desk/vao/([0-9a-f]{64})", said)
        assert token is not None
        officer = Officer(demo, browser, CHAIR)
        await officer.open_link(token[1])
        code = await code_of(demo, CHAIR)
        # Nobody who tries it out has an authenticator for it, or the passphrase of its key.
        assert code in (await browser.get("/desk/xac-nhan")).text
        inside = await officer.say_code(code)
        assert inside.path == "/desk"
        assert reader().passphrase in inside.text
        kept = await demo.transcript(browser)
    assert not [each for each in kept if token[1] in each.html]


async def test_a_worker_is_told_that_it_is_not_for_them(demo: House) -> None:
    async with demo.browser() as browser:
        await browser.choose(WORKER)
        await browser.says("/ban")
        assert "dành cho cán bộ" in (await demo.transcript(browser))[-1].html
    async with demo.database.read() as tx:
        assert await tx.all(select(desk_link)) == []


def test_codes_are_read_however_they_are_typed() -> None:
    assert codes.read("123 456") == codes.read(" 123-456 ") == codes.read("123456") == "123456"
    assert codes.read("12345") == codes.read("１２３４５６") == codes.read("") == codes.read("1234567") == ""
