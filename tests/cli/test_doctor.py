"""`caunoi doctor`: how everything stands, for people and for scripts, without changing anything."""

from pathlib import Path

import pytest

from tests.cli.conftest import Caunoi


def _files(folder: Path) -> dict[Path, tuple[int, bytes]]:
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()
    }


def test_it_says_how_everything_stands_and_changes_nothing(
    branch: Caunoi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAUNOI_WEB_PORT", "0")
    before = _files(tmp_path)
    said = branch("doctor", "--json")
    assert (said.code, said.json["ok"]) == (0, True)
    names = [each["name"] for each in said.json["checks"]]
    assert names[:6] == ["settings", "data", "database", "disk", "address", "web"]
    keys = {frozenset(each) for each in said.json["checks"]}
    assert keys == {frozenset({"name", "state", "message", "advice"})}
    printed = branch("doctor").out
    assert "✓ Cơ sở dữ liệu: Đọc được, là của A." in printed
    assert "Không có chỗ nào hỏng" in printed
    assert _files(tmp_path) == before


def test_it_ends_otherwise_when_something_is_wrong(here: Caunoi, tmp_path: Path) -> None:
    said = here("doctor", "--json")
    assert (said.code, said.json["ok"]) == (1, False)
    said = here("doctor")
    assert "✗ Cơ sở dữ liệu: Chưa có cơ sở dữ liệu" in said.out
    assert "→ Chạy caunoi init" in said.out
    assert list(tmp_path.iterdir()) == []
