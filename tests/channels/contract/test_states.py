"""What /healthz is told, and how a channel starts and ends."""

import pytest

from bot import system
from bot.channels.standing import State
from tests.channels.contract.bench import SAID, Bench, Fault
from tests.channels.contract.letters import outgoing


async def test_it_says_when_it_works(bench: Bench) -> None:
    assert bench.channel.state == State.STARTING
    async with bench.running():
        assert bench.channel.state == State.OK


@pytest.mark.needs("polls")
@pytest.mark.parametrize(
    ("fault", "state"),
    [("token", State.REFUSED), ("failing", State.UNAVAILABLE), ("close", State.UNAVAILABLE)],
)
async def test_it_says_what_is_wrong_until_it_is_over(bench: Bench, fault: Fault, state: State) -> None:
    lan = await bench.person()
    async with bench.running():
        bench.asking_fails(fault)
        await bench.is_in(state)
        bench.behaves()
        await lan.says("còn đây")
        await bench.taken.until(1)
        assert bench.channel.state == State.OK


@pytest.mark.needs("network")
async def test_a_refused_token_is_seen_by_sending_too(bench: Bench) -> None:
    lan = await bench.person()
    async with bench.running():
        bench.fails("token")
        await bench.channel.push(outgoing(lan))
        assert bench.channel.state == State.REFUSED
        bench.behaves()
        await bench.channel.push(outgoing(lan))
        assert bench.channel.state == State.OK


async def test_stopped_and_closed_it_leaves_nothing_running(bench: Bench) -> None:
    lan = await bench.person()
    before = set(system._tasks)
    async with bench.running():
        await lan.says(SAID)
        await bench.taken.until(1)
        await bench.channel.push(outgoing(lan))
    await bench.channel.close()
    await bench.channel.close()
    assert {task for task in system._tasks - before if not task.done()} == set()
