"""Reports at the desk: as files, for whoever may have them in the chat, and for nobody else."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from handlers.desk import entering
from handlers.kit.access import Right
from tests.people import CELL, CHAIR, LEADER
from tests.reports import readers
from tests.reports.scene import YEAR, Scene, fill
from tests.web.desk import Officer, change_roster, link_for
from tests.web.deskpage import TALL, desk_of
from tests.web.house import Answer, House
from tests.world import World

PAGE = "/desk/bao-cao"
MISSING: dict[str, Any] = {"kind": "missing", "campaign": 1, "to": "csv"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is in the reports is tried with both kinds of it elsewhere."""
    return sqlite_url


@pytest.fixture(autouse=True)
def papers(branch_world: World, tmp_path: Path) -> Path:
    """The folder of the branch's own papers."""
    folder = tmp_path / "papers"
    folder.mkdir()
    branch_world.services = replace(branch_world.services, papers=folder)
    return folder


@pytest.fixture
async def filled(branch_world: World) -> Scene:
    scene = Scene(branch_world)
    await fill(scene)
    return scene


async def ask(officer: Officer, form: dict[str, Any], **headers: str) -> Answer:
    """As the page's form does."""
    data = {"csrf": officer.browser.csrf, **form}
    return await officer.browser.post(PAGE, data=data, headers=headers)


async def test_a_chair_takes_a_report_of_a_campaign_and_of_a_year(filled: Scene, chair: Officer) -> None:
    page = await chair.browser.get(PAGE)
    assert page.status == 200
    assert "Danh sách chưa học" in page.text
    assert "1. An toàn & <b>sức khoẻ</b>" in page.text
    answer = await ask(chair, MISSING)
    assert answer.status == 200
    assert readers.from_csv(answer.text.encode()) == readers.expected(await filled.gather("missing", 1))
    answer = await ask(chair, {"kind": "duties", "year": YEAR, "to": "csv"})
    assert answer.text.lstrip("\ufeff").startswith(f"Thực hiện nhiệm vụ công đoàn năm {YEAR}")


@pytest.mark.usefixtures("filled")
async def test_nobody_keeps_a_copy_and_no_page_runs_the_file(chair: Officer) -> None:
    answer = await ask(chair, MISSING)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''danh-sach-chua-hoc-dot-1.csv"
    )
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].endswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await chair.browser.get(PAGE)).headers["cache-control"] == "no-store"


@pytest.mark.usefixtures("filled")
async def test_without_a_session_or_its_second_factor_there_is_nothing(office: House) -> None:
    async with office.browser() as browser:
        officer = Officer(office, browser, CHAIR)
        assert (await browser.get(PAGE)).status == 401
        assert (await ask(officer, MISSING)).status == 401
        await officer.open_link(await link_for(office, CHAIR))
        assert (await browser.get(PAGE)).status == 401
        assert (await ask(officer, MISSING)).status == 401


@pytest.mark.usefixtures("filled")
async def test_whoever_has_lost_their_role_gets_nothing(office: House, colleague: Officer) -> None:
    assert (await ask(colleague, MISSING)).status == 200
    await change_roster(office, colleague.code, is_committee=False)
    assert (await ask(colleague, MISSING)).status == 401
    assert (await colleague.browser.get(PAGE)).status == 401


@pytest.mark.usefixtures("filled")
async def test_a_form_of_another_site_gets_nothing(chair: Officer) -> None:
    assert (await ask(chair, MISSING | {"csrf": "0" * 64})).status == 403
    assert (await ask(chair, MISSING, **{"Sec-Fetch-Site": "cross-site"})).status == 403
    assert (await ask(chair, MISSING, Origin="https://other.example")).status == 403


@pytest.mark.usefixtures("filled")
async def test_what_the_page_never_offers(chair: Officer) -> None:
    for form, status in (
        ({"kind": "missing", "campaign": 9}, 404),
        ({"kind": "nothing", "campaign": 1}, 404),
        ({"kind": "missing", "year": YEAR}, 403),
        ({"kind": "duties", "campaign": 1}, 403),
        ({"kind": "duties"}, 403),
        ({"kind": "duties", "year": 1999}, 400),
        ({"kind": "duties", "year": "x"}, 400),
        ({"kind": "missing", "campaign": 2**40}, 400),
        ({"kind": "missing", "campaign": 1, "to": "exe"}, 400),
        ({}, 400),
    ):
        answer = await ask(chair, {"to": "csv"} | form)
        assert answer.status == status, form
        assert "content-disposition" not in answer.headers


@pytest.mark.usefixtures("filled")
async def test_each_report_asks_for_its_own_right(office: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if more people came to the desk than do."""
    monkeypatch.setattr(entering, "ENTRANCE", (Right.DESK, Right.REPORTS))
    async with office.browser() as browser:
        cell = await Officer(office, browser, CELL).enter()
        page = (await browser.get(PAGE)).text
        assert "Kết quả học tập" in page
        assert "Danh sách chưa học" not in page
        assert (await ask(cell, MISSING)).status == 403
        assert (await ask(cell, MISSING | {"kind": "coverage"})).status == 200
    async with office.browser() as browser:
        leader = await Officer(office, browser, LEADER).enter()
        assert "Của một năm" not in (await browser.get(PAGE)).text
        listed = readers.from_csv((await ask(leader, MISSING)).text.encode()).tables[0]
        assert {row[3] for row in listed} == {"Tổ Hành chính"}
        assert (await ask(leader, {"kind": "coverage", "year": YEAR, "to": "csv"})).status == 403
    monkeypatch.setattr(entering, "ENTRANCE", (Right.DESK, Right.STUDY))
    async with office.browser() as browser:
        worker = await Officer(office, browser, "NV06").enter()
        assert (await browser.get(PAGE)).status == 403
        assert (await ask(worker, MISSING)).status == 403


@pytest.mark.usefixtures("filled")
async def test_a_template_that_cannot_be_filled_in_is_said_on_the_page(chair: Officer, papers: Path) -> None:
    (papers / "letterhead.yaml").write_text("khong_biet: 1", "utf-8")
    answer = await ask(chair, MISSING)
    assert answer.status == 409
    assert "Chưa có giấy tờ nào được ghi" in answer.text
    assert "Tải báo cáo đợt học" in answer.text


@pytest.mark.browser
@pytest.mark.usefixtures("filled")
async def test_a_chair_s_browser_downloads_one_and_later_is_refused(office: House, tmp_path: Path) -> None:
    async with desk_of(office, CHAIR, TALL) as desk:
        await desk.enter()
        async with desk.context.expect_page() as opened:
            await desk.page.get_by_role("link", name="Báo cáo").click()
        page = await opened.value
        form = page.get_by_role("region", name="Của một đợt học")
        await form.get_by_label("Báo cáo").select_option("Danh sách chưa học")
        await form.get_by_label("Excel (.xlsx)").check()
        async with page.expect_download() as saved:
            await form.get_by_role("button", name="Tải báo cáo đợt học").click()
        download = await saved.value
        assert download.suggested_filename == "danh-sach-chua-hoc-dot-1.xlsx"
        await download.save_as(tmp_path / "file.xlsx")
        assert readers.from_xlsx((tmp_path / "file.xlsx").read_bytes()).figures["Chưa hoàn thành"] == "6"
        await change_roster(office, CHAIR, is_chair=False, is_committee=False)
        desk.expected = {401}
        await form.get_by_role("button", name="Tải báo cáo đợt học").click()
        await expect(page.get_by_text("gõ /ban trong Cầu Nối")).to_be_visible()
