"""What the doctor finds of the official account, without using up its token."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.zalo_oa.keeping import Keeping, Kept, fingerprint
from bot.doctor import zalo_oa
from tests.channels.telegram.harness import gateway, unused_url
from tests.doctor.conftest import Doctor, states
from tests.doubles.zalo import ZaloOaDouble

SEED = "the operator's first token"
ACCOUNT = {
    "zalo_oa_app_id": "4096",
    "zalo_oa_secret_key": "key of the app",
    "zalo_oa_webhook_key": "key of the account",
    "zalo_oa_refresh_token": SEED,
    "public_url": "https://cau-noi.cong-doan-co-so-chi-nhanh-thu-nghiem.example.vn",
}


@pytest.fixture
async def double() -> AsyncIterator[ZaloOaDouble]:
    async with ZaloOaDouble() as started:
        yield started


class Pair:
    """The pair that is kept, a good one at first."""

    def __init__(self, doctor: Doctor, folder: Path, double: ZaloOaDouble) -> None:
        self._folder = folder / "keys" / "zalo-oa"
        self.good = Kept(
            access=double.oauth.access_token,
            refresh=double.oauth.refresh_token,
            due=doctor.clock.now() + timedelta(hours=19),
            ends=doctor.clock.now() + timedelta(hours=25),
            seeds=(fingerprint(SEED),),
        )

    def keep(self, **changes: Any) -> None:
        keeping = Keeping(self._folder)
        with keeping.locked(1):
            keeping.write(replace(self.good, **changes))


@pytest.fixture
def pair(doctor: Doctor, tmp_path: Path, double: ZaloOaDouble) -> Pair:
    return Pair(doctor, tmp_path, double)


async def _sees(doctor: Doctor, url: str, **changes: str) -> list[dict[str, str]]:
    found = await doctor.sees(zalo_oa.check, **(ACCOUNT | {"zalo_oa_api_url": url} | changes))
    for secret in (SEED, "key of the", "access-", "refresh-"):
        assert secret not in str(found)
    return found


async def test_an_account_that_can_be_written_for(doctor: Doctor, double: ZaloOaDouble, pair: Pair) -> None:
    assert states(await doctor.sees(zalo_oa.check)) == {"zalo_oa": "ok"}
    pair.keep()
    found = await _sees(doctor, double.url)
    assert states(found) == {"zalo_oa": "ok", "zalo_oa_token": "ok", "zalo_oa_webhook": "ok"}
    assert "“Công đoàn”" in found[0]["message"]
    assert "09:30 03/03/2026" in found[1]["message"]
    assert f"{ACCOUNT['public_url']}/zalo/oa/webhook" in found[2]["message"]
    assert [call.method for call in double.calls] == ["getoa"]


async def test_before_the_first_pair(doctor: Doctor, double: ZaloOaDouble) -> None:
    assert states(await _sees(doctor, double.url))["zalo_oa_token"] == "warning"
    [found, _] = await _sees(doctor, double.url, zalo_oa_refresh_token="")
    assert (found["state"], "Chưa có refresh token" in found["message"]) == ("problem", True)
    assert list(double.calls) == []


async def test_a_pair_that_is_over_and_one_that_zalo_has_refused(
    doctor: Doctor, double: ZaloOaDouble, pair: Pair
) -> None:
    pair.keep(ends=doctor.clock.now() - timedelta(hours=1))
    [found, _] = await _sees(doctor, double.url)
    assert (found["state"], "hết hạn lúc 07:30 02/03/2026" in found["message"]) == ("warning", True)
    asked = (ACCOUNT["zalo_oa_app_id"], ACCOUNT["zalo_oa_secret_key"], pair.good.refresh)
    pair.keep(refused=(fingerprint(*asked),), ends=doctor.clock.now())
    [found, _] = await _sees(doctor, double.url)
    assert (found["state"], "đã từ chối" in found["message"]) == ("problem", True)


async def test_a_token_that_zalo_does_not_take_and_a_platform_that_is_away(
    doctor: Doctor, double: ZaloOaDouble, pair: Pair
) -> None:
    pair.keep()
    double.oauth.end_access()
    found = await _sees(doctor, double.url)
    assert (found[0]["state"], "lỗi -216" in found[0]["message"]) == ("problem", True)
    assert states(await _sees(doctor, unused_url()))["zalo_oa"] == "warning"
    async with gateway(200) as page:
        assert states(await _sees(doctor, page))["zalo_oa"] == "warning"
