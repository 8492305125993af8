"""What is printed: a page for each, whatever the words, and a code that leads to its page."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from handlers.certificates import actions, printing, tokens
from handlers.kit.typeset import qr_svg
from storage import campaigns
from storage.branch import Branch
from storage.certificates import Certificate
from storage.database import Database, open_database
from tests.certificates.passing import have_passed, rename
from tests.people import CHAIR, COMMITTEE, LEADER, WORKER
from tests.reports.readers import pages_of_pdf
from tests.study.course import DOCUMENT, Course, publish
from tests.world import World

LETTERS = "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
LONG_NAME = "Công Tằng Tôn Nữ Nguyễn Phước Thị Huyền Trân Diễm Phương Quỳnh Như Ngọc Khánh Ly"
LONG_TITLE = "Quy định về thực hiện dân chủ ở cơ sở và an toàn, vệ sinh lao động, số 12-NQ/CĐ; " * 3


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """What is printed doesn't depend on the kind of database."""
    opened = open_database(sqlite_url)
    yield opened
    await opened.close()


async def _printed(course: Course, branch: str = "") -> tuple[list[Certificate], list[str]]:
    """Of everybody who passed: the certificates and the words of their pages."""
    world = course.world
    if branch:
        world.services = replace(world.services, branch=Branch(branch, "t3st"))
    async with world.database.write() as tx:
        work = world.work(tx)
        campaign = await campaigns.by_id(tx, course.campaign_id)
        assert campaign is not None
        found = await actions.issue_all(work, campaign)
        prepared = await printing.prepare(work, found)
    return found, [" ".join(page.split()) for page in pages_of_pdf(printing.draw(prepared))]


async def test_what_stands_on_the_paper(branch_world: World) -> None:
    course = await publish(branch_world, replace(DOCUMENT, title="An toàn & sức khoẻ"))
    await have_passed(course, WORKER)
    [found], [page] = await _printed(course)
    for words in (
        "CÔNG ĐOÀN CHI NHÁNH THỬ NGHIỆM",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "GIẤY CHỨNG NHẬN",
        "Ban Chấp hành Công đoàn Chi nhánh Thử nghiệm chứng nhận",
        "Đặng Thu Hà",
        "“An toàn & sức khoẻ”",
        "(số 12-NQ/CĐ ngày 05/01/2026)",
        "đạt yêu cầu, ngày 02 tháng 3 năm 2026.",
        "Số: 1/GCN-CĐCS",
        "ngày 02 tháng 3 năm 2026",
        "TM. BAN CHẤP HÀNH CHỦ TỊCH",
        "Nguyễn Thị Ánh",
        f"chi-nhanh.example/gcn/ {tokens.shown(found.token)}",
    ):
        assert words in page
    for hidden in (WORKER, "Tổ Hành chính", "100"):
        assert hidden not in page


async def test_the_code_is_the_pages_whole_address(branch_world: World) -> None:
    course = await publish(branch_world)
    await have_passed(course, WORKER)
    [found], _pages = await _printed(course)
    async with branch_world.database.read() as tx:
        prepared = await printing.prepare(branch_world.work(tx), [found])
    [sheet] = prepared["sheets"]
    assert sheet["qr"] == qr_svg(f"https://chi-nhanh.example/gcn/{tokens.shown(found.token)}")


NAMES: Sequence[str] = (LONG_NAME, "W" * 100, LETTERS, '#panic("x") *_`$ \\ @ref <b>')


@pytest.mark.parametrize("branch", ["Công đoàn cơ sở Chi nhánh", "Công đoàn cơ sở " * 12, "W" * 200])
@pytest.mark.parametrize("title", [LONG_TITLE[:200], "W" * 300])
async def test_each_has_one_page_however_long_its_words_are(
    branch_world: World, branch: str, title: str
) -> None:
    course = await publish(branch_world, replace(DOCUMENT, title=title))
    codes = (CHAIR, COMMITTEE, LEADER, WORKER)
    for code, name in zip(codes, NAMES, strict=True):
        await rename(branch_world, code, name)
    await have_passed(course, *codes)
    found, pages = await _printed(course, branch)
    assert len(pages) == len(found) == len(codes)
    letters = ["".join(page.split()).replace("\u200b", "") for page in pages]
    for name in NAMES:
        assert any("".join(name.split()) in each for each in letters), name


async def test_each_is_printed_with_the_document_it_was_issued_for(branch_world: World) -> None:
    course = await publish(branch_world, replace(DOCUMENT, title="Tên trước"))
    await have_passed(course, CHAIR)
    await _printed(course)
    await course.correct(replace(DOCUMENT, title="Tên sau"))
    await have_passed(course, WORKER)
    _found, (first, second) = await _printed(course)
    assert ("“Tên trước”" in first, "“Tên sau”" in second) == (True, True)
