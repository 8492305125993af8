"""`caunoi duties`, as a program of its own."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.branch import DUTIES
from bot.cli.output import EXIT_MISTAKE
from bot.system import SystemClock
from tests.cli.conftest import Caunoi

KEYS = {"duty", "period", "name", "basis", "deadline", "state", "days_left"}
TODAY = SystemClock().now().astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date()


def test_the_duties_of_a_year(branch: Caunoi) -> None:
    found = branch("duties", "--json").json
    assert all(set(each) == KEYS for each in found)
    states = [each["state"] for each in found]
    assert states == sorted(states, key=["overdue", "planned", "waiting", "done", "dropped"].index)
    final = next(each for each in found if each["duty"] == "tong-ket-nam")
    assert (final["period"], final["deadline"]) == (str(TODAY.year), f"{TODAY.year}-12-31")
    waiting = next(each for each in found if each["state"] == "waiting")
    assert (waiting["deadline"], waiting["days_left"]) == (None, None)
    assert branch("duties", "list", "--json").json == found
    following = branch("duties", "--year", str(TODAY.year + 1), "--json").json
    assert {each["period"][:4] for each in following} >= {str(TODAY.year + 1)}
    said = branch("duties")
    assert (said.code, said.err) == (0, "")
    assert f"tong-ket-nam ({TODAY.year}): Tổng kết năm" in said.out
    assert "chưa có hạn: chờ ngày của “Đối thoại định kỳ tại nơi làm việc”" in said.out
    assert "Năm này chưa có nhiệm vụ nào." in branch("duties", "--year", "2001").out


def test_done_by_command(branch: Caunoi) -> None:
    first = f"{TODAY.year}-01-01"
    done = branch("duties", "done", "tong-ket-nam", "--on", first, "--json").json
    assert set(done) == KEYS
    assert (done["duty"], done["state"], done["days_left"]) == ("tong-ket-nam", "done", None)
    said = branch("duties", "done", f"so-ket-sau-thang:{TODAY.year}")
    assert said.out.strip() == f"Đã ghi xong: Sơ kết 6 tháng, năm {TODAY.year}."
    listed = branch("duties").out
    assert listed.count("đã xong") == 2


def test_what_can_not_be_entered(branch: Caunoi) -> None:
    for words, said in [
        (("khong-co",), "Không có nhiệm vụ nào mã “khong-co” còn phải làm"),
        (("tong-ket-nam:1999",), "Không có nhiệm vụ nào mã “tong-ket-nam:1999”"),
        (("tong-ket-nam", "--on", "31/2"), "“31/2” không phải là ngày"),
        (("tong-ket-nam", "--on", str(TODAY + timedelta(days=3))), "Ngày ấy chưa đến"),
        (("tong-ket-nam", "--on", "2001-01-01"), "Ngày ấy ở trước kỳ"),
    ]:
        assert said in branch("duties", "done", *words).refusal()
    branch("duties", "done", "tong-ket-nam")
    assert "còn phải làm" in branch("duties", "done", "tong-ket-nam").refusal()
    assert "--year" in branch("duties", "--year", "12").refusal()


def test_the_check_reads_the_duties_too(
    here: Caunoi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "duties.yaml"
    path.write_text(DUTIES.read_text("utf-8").replace("30/6", "31/6"), "utf-8")
    monkeypatch.setattr("bot.cli.programme.DUTIES", path)
    said = here("check", "--json")
    assert said.code == EXIT_MISTAKE
    (problem,) = said.json
    assert problem["problem"] == "Không phải năm nào cũng có ngày «31/6»."


def test_help(caunoi: Caunoi) -> None:
    assert "Nhiệm vụ hằng năm" in caunoi("duties", "--help").out
