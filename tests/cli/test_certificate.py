"""`caunoi certificate`: for whoever has no telephone, and for officers who want paper."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from storage import members
from storage.database import open_database
from storage.schema.studies import study
from tests.cli.conftest import Caunoi
from tests.reports.readers import pages_of_pdf
from tests.world import START

ROSTER = """Mã,Họ và tên,Tổ công đoàn,Vai trò
CT,Mai Anh,Tổ Một,chủ tịch
NV2,Lê Bình,Tổ Một,
NV3,Đỗ Cúc,Tổ Hai,
"""
SLUGS = ("nghi-quyet-02", "du-lieu-ca-nhan")
NOBODY = "doi-thoai-tai-noi-lam-viec"


@pytest.fixture
def office(branch: Caunoi, tmp_path: Path) -> Caunoi:
    """Lê Bình has passed two documents, Mai Anh one."""
    (tmp_path / "ds.csv").write_text(ROSTER, "utf-8")
    branch("roster", "import", "ds.csv")
    for slug in (*SLUGS, NOBODY):
        assert branch("study", "publish", slug).code == 0
    asyncio.run(_have_passed(tmp_path, {"NV2": (1, 2), "CT": (1,)}))
    return branch


async def _have_passed(folder: Path, passed: dict[str, tuple[int, ...]]) -> None:
    database = open_database(f"sqlite:///{folder / 'data' / 'caunoi.db'}")
    done: dict[str, Any] = {"card": 9, "acknowledged_at": START, "best_score": 90, "passed_at": START}
    async with database.write() as tx:
        for code, numbers in passed.items():
            person = await members.by_code(tx, code)
            assert person is not None
            for number in numbers:
                row = {"campaign_id": number, "member_id": person.id, **done}
                await tx.run(study.insert().values(row))
    await database.close()


def test_one_persons(office: Caunoi, tmp_path: Path) -> None:
    said = office("certificate", "NV2", "--out", "gcn.pdf", "--json").json
    assert said == {
        "number": 1,
        "code": "NV2",
        "name": "Lê Bình",
        "campaign": 2,
        "title": "Dữ liệu cá nhân và quyền của mỗi người",
        "passed_on": "2026-03-02",
        "issued_on": said["issued_on"],
        "valid": True,
        "reason": "",
        "address": "",
        "file": "gcn.pdf",
    }
    [page] = pages_of_pdf((tmp_path / "gcn.pdf").read_bytes())
    assert "Lê Bình" in page
    told = office("certificate", "print", "NV2", "--campaign", SLUGS[0], "--out", "hai.pdf").out
    assert "số 2 của Lê Bình: đã ghi vào hai.pdf" in told
    assert "chưa đặt CAUNOI_PUBLIC_URL" in told


def test_with_an_address(office: Caunoi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUNOI_PUBLIC_URL", "https://cn.example")
    said = office("certificate", "CT", "--out", "gcn.PDF", "--json").json
    assert said["address"].startswith("https://cn.example/gcn/")
    [page] = pages_of_pdf((tmp_path / "gcn.PDF").read_bytes())
    assert said["address"].rpartition("/")[2] in page
    assert "CAUNOI_PUBLIC_URL" not in office("certificate", "CT", "--out", "gcn.pdf").out


def test_everybodys(office: Caunoi, tmp_path: Path) -> None:
    said = office("certificate", "all", "--campaign", "1", "--out", "ca-dot.pdf", "--json").json
    content = (tmp_path / "ca-dot.pdf").read_bytes()
    assert said == {"campaign": 1, "certificates": 2, "file": "ca-dot.pdf", "bytes": len(content)}
    # Mai Anh signs both.
    assert ["Lê Bình" in page for page in pages_of_pdf(content)] == [False, True]
    assert "2 giấy chứng nhận" in office("certificate", "all", "--campaign", "1", "--out", "x.pdf").out
    assert [each["name"] for each in office("certificate", "list", "--json").json] == ["Mai Anh", "Lê Bình"]
    assert office("certificate", "list", "--campaign", "2", "--json").json == []
    assert "1: Mai Anh (CT)" in office("certificate", "list").out


def test_revoked_and_restored(office: Caunoi) -> None:
    office("certificate", "CT", "--out", "a.pdf")
    revoked = office("certificate", "revoke", "1", "--reason", "Cấp nhầm người", "--json").json
    assert (revoked["valid"], revoked["reason"]) == (False, "Cấp nhầm người")
    assert "không còn hiệu lực: Cấp nhầm người" in office("certificate", "list").out
    assert "đã thu hồi (Cấp nhầm người)" in office("certificate", "CT", "--out", "b.pdf").refusal()
    assert "còn hiệu lực" in office("certificate", "restore", "1").out
    assert "từ 5 đến 300" in office("certificate", "revoke", "1", "--reason", "x").refusal()
    assert "Không có giấy chứng nhận số 9" in office("certificate", "restore", "9").refusal()


def test_what_is_refused(office: Caunoi, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    assert "Chưa cấp giấy chứng nhận nào" in office("certificate", "list").out
    for words, said in (
        (("XX",), "Không có ai mang mã “XX”"),
        (("NV3",), "Đỗ Cúc chưa đạt bài kiểm tra nào nên"),
        (("CT", "--campaign", "2"), "chưa đạt bài kiểm tra nào của đợt học này"),
        (("CT", "--campaign", "99"), "Không có đợt học nào mang số hoặc tên “99”"),
        (("all", "--campaign", "99"), "Không có đợt học nào"),
        (("all", "--campaign", NOBODY), "chưa có ai đạt"),
        (("revoke", "1", "--reason", "Cấp nhầm"), "Không có giấy chứng nhận số 1"),
    ):
        out = () if words[0] == "revoke" else ("--out", "x.pdf")
        assert said in office("certificate", *words, *out).refusal()
    assert "thành tệp .pdf" in office("certificate", "CT", "--out", "x.docx").refusal()
    assert "thành tệp .pdf" in office("certificate", "all", "--campaign", "1", "--out", "x").refusal()
    assert set(tmp_path.iterdir()) == before


def test_a_file_that_cannot_be_written(office: Caunoi) -> None:
    said = office("certificate", "CT", "--out", "no/where.pdf").refusal()
    assert "không có tệp dở dang nào, và giấy chạy lại vẫn là tờ ấy" in said
    assert office("certificate", "CT", "--out", "a.pdf", "--json").json["number"] == 1
