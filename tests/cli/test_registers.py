"""`caunoi training`, `admission`, `agreement` and `roster history`."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli import training
from bot.system import SystemClock
from tests.cli.conftest import Caunoi

TODAY = SystemClock().now().astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date()
YESTERDAY = str(TODAY - timedelta(days=1))
ROSTER = """Mã,Họ và tên,Tổ công đoàn,Đoàn viên,Vai trò
CT01,Mai Anh,Tổ Một,x,chủ tịch
NV02,Lê Bình,Tổ Một,,
NV03,Đỗ Cúc,Tổ Hai,,tổ trưởng
"""


@pytest.fixture
def office(branch: Caunoi, tmp_path: Path) -> Caunoi:
    (tmp_path / "ds.csv").write_text(ROSTER, "utf-8")
    assert branch("roster", "import", "ds.csv").code == 0
    return branch


def test_training(office: Caunoi, tmp_path: Path) -> None:
    course = ("--course", "Nghiệp vụ", "--on", YESTERDAY)
    [entry] = office("training", "add", "CT01", *course, "--json").json
    assert entry == {
        "entry": 1,
        "code": "CT01",
        "name": "Mai Anh",
        "course": "Nghiệp vụ",
        "held_on": YESTERDAY,
        "certificate": "",
        "has_file": False,
    }
    (tmp_path / "cn.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    [numbered] = office("training", "certificate", "1", "--number", "7/CN", "--file", "cn.png", "--json").json
    assert (numbered["certificate"], numbered["has_file"]) == ("7/CN", True)
    assert "số 7/CN, có ảnh hoặc tệp" in office("training", "certificate", "1").out
    found = office("training", "--json").json
    assert (found["officers"], found["trained"], found["target"]) == (2, 1, 90)
    assert found["lacking"] == [{"code": "NV03", "name": "Đỗ Cúc", "group": "Tổ Hai"}]
    assert found["entries"] == [numbered]
    listed = office("training").out
    assert "Đã tập huấn 1/2 cán bộ" in listed
    assert "NV03: Đỗ Cúc, Tổ Hai" in listed
    assert "1: Mai Anh (CT01), Nghiệp vụ" in listed
    assert "Đã ghi, mục số 2: Lê Bình" in office("training", "add", "NV02", *course).out
    assert "Đã bỏ lượt tập huấn Nghiệp vụ" in office("training", "remove", "2").out
    assert office("training", "remove", "1", "--json").json == [numbered]
    assert office("training", "--json").json["entries"] == []


def test_what_training_refuses(office: Caunoi, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "không có mã XX" in office("training", "add", "XX", "--course", "A", "--on", YESTERDAY).refusal()
    assert (
        "không phải là ngày"
        in office("training", "add", "CT01", "--course", "A", "--on", "hôm qua").refusal()
    )
    assert "Không có mục số 9" in office("training", "remove", "9").refusal()
    assert (
        "Chưa đọc được tệp khong-co.png"
        in office("training", "certificate", "1", "--file", "khong-co.png").refusal()
    )
    monkeypatch.setattr(training, "LARGEST", 10)
    assert "nặng hơn" in office("training", "certificate", "1", "--file", "ds.csv").refusal()


def test_an_admission_to_its_decision(office: Caunoi, tmp_path: Path) -> None:
    begun = office("admission", "begin", "NV02", "--json").json
    assert (begun["entry"], begun["state"], begun["name"]) == (1, "begun", "Lê Bình")
    for name, magic in (("don.docx", b"PK"), ("don.PDF", b"%PDF")):
        printed = office("admission", "form", "1", "--out", name, "--json").json
        content = (tmp_path / name).read_bytes()
        assert printed == {"entry": 1, "file": name, "bytes": len(content)}
        assert content.startswith(magic)
    assert "Đã ghi đơn vào don.pdf" in office("admission", "form", "1", "--out", "don.pdf").out
    assert "đã nộp đơn ngày" in office("admission", "sign", "1", "--on", YESTERDAY).out
    decided = office("admission", "decide", "1", "--decision", "12/QĐ", "--json").json
    assert (decided["state"], decided["decision"], decided["decided_on"]) == ("admitted", "12/QĐ", str(TODAY))
    found = office("admission", "--json").json
    assert (found["recruits"], found["admitted"]) == (2, 1)
    assert found["waiting"] == [{"code": "NV03", "name": "Đỗ Cúc", "group": "Tổ Hai"}]
    assert found["applications"] == [decided]
    listed = office("admission").out
    assert "1/2 người lao động mới" in listed
    assert "1: Lê Bình (NV02), đã kết nạp theo quyết định 12/QĐ" in listed
    first, second = office("roster", "history", "NV02", "--json").json
    assert (first["cause"], first["union_member"], first["until"]) == ("import", False, second["since"])
    assert (second["cause"], second["union_member"], second["until"]) == ("admission", True, None)
    assert set(second) == {
        "since",
        "until",
        "cause",
        "code",
        "name",
        "group",
        "position",
        "union_member",
        "party_member",
        "roles",
        "started_on",
    }
    assert "Đoàn viên: không → có" in office("roster", "history", "NV02").out
    assert "chờ quyết định" in office("admission", "reopen", "1").out


def test_refused_and_withdrawn(office: Caunoi) -> None:
    office("admission", "begin", "NV02")
    assert "nay đã khác" in office("admission", "refuse", "1", "--reason", "Thiếu hồ sơ").refusal()
    office("admission", "sign", "1")
    assert office("admission", "refuse", "1", "--reason", "Thiếu hồ sơ", "--json").json["state"] == "refused"
    assert "chưa kết nạp: Thiếu hồ sơ" in office("admission").out
    office("admission", "begin", "NV03")
    assert "đã rút đơn" in office("admission", "withdraw", "2", "--reason", "Để sau").out


def test_what_admission_refuses(office: Caunoi) -> None:
    assert "Không có ai mang mã “XX”" in office("admission", "begin", "XX").refusal()
    assert "Không có ai mang mã “XX”" in office("roster", "history", "XX").refusal()
    assert "đã là đoàn viên" in office("admission", "begin", "CT01").refusal()
    assert "Không có mục số 5" in office("admission", "sign", "5").refusal()
    office("admission", "begin", "NV02")
    assert "kết thúc bằng .docx hoặc .pdf" in office("admission", "form", "1", "--out", "a.txt").refusal()
    assert "Chưa ghi được đơn" in office("admission", "form", "1", "--out", "khong/co.pdf").refusal()


def test_agreements(office: Caunoi) -> None:
    until = str(TODAY + timedelta(days=700))
    words = ("agreement", "add", "01/TƯ", "--on", YESTERDAY, "--until", until)
    added = office(*words, "--json").json
    assert added == {"entry": 1, "number": "01/TƯ", "signed_on": YESTERDAY, "valid_until": until}
    assert "Đã có thoả ước ký ngày" in office(*words).refusal()
    assert office("agreement", "--json").json == {"in_force": added, "agreements": [added], "conferences": []}
    assert "Thoả ước đang có hiệu lực: 01/TƯ" in office("agreement").out
    assert "Đã bỏ thoả ước 01/TƯ" in office("agreement", "remove", "1").out
    assert "Chưa ghi thoả ước nào" in office("agreement").out
    assert "Không có mục số 1" in office("agreement", "remove", "1").refusal()


def test_a_roster_that_knows_nothing_of_an_admission(office: Caunoi) -> None:
    office("admission", "begin", "NV02")
    office("admission", "sign", "1")
    assert office("admission", "decide", "1", "--decision", "12/QĐ-CĐCS").code == 0
    said = office("roster", "import", "ds.csv", "--dry-run").out
    assert "CHÚ Ý: Lê Bình đã được kết nạp theo quyết định trong sổ" in said
    assert "sẽ không còn là đoàn viên trong danh sách" in said
    assert office("roster", "import", "ds.csv", "--json").json["admissions_undone"] == ["Lê Bình"]
    assert office("roster", "import", "ds.csv", "--json").json["admissions_undone"] == []


def test_numbers_that_no_entry_has(office: Caunoi) -> None:
    assert "cần một số nguyên" in office("training", "remove", str(2**31)).refusal()


def test_a_day_of_the_paper_is_corrected(office: Caunoi) -> None:
    office("admission", "begin", "NV02")
    assert office("admission", "sign", "1", "--json").json["signed_on"] == str(TODAY)
    early = office("admission", "decide", "1", "--decision", "12/QĐ-CĐCS", "--on", YESTERDAY)
    assert "không thể có trước ngày nộp đơn ký tay" in early.refusal()
    assert office("admission", "sign", "1", "--on", YESTERDAY, "--json").json["signed_on"] == YESTERDAY
    assert office("admission", "decide", "1", "--decision", "12/QĐ-CĐCS", "--on", YESTERDAY).code == 0


def test_a_file_that_is_no_certificate(office: Caunoi) -> None:
    office("training", "add", "CT01", "--course", "A", "--on", YESTERDAY)
    assert "Chưa nhận được ảnh" in office("training", "certificate", "1", "--file", "ds.csv").refusal()
