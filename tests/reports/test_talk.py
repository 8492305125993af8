"""Reports from the chat, as files, for whoever may have them."""

import io

import pytest
from docx import Document

from bot.features import REPORTS
from handlers.kit.payload import encode
from storage import campaigns, members
from tests.people import CELL, CHAIR, LEADER, WORKER
from tests.reports import readers
from tests.reports.scene import CODES, YEAR, Scene, fill
from tests.reports.test_figures import rows
from tests.reports.test_past import close
from tests.study.course import DOCUMENT
from tests.talk import Talk
from tests.world import BRANCH


async def press(talk: Talk, action: str, *arguments: str | int) -> None:
    """A button that the person may never have had."""
    await talk.presses(talk.last, encode(BRANCH.tag, action, *arguments))


async def test_a_chair_takes_the_report_of_a_campaign(scene: Scene) -> None:
    await fill(scene)
    talk = await scene.world.talk(CHAIR)
    await talk.says("/baocao")
    await talk.taps("Xuất báo cáo")
    assert talk.buttons[:3] == ["Kết quả học tập", "Danh sách chưa học", "Chất lượng câu hỏi kiểm tra"]
    await talk.taps("Danh sách chưa học")
    talk.sees("Danh sách chưa học", "Nghị định 30/2020/NĐ-CP")
    await talk.taps("Word (.docx)")
    [(name, content)] = talk.files
    assert name == "danh-sach-chua-hoc-dot-1.docx"
    assert readers.from_docx(content).figures["Chưa hoàn thành"] == "6"
    talk.sees("📄 Danh sách người chưa hoàn thành học tập “An toàn & <b>sức khoẻ</b>”")


@pytest.mark.parametrize(
    ("label", "ending", "start"),
    [
        ("Word", "docx", b"PK"),
        ("Excel (.xlsx)", "xlsx", b"PK"),
        ("PDF", "pdf", b"%PDF"),
        ("CSV", "csv", b"\xef\xbb\xbf"),
    ],
)
async def test_a_year_in_each_format(scene: Scene, label: str, ending: str, start: bytes) -> None:
    talk = await scene.world.talk(CHAIR)
    await talk.says("/baocao")
    await talk.taps("Báo cáo thành văn bản")
    await talk.taps("Nhiệm vụ trong năm")
    talk.sees(f"Năm {YEAR}")
    await talk.taps(f"Năm {YEAR - 1}")
    talk.sees(f"Năm {YEAR - 1}")
    await talk.taps(f"Năm {YEAR}")
    await talk.taps(label)
    [(name, content)] = talk.files
    assert name == f"bao-cao-nhiem-vu-{YEAR}.{ending}"
    assert content.startswith(start)


async def test_the_cell_committee_gets_figures_and_no_names(scene: Scene) -> None:
    await fill(scene)
    talk = await scene.world.talk(CELL)
    await talk.says("/baocao")
    await talk.taps("Xuất báo cáo")
    assert "Danh sách chưa học" not in talk.buttons
    await press(talk, "reports.campaign_file", "missing", 1, "csv")
    talk.misses("📄")
    await press(talk, "reports.campaign_file", "coverage", 1, "csv")
    talk.sees("📄")


async def test_a_group_leader_gets_files_of_their_group_alone(scene: Scene) -> None:
    await fill(scene)
    talk = await scene.world.talk(LEADER)
    await talk.says("/baocao")
    await talk.taps("Xuất báo cáo")
    assert talk.buttons[:2] == ["Kết quả học tập", "Danh sách chưa học"]
    assert "Chất lượng câu hỏi kiểm tra" not in talk.buttons
    await talk.taps("Danh sách chưa học")
    await talk.taps("Word (.docx)")
    [(_name, content)] = talk.files
    found = readers.from_docx(content)
    assert found.figures["Số người phải học"] == "4"
    assert [row[1:] for row in found.tables[0]] == [
        ["CT01", "Nguyễn Thị Ánh", "Tổ Hành chính"],
        ["CU03", "Lê Quang Đạt", "Tổ Hành chính"],
    ]
    signature = Document(io.BytesIO(content)).tables[-1].rows[0].cells[1].text
    assert [line for line in signature.splitlines() if line] == [
        "TM. TỔ HÀNH CHÍNH",
        "TỔ TRƯỞNG",
        "Phạm Thị Hoa",
    ]
    await press(talk, "reports.campaign_file", "coverage", 1, "csv")
    _name, content = talk.files[-1]
    assert readers.from_csv(content).tables == [[["Tổ Hành chính", "4", "2", "2", "50%"]]]
    talk.sees("ở Tổ Hành chính")
    await press(talk, "reports.campaign_file", "quiz", 1, "csv")
    talk.misses("📄")


