"""The token pair: fetched, kept, renewed ahead of time, and what goes wrong with it."""

import asyncio
import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from structlog.testing import capture_logs

from bot.channels.standing import Standing, State
from bot.channels.zalo_oa import asking, renewal_child
from bot.channels.zalo_oa import tokens as module
from bot.channels.zalo_oa.asking import Pair
from bot.channels.zalo_oa.keeping import Keeping, Kept
from bot.channels.zalo_oa.renewal import Order, Outcome
from bot.channels.zalo_oa.tokens import NOT_WRITABLE, TOKEN_REFUSED, NoTokenError
from bot.system import spawn
from tests.channels.zalo_oa.conftest import MakeTokens
from tests.channels.zalo_oa.harness import KEY, SEED, access, account, asked, new_seed
from tests.doubles.zalo import ZaloOaDouble
from tests.world import SetClock

DUE = timedelta(seconds=90_000 * 3 / 4)


def state(standing: Standing) -> State:
    return standing.state


def modes(folder: Path) -> dict[str, int]:
    paths = {".": folder, **{path.name: path for path in folder.iterdir()}}
    return {name: stat.S_IMODE(path.stat().st_mode) for name, path in paths.items()}


def leads_nowhere(path: Path) -> None:
    """Nothing can be written there, by root neither."""
    path.parent.mkdir(parents=True)
    path.symlink_to(path.parent / "nowhere" / path.name)


async def none(tokens: module.Tokens, refused: str = "") -> timedelta:
    with pytest.raises(NoTokenError) as caught:
        await tokens.access(refused=refused)
    return caught.value.wait


async def test_the_first_token_comes_from_the_operators(make: MakeTokens, double: ZaloOaDouble) -> None:
    tokens = make()
    assert [await tokens.access() for _ in range(3)] == [access(2)] * 3
    assert await make().access() == access(2)
    assert asked(double) == [1]


async def test_the_pair_is_for_its_owner_alone(make: MakeTokens, folder: Path) -> None:
    await make().access()
    assert modes(folder) == {".": 0o700, "lock": 0o600, "tokens.json": 0o600}


async def test_it_is_renewed_ahead_of_time(make: MakeTokens, double: ZaloOaDouble, clock: SetClock) -> None:
    tokens = make()
    await tokens.access()
    clock.forward(seconds=DUE.total_seconds() - 1)
    assert await tokens.access() == access(2)
    clock.forward(seconds=1)
    assert await tokens.access() == access(3)
    assert asked(double) == [1, 2]


@pytest.mark.parametrize(
    ("given", "believed"),
    [(90000, 90_000), ("7200", 7_200), ("9" * 30, 90_000), ("soon", 3_600), (None, 3_600)],
)
def test_a_pair_isnt_thrown_away_for_its_time(given: object, believed: int) -> None:
    assert Pair("access", "refresh", given).life == timedelta(seconds=believed)


async def test_one_that_zalo_refuses_is_renewed_once(
    make: MakeTokens, double: ZaloOaDouble, clock: SetClock
) -> None:
    tokens = make()
    await tokens.access()
    clock.forward(minutes=5)
    assert await tokens.access(refused=access(2)) == access(3)
    # Who was refused with the old one too.
    assert await tokens.access(refused=access(2)) == access(3)
    # Zalo refuses the new one, too: that doesn't become a loop.
    assert await none(tokens, access(3)) == timedelta(minutes=5)
    assert asked(double) == [1, 2]


async def test_all_wait_for_one_renewal(make: MakeTokens, double: ZaloOaDouble) -> None:
    # As a standby or a command beside the bot would.
    both = [make(), make()]
    got = await asyncio.gather(*(tokens.access() for tokens in both * 3))
    assert set(got) == {access(2)}
    assert asked(double) == [1]


async def test_who_waits_no_longer_ends_no_renewal(make: MakeTokens, double: ZaloOaDouble) -> None:
    tokens = make()
    held = double.oauth.hold("used")
    waiting = spawn(tokens.access(), "waiting")
    await held.reached.wait()
    waiting.cancel()
    held.release()
    await tokens.close()
    assert await tokens.access() == access(2)
    assert asked(double) == [1]


