"""Wrong settings are told in one Vietnamese sentence that never repeats a secret."""

from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pytest
from pydantic import ValidationError

from bot.branch import make_services
from bot.cli.mistakes import explain
from bot.config import Settings
from storage.branch import Branch
from tests.cli.conftest import Caunoi

ADVICE = " Chưa làm gì; sửa biến môi trường hoặc tệp .env rồi chạy lại."
SECRET = "geheim"
DATABASES = "sqlite:///TỆP hoặc postgresql://TÊN:MẬT-KHẨU@MÁY/CƠ-SỞ-DỮ-LIỆU"


def problem(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> str:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None)  # type: ignore[call-arg]
    return explain(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("CAUNOI_WEB_PORT", "abc", "một số nguyên từ 0 đến 65535"),
        ("CAUNOI_WEB_PORT", "65536", "một số nguyên từ 0 đến 65535"),
        ("CAUNOI_TIMEZONE", "Asia/Hanoi", "tên một múi giờ, như Asia/Ho_Chi_Minh"),
        ("CAUNOI_TIMEZONE", "Asia", "tên một múi giờ, như Asia/Ho_Chi_Minh"),
        ("CAUNOI_PUBLIC_URL", "caunoi.example.vn", "một địa chỉ mở đầu bằng http:// hoặc https://"),
        ("CAUNOI_PUBLIC_URL", "https://", "một địa chỉ mở đầu bằng http:// hoặc https://"),
        ("CAUNOI_TELEGRAM_API_URL", "http://[", "một địa chỉ mở đầu bằng http:// hoặc https://"),
        ("CAUNOI_TELEGRAM_MODE", "push", "polling hoặc webhook"),
        ("CAUNOI_ADDRESS_AS", "bạn", "anh/chị hoặc đồng chí"),
        ("CAUNOI_SEND_RATE", "nan", "một số không âm, như 28"),
        ("CAUNOI_SEND_RATE", "-1", "một số không âm, như 28"),
        ("CAUNOI_LOG_LEVEL", "TRACE", "DEBUG, INFO, WARNING hoặc ERROR"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    said = problem(monkeypatch, name, value)
    assert said == f"Thiết đặt {name} đang là “{value}” nhưng cần {expected}.{ADVICE}"


@pytest.mark.parametrize("value", [f"mysql://me:{SECRET}@host/name", f"{SECRET} and no address", "sqlite://"])
def test_the_databases_address_is_not_repeated(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    said = problem(monkeypatch, "CAUNOI_DATABASE_URL", value)
    assert said == f"Thiết đặt CAUNOI_DATABASE_URL chưa đúng: cần {DATABASES}.{ADVICE}"


@pytest.mark.parametrize("value", [f"postgresql://me:{SECRET}@host/name", f"123456:{SECRET * 6}"])
def test_a_secret_in_the_wrong_place_is_not_repeated(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    said = problem(monkeypatch, "CAUNOI_PUBLIC_URL", value)
    assert "CAUNOI_PUBLIC_URL" in said
    assert SECRET not in said


@pytest.mark.parametrize("channel", ["TELEGRAM", "ZALO_BOT"])
def test_a_webhook_needs_an_address(monkeypatch: pytest.MonkeyPatch, channel: str) -> None:
    said = problem(monkeypatch, f"CAUNOI_{channel}_MODE", "webhook")
    assert "cần có CAUNOI_PUBLIC_URL" in said


def test_an_official_account_needs_its_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    said = problem(monkeypatch, "CAUNOI_ZALO_OA_APP_ID", "4096")
    assert "cần đủ CAUNOI_ZALO_OA_SECRET_KEY" in said


def test_commands_say_it_on_stderr(caunoi: Caunoi) -> None:
    refusal = caunoi("settings", "--json", CAUNOI_WEB_PORT="abc").refusal()
    assert refusal.startswith("Thiết đặt CAUNOI_WEB_PORT đang là “abc” nhưng cần một số nguyên")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_people_are_spoken_to_as_the_setting_says(
    monkeypatch: pytest.MonkeyPatch, form: Literal["NFC", "NFD"]
) -> None:
    monkeypatch.setenv("CAUNOI_ADDRESS_AS", normalize(form, " Đồng chí"))
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    said = make_services(settings, Branch("Công đoàn", "t3st")).texts.render("home/busy")
    assert "đồng chí" in said.lower()
    assert "anh/chị" not in said.lower()


def test_an_empty_setting_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.setenv(f"CAUNOI_{field.upper()}", "")
    assert Settings(_env_file=None) == Settings.model_construct()  # type: ignore[call-arg]


def test_unknown_settings_are_told_and_disturb_nothing(caunoi: Caunoi, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"CAUNOI_TELEGRAM_TOKN={SECRET}\nOTHERS=1\n", "utf-8")
    said = caunoi("settings", "--json", CAUNOI_WEB_PROT="90", CAUNOI_XYZ="1")
    assert said.code == 0
    assert said.json["CAUNOI_WEB_PORT"] == "8080"
    see = "Xem các thiết đặt: caunoi settings"
    none = "nên giá trị ấy không được dùng."
    assert said.err.splitlines() == [
        f"Lưu ý: không có thiết đặt CAUNOI_TELEGRAM_TOKN {none} Có phải ý là CAUNOI_TELEGRAM_TOKEN? {see}",
        f"Lưu ý: không có thiết đặt CAUNOI_WEB_PROT {none} Có phải ý là CAUNOI_WEB_PORT? {see}",
        f"Lưu ý: không có thiết đặt CAUNOI_XYZ {none} {see}",
    ]


def test_a_settings_file_in_another_encoding_is_told_once(caunoi: Caunoi, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("CAUNOI_WEB_HOST=máy".encode("utf-16"))
    assert caunoi("settings").refusal().startswith("Tệp .env không ghi bằng bảng mã UTF-8")
    assert caunoi("check").code == 0
