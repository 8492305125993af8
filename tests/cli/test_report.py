"""`caunoi report`: figures into a file by its ending, or as JSON; and never half a file."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from docx import Document

from bot.cli.output import CommandError, write_file
from bot.features import REPORTS
from handlers.kit.templates import OURS
from tests.cli.conftest import Caunoi
from tests.reports import readers

_READERS = {
    "docx": readers.from_docx,
    "xlsx": readers.from_xlsx,
    "csv": readers.from_csv,
}
OF_CAMPAIGN, OF_YEAR = "missing", "duties"


@pytest.fixture
def studying(branch: Caunoi, tmp_path: Path) -> Caunoi:
    """A campaign that nobody has finished."""
    lines = ["Mã,Họ và tên,Tổ công đoàn,Vai trò", "CT,Mai Anh,Tổ 1,chủ tịch"]
    lines += [f"NV{each},Lê Văn {given},Tổ 1," for each, given in enumerate(("Ước", "Đạt", "Ánh"))]
    (tmp_path / "danh-sach.csv").write_text("\n".join(lines), "utf-8")
    branch("roster", "import", "danh-sach.csv")
    branch("study", "publish", "nghi-quyet-02")
    return branch


def test_each_format_holds_what_json_says(studying: Caunoi, tmp_path: Path) -> None:
    for ending, read in _READERS.items():
        out = tmp_path / f"chua-hoc.{ending}"
        said = studying("report", OF_CAMPAIGN, "--out", str(out), "--json").json
        assert said["file"] == str(out)
        assert read(out.read_bytes()) == readers.from_json(said)
    names = [row[2] for row in said["tables"][0]["rows"]]
    assert names == ["Mai Anh", "Lê Văn Ánh", "Lê Văn Đạt", "Lê Văn Ước"]


def test_what_is_said_to_people(studying: Caunoi, tmp_path: Path) -> None:
    out = tmp_path / "bao-cao.PDF"
    said = studying("report", "coverage", "--campaign", "nghi-quyet-02", "--out", str(out))
    assert said.code == 0
    assert said.out.strip().endswith(f"đã ghi vào {out}.")
    assert "Mai Anh" in " ".join(readers.words_of_pdf(out.read_bytes()))


@pytest.mark.parametrize("name", list(REPORTS))
def test_every_report_of_a_branch_in_which_nothing_happened(
    branch: Caunoi, name: str, tmp_path: Path
) -> None:
    if REPORTS[name].of_year is None:
        assert "Chưa có đợt học nào" in branch("report", name, "--json").refusal()
        return
    said = branch("report", name, "--year", "2025", "--out", str(tmp_path / "x.xlsx"), "--json")
    assert said.code == 0, said.err
    assert said.json["report"] == name


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("nope --out x.pdf", "Không có báo cáo “nope”. Có: coverage, "),
        (f"{OF_CAMPAIGN} --out x.doc", "docx, xlsx, pdf, csv"),
        (f"{OF_CAMPAIGN} --out x", "docx, xlsx, pdf, csv"),
        (OF_CAMPAIGN, "Thiếu nơi ghi: thêm --out"),
        (f"{OF_CAMPAIGN} --year 2026 --json", "là của một đợt học"),
        (f"{OF_YEAR} --campaign 1 --json", "là của một năm"),
        ("coverage --campaign 1 --year 2026 --json", "Chọn một trong hai"),
        ("coverage --campaign 7 --json", "Không có đợt học nào mang số hoặc tên “7”"),
        ("coverage --year 1999 --json", "--year không nhận “1999”"),
        (f"{OF_CAMPAIGN} --out nowhere/x.pdf", "Chưa ghi được báo cáo vào nowhere/x.pdf"),
        (f"{OF_CAMPAIGN} --out /dev/full/x.pdf", "Chưa ghi được báo cáo"),
    ],
)
def test_mistakes_are_one_clear_line(studying: Caunoi, words: str, part: str, tmp_path: Path) -> None:
    before = {each.name for each in tmp_path.iterdir()}
    assert part in studying("report", *words.split()).refusal()
    assert {each.name for each in tmp_path.iterdir()} == before


def test_a_name_of_80_characters_is_whole_in_every_file(studying: Caunoi, tmp_path: Path) -> None:
    name = "Công Tằng Tôn Nữ " + "Nguyệt" * 10 + " Ân"
    assert len(name) == 80
    rows = ["Mã,Họ và tên,Tổ công đoàn,Vai trò", "CT,Mai Anh,Tổ 1,chủ tịch", f"NV9,{name},Tổ 1,"]
    (tmp_path / "danh-sach.csv").write_text("\n".join(rows), "utf-8")
    assert studying("roster", "import", "danh-sach.csv").code == 0
    for ending, read in _READERS.items():
        out = tmp_path / f"x.{ending}"
        assert studying("report", OF_CAMPAIGN, "--out", str(out)).code == 0
        assert name in [row[2] for row in read(out.read_bytes()).tables[0]]
    out = tmp_path / "x.pdf"
    assert studying("report", OF_CAMPAIGN, "--out", str(out)).code == 0
    printed = "".join(readers.words_of_pdf(out.read_bytes())).replace("\u200b", "")
    assert "".join(name.split()) in printed


def test_nobody_in_scope_is_said_in_every_file(studying: Caunoi, tmp_path: Path) -> None:
    rows = ["Mã,Họ và tên,Tổ công đoàn,Đảng viên,Vai trò", "CT,Mai Anh,Tổ 1,x,chủ tịch"]
    (tmp_path / "danh-sach.csv").write_text("\n".join(rows), "utf-8")
    assert studying("roster", "import", "danh-sach.csv").code == 0
    assert studying("study", "publish", "doi-thoai-tai-noi-lam-viec", "--audience", "party").code == 0
    (tmp_path / "danh-sach.csv").write_text("\n".join(rows).replace(",x,", ",,"), "utf-8")
    assert studying("roster", "import", "danh-sach.csv").code == 0
    for name, ending in (("coverage", "docx"), ("missing", "pdf"), ("quiz", "xlsx"), ("missing", "csv")):
        said = studying("report", name, "--out", str(tmp_path / f"x.{ending}"), "--json")
        assert said.code == 0, said.err
        assert "không có ai thuộc đối tượng" in "".join(said.json["notes"])


def test_a_template_with_an_unknown_field_is_one_clear_line(studying: Caunoi, tmp_path: Path) -> None:
    templates = tmp_path / "data" / "templates"
    templates.mkdir(parents=True)
    document = Document(str(OURS / "bao-cao.docx"))
    document.add_paragraph("Người lập: {{ nguoi_lap }}")
    document.save(str(templates / "bao-cao.docx"))
    said = studying("report", OF_CAMPAIGN, "--out", "x.docx").refusal()
    assert "“nguoi_lap” mà Cầu Nối không biết (dòng " in said
    assert "“Người lập: {{ nguoi_lap }}”" in said
    assert not (tmp_path / "x.docx").exists()
    # It is no template of other formats.
    assert studying("report", OF_CAMPAIGN, "--out", "x.pdf").code == 0


def test_a_letterhead_with_an_unknown_field_is_one_clear_line(studying: Caunoi, tmp_path: Path) -> None:
    templates = tmp_path / "data" / "templates"
    templates.mkdir(parents=True)
    (templates / "letterhead.yaml").write_text("khong_biet: 1", "utf-8")
    said = studying("report", OF_CAMPAIGN, "--out", "x.docx").refusal()
    assert "letterhead.yaml" in said
    assert not (tmp_path / "x.docx").exists()


# Half a file is none.


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes, as if the disk were full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_report_that_was_there(studying: Caunoi, tmp_path: Path) -> None:
    out = tmp_path / "bao-cao.pdf"
    out.write_bytes(b"before")
    before = {each.name for each in tmp_path.iterdir()}
    # Room for what the database writes beside itself while it is read.
    with room_for(36_000):
        said = studying("report", OF_CAMPAIGN, "--out", str(out)).refusal()
    assert "không có tệp dở dang" in said
    assert out.read_bytes() == b"before"
    assert {each.name for each in tmp_path.iterdir()} == before
    assert studying("report", OF_CAMPAIGN, "--out", str(out)).code == 0
    assert out.stat().st_size > 36_000


def test_on_a_full_disk_the_file_that_was_there_stays(tmp_path: Path) -> None:
    out = tmp_path / "bao-cao.pdf"
    out.write_bytes(b"before")
    with room_for(1000), pytest.raises(CommandError, match="không có tệp dở dang"):
        write_file(out, b"x" * 5000, "report_unwritable")
    assert out.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [out]


def test_on_a_full_disk_no_half_file_is_left(tmp_path: Path) -> None:
    with room_for(1000), pytest.raises(CommandError):
        write_file(tmp_path / "bao-cao.pdf", b"x" * 5000, "report_unwritable")
    assert list(tmp_path.iterdir()) == []


def test_who_may_read_a_file_stays_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / ("bao-cao-" + "ế" * 78 + ".pdf")
    out.touch(0o600)
    write_file(out, b"x", "report_unwritable")
    assert (out.read_bytes(), out.stat().st_mode & 0o777) == (b"x", 0o600)


def test_what_is_no_file_is_written_to_and_not_replaced() -> None:
    with pytest.raises(CommandError):
        write_file(Path("/dev/full"), b"x" * 5000, "report_unwritable")
    write_file(Path("/dev/null"), b"x", "report_unwritable")
    assert Path("/dev/null").is_char_device()


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "link.pdf").symlink_to(tmp_path / "there.pdf")
    write_file(tmp_path / "link.pdf", b"x", "report_unwritable")
    assert (tmp_path / "link.pdf").is_symlink()
    assert (tmp_path / "there.pdf").read_bytes() == b"x"