async def test_a_closed_program_leaves_the_renewal_alone(
    make: MakeTokens, double: ZaloOaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = make()
    held = double.oauth.hold("used")
    with monkeypatch.context() as patch:
        patch.setattr(module, "_CALLER_S", 0.1)
        patch.setattr(module, "_CLOSE_S", 0.1)
        assert await none(tokens) == module._SOON
        await tokens.close()
    held.release()
    assert [await make().access(), await tokens.access()] == [access(2)] * 2
    assert double.oauth.reused == 0


async def test_it_is_renewed_while_nobody_sends(
    make: MakeTokens, double: ZaloOaDouble, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEEP_EVERY_S", 0.01)
    tokens = make()
    double.fault("close", times=1)
    await none(tokens)
    keeping = spawn(tokens.keep(), "keeping")
    # It has found none, and goes on.
    await asyncio.sleep(0)
    clock.forward(minutes=1)
    await double.until(lambda: asked(double) == [1, 1])
    assert await tokens.access() == access(2)
    keeping.cancel()


# What goes wrong.


async def test_without_a_connection_the_old_one_serves_on(
    make: MakeTokens, double: ZaloOaDouble, clock: SetClock, standing: Standing
) -> None:
    await make().access()
    clock.forward(seconds=DUE.total_seconds())
    away = make(url="http://127.0.0.1:1")
    with capture_logs() as lines:
        assert [await away.access(), await away.access()] == [access(2)] * 2
    told = {
        "event": "zalo_oa_token_not_renewed",
        "outcome": "unreachable",
        "again_in_s": 30.0,
        "log_level": "warning",
    }
    assert lines == [told]
    assert state(standing) is State.OK
    clock.forward(hours=7)
    assert await none(away) == module._SOON
    assert state(standing) is State.UNAVAILABLE
    assert await make().access() == access(3)
    assert state(standing) is State.OK
    assert asked(double) == [1, 2]


async def test_while_zalo_doesnt_answer_nobody_waits_whom_the_old_one_serves(
    make: MakeTokens, double: ZaloOaDouble, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = make()
    await tokens.access()
    clock.forward(seconds=DUE.total_seconds())
    monkeypatch.setattr(module, "_BRIEFLY_S", 0.0)
    monkeypatch.setattr(module, "_CALLER_S", 60.0)
    held = double.oauth.hold("used")
    async with asyncio.timeout(5):
        assert await tokens.access() == access(2)
    held.release()
    await tokens.close()
    assert await tokens.access() == access(3)


async def test_a_clock_that_is_put_back_holds_nobody_up(
    make: MakeTokens, double: ZaloOaDouble, clock: SetClock
) -> None:
    tokens = make()
    double.fault("close", times=2)
    clock.forward(hours=24)
    assert await none(tokens) == module._SOON
    clock.forward(hours=-24)
    assert await none(tokens) == module._SOON
    clock.forward(seconds=30)
    assert await tokens.access() == access(2)
    # Zalo ends it, by its own clock, while ours is put back once more.
    clock.forward(hours=-24)
    assert await tokens.access(refused=access(2)) == access(3)


@pytest.mark.parametrize("fault", ["close", "garbage", 502, -32])
async def test_without_an_answer_the_same_is_asked_again_later(
    fault: Any, make: MakeTokens, double: ZaloOaDouble, clock: SetClock, standing: Standing
) -> None:
    double.fault(fault, times=1)
    tokens = make()
    assert [await none(tokens), await none(tokens)] == [module._SOON] * 2
    assert state(standing) is State.UNAVAILABLE
    assert asked(double) == [1]
    clock.forward(seconds=30)
    assert await tokens.access() == access(2)
    assert state(standing) is State.OK


async def test_an_answer_is_waited_for_longer_than_a_connection(
    double: ZaloOaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "CONNECT_S", 0.2)
    held = double.oauth.hold("used")
    answer = spawn(asyncio.to_thread(asking.ask, account(double), SEED), "asking")
    await held.reached.wait()
    await asyncio.sleep(0.3)
    held.release()
    assert (await answer).access_token == access(2)


async def test_a_dead_pair_is_asked_for_once_and_replaced_by_the_operator(
    make: MakeTokens, double: ZaloOaDouble, clock: SetClock, standing: Standing
) -> None:
    await make().access()
    clock.forward(hours=26)
    double.fault("close", accepted=True, times=1)
    tokens = make()
    with capture_logs() as lines:
        await none(tokens)
        for _ in range(3):
            clock.forward(minutes=5)
            await none(tokens)
        await none(make())
    assert [line["problem"] for line in lines if line["event"] == "channel_refused"] == [TOKEN_REFUSED]
    assert state(standing) is State.REFUSED
    # The second time because nobody knew; then never again, also by another program.
    assert asked(double) == [1, 2, 2]
    assert await make(new_seed(double)).access() == access(5)
    assert state(standing) is State.OK
    # A program that still has the old setting lives on the new pair.
    assert await make(SEED).access() == access(5)
    assert asked(double) == [1, 2, 2, 4]


async def test_a_new_token_goes_before_a_pair_that_works(make: MakeTokens, double: ZaloOaDouble) -> None:
    await make().access()
    assert await make(new_seed(double)).access() == access(4)
    assert asked(double) == [1, 3]


async def test_a_wrong_new_token_leaves_a_pair_that_works(
    make: MakeTokens, double: ZaloOaDouble, clock: SetClock, standing: Standing
) -> None:
    await make().access()
    tokens = make("mistyped")
    assert await tokens.access() == access(2)
    assert state(standing) is State.REFUSED
    clock.forward(hours=26)
    assert await tokens.access() == access(3)
    assert asked(double) == [1, 0, 2]


async def test_with_the_right_key_it_is_another_question(make: MakeTokens, double: ZaloOaDouble) -> None:
    await none(make(secret_key="mistyped"))
    await none(make(secret_key="mistyped"))
    assert asked(double) == [1]
    assert await make().access() == access(2)


async def test_without_any_token_nobody_is_asked(
    make: MakeTokens, double: ZaloOaDouble, standing: Standing
) -> None:
    await none(make(""))
    assert state(standing) is State.REFUSED
    assert asked(double) == []


async def test_what_couldnt_be_kept_isnt_asked_for(
    make: MakeTokens, double: ZaloOaDouble, folder: Path, clock: SetClock, standing: Standing
) -> None:
    draft = folder / "tokens.new"
    leads_nowhere(draft)
    tokens = make()
    with capture_logs() as lines:
        assert await none(tokens) == timedelta(minutes=5)
    assert [line["problem"] for line in lines] == [NOT_WRITABLE]
    assert state(standing) is State.REFUSED
    assert asked(double) == []
    draft.unlink()
    clock.forward(minutes=5)
    assert await tokens.access() == access(2)


async def test_a_process_that_fails_is_started_again_later(
    double: ZaloOaDouble, folder: Path, clock: SetClock, standing: Standing
) -> None:
    for program in (["/no/such/program"], ["/bin/sh", "-c", "kill -9 $$"], ["/bin/sh", "-c", "exit 3"]):
        tokens = module.Tokens(account(double), folder, clock, standing, program)
        with capture_logs() as lines:
            assert await none(tokens) == module._SOON
        assert [line["outcome"] for line in lines] == ["failed"]


async def test_who_waits_for_the_lock_doesnt_wait_for_ever(
    double: ZaloOaDouble, folder: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal_child, "LOCK_S", 0.0)
    order = Order(str(folder), account(double), "", clock.now())
    with Keeping(folder).locked(0.0):
        assert renewal_child.renew(order) is Outcome.LOCKED
    assert asked(double) == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"access": 1}'])
def test_a_file_that_isnt_ours_is_no_pair(content: str, tmp_path: Path) -> None:
    tmp_path.joinpath("tokens.json").write_text(content)
    assert Keeping(tmp_path).read() == Kept()


# What nobody sees.


async def test_no_secret_stands_in_words_environment_or_log(
    make: MakeTokens, double: ZaloOaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAUNOI_ZALO_OA_SECRET_KEY", KEY)
    monkeypatch.setenv("SSL_CERT_FILE", "/authorities.pem")
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    held = double.oauth.hold("used")
    with capture_logs() as lines:
        waiting = spawn(make().access(), "waiting")
        await held.reached.wait()
        [child] = psutil.Process().children()
        assert child.cmdline()[1:] == ["-I", "-B", "-m", "bot.channels.zalo_oa.renewal_child"]
        assert set(child.environ()) <= {"LC_CTYPE", "SSL_CERT_FILE"}
        assert os.getsid(child.pid) == child.pid
        child.terminate()
        held.release()
        assert await waiting == access(2)
    assert lines == []


async def test_shown_values_tell_no_secret(make: MakeTokens, double: ZaloOaDouble, folder: Path) -> None:
    await make().access()
    kept = Keeping(folder).read()
    assert (kept.access, kept.refresh) == (access(2), double.oauth.refresh_token)
    shown = repr([account(double), kept, Pair(kept.access, kept.refresh)])
    assert not [each for each in (SEED, KEY, kept.access, kept.refresh) if each in shown]
    assert SEED not in (folder / "tokens.json").read_text()
