"""Wrong words on the command line are told in one Vietnamese sentence, and help is Vietnamese."""

import re

import pytest
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command
from typer.testing import CliRunner

from bot.cli.app import app
from bot.cli.output import texts
from tests.cli.conftest import Caunoi

ENGLISH = re.compile(
    r"Usage|Options|Commands|Arguments|Show this|default|required|TEXT|INTEGER|PATH|Error|Missing"
)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("studi", "Không có lệnh “caunoi studi”. Có phải ý là caunoi study? Xem các lệnh: caunoi --help"),
        (
            "study xyz",
            "Không có lệnh “caunoi study xyz”. Xem các lệnh: caunoi study --help",
        ),
        (
            "init",
            "Còn thiếu --branch, --chair nên chưa làm gì. Xem cách dùng: caunoi init --help",
        ),
        (
            "init --branch A",
            "Còn thiếu --chair nên chưa làm gì. Xem cách dùng: caunoi init --help",
        ),
        (
            "study publish --json",
            "Còn thiếu TÊN-TÀI-LIỆU nên chưa làm gì. Xem cách dùng: caunoi study publish --help",
        ),
        (
            "study publish x --pass-mark 101",
            (
                "--pass-mark không nhận “101”: cần một số nguyên từ 0 đến 100. "
                "Chưa làm gì; xem cách dùng: caunoi study publish --help"
            ),
        ),
        (
            "demo --port abc",
            (
                "--port không nhận “abc”: cần một số nguyên từ 1 đến 65535. "
                "Chưa làm gì; xem cách dùng: caunoi demo --help"
            ),
        ),
        (
            "study publish x --pass-mark",
            (
                "Sau --pass-mark còn thiếu một giá trị nên chưa làm gì. "
                "Xem cách dùng: caunoi study publish --help"
            ),
        ),
        (
            "study list --json=yes",
            "--json đứng một mình, không kèm giá trị; chưa làm gì. Xem cách dùng: caunoi study list --help",
        ),
        (
            "study publish x --passmark 3",
            (
                "Không có tuỳ chọn --passmark nên chưa làm gì. Có phải ý là --pass-mark? "
                "Xem cách dùng: caunoi study publish --help"
            ),
        ),
        ("-x", "Không có tuỳ chọn -x nên chưa làm gì. Xem cách dùng: caunoi --help"),
        (
            "init --branch A --chair Mai Anh",
            (
                "“Anh” là phần thừa trên dòng lệnh nên chưa làm gì. Tên có dấu cách thì đặt trong nháy kép; "
                "xem cách dùng: caunoi init --help"
            ),
        ),
        (
            "roster import khong-co.xlsx",
            (
                "Không mở được tệp danh sách nên chưa có gì thay đổi. "
                "Kiểm tra lại tên tệp, đường dẫn và quyền đọc."
            ),
        ),
        (
            "study publish x --deadline 2026-02-30",
            "“2026-02-30” không phải là ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2026-12-31. Chưa làm gì.",
        ),
    ],
)
def test_wrong_words_get_one_sentence(here: Caunoi, line: str, sentence: str) -> None:
    assert here(*line.split()).refusal() == sentence


def test_a_wrong_word_is_repeated_in_one_short_line(here: Caunoi) -> None:
    refusal = here(f"a\n\x1b[31m{'b' * 500}").refusal()
    assert "\x1b" not in refusal
    assert f"“caunoi a [31m{'b' * 54}…”" in refusal


@pytest.mark.parametrize("group", [(), ("study",), ("roster",), ("evidence",), ("--",)])
def test_a_group_alone_shows_its_help(here: Caunoi, group: tuple[str, ...]) -> None:
    said = here(*group)
    assert (said.code, said.err) == (2, "")
    assert said.out.startswith("Cách dùng: caunoi ")
    assert not said.out.endswith("\n\n")


def paths(command: object, *path: str) -> list[tuple[str, ...]]:
    if isinstance(command, TyperGroup):
        return [
            path,
            *(each for name, inner in command.commands.items() for each in paths(inner, *path, name)),
        ]
    return [path]


@pytest.mark.parametrize("path", paths(get_command(app)), ids=" ".join)
def test_help_is_vietnamese(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*path, "--help"], prog_name="caunoi")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.startswith(" ".join(["Cách dùng: caunoi", *path]))
    assert not ENGLISH.search(shown.stdout)
    assert re.search(r"^  --help +In trang này\.$", shown.stdout, re.MULTILINE)


def test_help_names_what_a_command_takes() -> None:
    shown = CliRunner().invoke(app, ["study", "publish", "--help"], prog_name="caunoi").stdout
    assert shown.startswith("Cách dùng: caunoi study publish TÊN-TÀI-LIỆU [TUỲ CHỌN]\n")
    assert re.search(r"^  TÊN-TÀI-LIỆU +Tên thư mục của tài liệu\. Bắt buộc\.$", shown, re.MULTILINE)
    assert re.search(r"^  --deadline NĂM-THÁNG-NGÀY  Ngày cuối", shown, re.MULTILINE)
    demo = CliRunner().invoke(app, ["demo", "--help"]).stdout
    assert re.search(r"^  --port SỐ +Cổng của trang web\. Mặc định: 8080\.$", demo, re.MULTILINE)


def parameters(command: object) -> list[object]:
    if isinstance(command, TyperGroup):
        return [each for inner in command.commands.values() for each in parameters(inner)]
    assert isinstance(command, TyperCommand)
    return list(command.params)


def test_whatever_can_be_refused_says_what_it_takes() -> None:
    numbers = {
        each.name for each in parameters(get_command(app)) if isinstance(each, TyperOption) and each.max
    }
    assert numbers == {"port", "pass_mark", "year", "limit"}
    assert all(texts().label(f"cli/expects_{name}") for name in numbers)