async def test_a_campaign_that_runs_and_from_which_everybody_is_let_off(scene: Scene) -> None:
    scene.offer(DOCUMENT)
    campaign = await scene.publish()
    for code in CODES:
        await scene.note(campaign, code, "waived_at")
    talk = await scene.world.talk(CHAIR)
    await talk.says("/baocao")
    await talk.taps("Xuất báo cáo")
    pages = []
    for kind in ("coverage", "missing"):
        for to in ("docx", "xlsx", "csv", "pdf"):
            await press(talk, "reports.campaign_file", kind, campaign, to)
            [(name, content)] = talk.files
            assert name.endswith(to)
        pages.append(" ".join(readers.words_of_pdf(content)))
    for text in pages:
        assert "Tất cả người phải học đều được miễn học" in text
        assert "Đợt học còn đang mở: số liệu còn thay đổi" in text
    assert "Không còn ai chưa hoàn thành" in pages[1]


@pytest.mark.parametrize("ends", [False, True])
async def test_a_group_of_a_campaign_that_has_ended(scene: Scene, ends: bool) -> None:
    """Sums up to what the whole campaign says."""
    campaign = await fill(scene)
    if ends:
        await close(scene, campaign)
    whole = await scene.gather("coverage", campaign)
    async with scene.world.database.write() as tx:
        leader = await members.by_code(tx, LEADER)
        found = await campaigns.by_id(tx, campaign)
        of_group = REPORTS["coverage"].of_group
        assert leader is not None
        assert found is not None
        assert of_group is not None
        own = await of_group(scene.world.work(tx), found, leader)
    assert rows(own, "groups") == rows(whole, "groups")[:1]


@pytest.mark.parametrize("code", [LEADER, WORKER])
async def test_nobody_else_gets_a_file(scene: Scene, code: str) -> None:
    await fill(scene)
    talk = await scene.world.talk(code)
    await talk.says("/baocao")
    assert "Báo cáo thành văn bản" not in talk.buttons
    for name, kind in REPORTS.items():
        if kind.of_campaign and not (code == LEADER and kind.of_group):
            await press(talk, "reports.campaign_file", name, 1, "csv")
            talk.misses("📄")
        if kind.of_year:
            await press(talk, "reports.year_file", name, YEAR, "csv")
            talk.misses("📄")


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("year_file", ("nope", YEAR, "csv")),
        ("year_file", ("missing", YEAR, "csv")),
        ("year_file", ("duties", YEAR, "doc")),
        ("year_file", ("duties", YEAR + 1, "csv")),
        ("year_file", ("duties", 1999, "csv")),
        ("year_file", ("duties", YEAR)),
        ("campaign_file", ("duties", 1, "csv")),
        ("campaign_file", ("coverage", 9, "csv")),
        ("campaign_file", ("coverage", 1, "")),
        ("of_campaign", ("coverage", 9)),
        ("campaign", (9,)),
        ("year", ("coverage",)),
    ],
)
async def test_forged_buttons_give_nothing(
    scene: Scene, action: str, arguments: tuple[str | int, ...]
) -> None:
    await fill(scene)
    talk = await scene.world.talk(CHAIR)
    await talk.says("/baocao")
    await press(talk, f"reports.{action}", *arguments)
    talk.misses("📄", "lỗi")
