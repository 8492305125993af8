"""The composition root: every part is made and joined here, started in order and stopped in reverse."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from bot import logs
from bot.branch import open_branch, signing_keys
from bot.channels.closed import Closed
from bot.channels.opened import Channels, lease_names, open_channels, secrets_of
from bot.concerns import Traces, make_room
from bot.config import Settings
from bot.delivery.chats import Chats
from bot.delivery.gate import Gate
from bot.delivery.pacing import Pacing
from bot.delivery.worker import DeliveryWorker
from bot.engine import Engine
from bot.features import make_router, private_features
from bot.jobs.budgets import BudgetRounds
from bot.jobs.carrier import Carrier
from bot.jobs.concerns import ConcernRounds
from bot.jobs.evidence import EvidenceRounds
from bot.jobs.numbers import Numbers
from bot.jobs.rounds import Rounds
from bot.jobs.scheduler import Look, finish, make_scheduler
from bot.jobs.stamps import StampRounds, stamp_service
from bot.jobs.steadiness import Steadiness
from bot.leading import Leadership
from bot.menus import OfficerMenus
from bot.private.lane import PrivateLane
from bot.system import SystemChance, SystemClock, lasting, spawn
from bot.web.app import make_app
from bot.web.browser_code import check_complete
from bot.web.calendar_feed import CalendarFeed
from bot.web.server import WebServer
from bot.web.site import HERE, WebSettings
from handlers.concerns.room import Room
from handlers.kit.channel import Outlet
from handlers.kit.context import Services
from handlers.kit.feature import Command
from handlers.kit.private import PrivateCommand
from storage import accounts, delivery, shared
from storage.database import Database
from storage.instance_lock import only_instance
from storage.lease_holder import lease_holder

log = structlog.get_logger()
# Messages a second over all, where a platform publishes a limit; the others aren't paced.
SEND_RATES = {"telegram": 28.0}


async def run(settings: Settings, *, demo: bool = False) -> None:
    """Run the branch until SIGINT or SIGTERM; everything under way is finished first."""
    # Before anything is set up: a standby would else find out when it takes over.
    check_complete(HERE / "static")
    logs.configure(settings.log_level, secrets_of(settings))
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    with only_instance(settings.database):
        async with open_branch(settings) as (database, services), _candidate(settings, database) as candidate:
            gate, leadership = candidate
            while await leadership.won(stop):
                async with (
                    leadership.term() as over,
                    _working(settings, database, services, gate, demo=demo) as port,
                ):
                    log.info("running", web=f"http://{settings.web_host}:{port}")
                    await _either(stop, over)
                    log.info("stopping")


@asynccontextmanager
async def _candidate(settings: Settings, database: Database) -> AsyncIterator[tuple[Gate, Leadership]]:
    """This process as one that may send; the gate is closed until it does."""
    gate, chance = Gate(lasting), SystemChance()
    holder = lease_holder(database, lambda: chance.token(8).hex(), gate.close)
    try:
        yield gate, Leadership(holder, lease_names(settings), gate, SystemClock(), lasting)
    finally:
        await holder.close()


@asynccontextmanager
async def _working(
    settings: Settings, database: Database, services: Services, gate: Gate, *, demo: bool
) -> AsyncIterator[int]:
    """The whole program at work inside the block; yields the port of its web pages."""
    async with AsyncExitStack() as stack:
        async with database.read() as tx:
            known = await accounts.channels(tx)
        parts = _make(settings, database, services, gate, known)
        async with database.write() as tx:
            # Before anything newer is said: what is late then still goes out, in its order.
            await delivery.release(tx, SystemClock().now())
            await shared.release(tx, list(parts.channels.outlets(known)), SystemClock().now())
        parts.concerns.make_ready()
        for budget in parts.channels.budgets.values():
            await budget.load()
            # What is sent to the very end is counted too.
            stack.push_async_callback(budget.close)
        channels = parts.channels.by_name.values()
        for channel in channels:
            stack.push_async_callback(channel.close)
        _beside(stack, parts.delivery.run(), "delivery")
        for channel in channels:
            _beside(stack, channel.run(partial(parts.engine.receive, channel)), channel.name)
        scheduler = make_scheduler(_looks(parts, settings, database, services))
        scheduler.start()
        stack.push_async_callback(finish, scheduler)
        web = _serve(settings, database, services, parts, demo=demo)
        stack.push_async_callback(web.stop)
        yield web.port


@dataclass(frozen=True, slots=True)
class _Parts:
    channels: Channels
    delivery: DeliveryWorker
    lane: PrivateLane
    engine: Engine
    room: Room
    concerns: ConcernRounds


def _make(
    settings: Settings, database: Database, services: Services, gate: Gate, known: Iterable[str]
) -> _Parts:
    """Every part, made and joined, none of them at work yet; `known` are channels that people are on."""
    clock = SystemClock()
    traces = Traces(database)
    room = make_room(settings, services.branch, clock, SystemChance(), traces.forget_soon)
    private = private_features(room)
    router = make_router(services.branch.tag, private=private)
    listed: list[Command | PrivateCommand] = [*router.commands]
    listed += [command for feature in private for command in feature.commands]
    channels = open_channels(settings, database, services, listed)
    outlets = channels.outlets(known)
    delivery = DeliveryWorker(database, outlets, clock, _pacing(settings, outlets, gate))
    lane = PrivateLane(database, services, private, clock, delivery)
    engine = Engine(database, services, router, clock, delivery, lane=lane)
    numbers = Numbers(database, clock, lambda: channels.telegram.confirmed if channels.telegram else 0)
    rounds = ConcernRounds(
        database,
        services,
        clock,
        lasting,
        room=room,
        traces=traces,
        numbers=numbers,
        push=delivery.dispatch_ephemeral,
    )
    return _Parts(channels, delivery, lane, engine, room, rounds)


def _looks(parts: _Parts, settings: Settings, database: Database, services: Services) -> list[Look]:
    clock, wake = SystemClock(), parts.delivery.wake
    carrier = Carrier(database, services, clock, wake, Steadiness(clock, lasting))
    looks: list[Look] = [
        *Rounds(database, services, clock, wake).looks(),
        *carrier.looks(),
        *parts.concerns.looks(),
    ]
    looks += EvidenceRounds(database, services, clock, signing_keys(settings)).looks()
    looks += StampRounds(database, clock, stamp_service(settings.timestamp_url)).looks()
    looks += BudgetRounds(database, services, clock, wake, parts.channels.budgets.values()).looks()
    looks.append(Look("private conversations", timedelta(minutes=1), parts.lane.sweep))
    telegram = parts.channels.telegram
    if telegram is not None:
        menus = OfficerMenus(database, telegram)
        looks.append(Look("officers' menus", timedelta(seconds=20), menus.refresh))
    return looks


def _serve(
    settings: Settings,
    database: Database,
    services: Services,
    parts: _Parts,
    *,
    demo: bool,
) -> WebServer:
    channels = parts.channels
    app = make_app(
        WebSettings(demo=demo, public_url=settings.public_url, timezone=settings.timezone),
        database=database,
        services=services,
        keys=parts.room.keys,
        chat=channels.webchat,
        channels=list(channels.by_name.values()),
        links=channels.links,
        clock=SystemClock(),
        chance=SystemChance(),
        more=[*CalendarFeed(database, services, SystemClock()).routes, *channels.routes],
        telegram_name=lambda: channels.telegram.username if channels.telegram else "",
    )
    return WebServer(app, settings.web_host, settings.web_port, channels.webchat.streams.close)


def _pacing(settings: Settings, outlets: Mapping[str, Outlet], gate: Gate) -> dict[str, Pacing]:
    """A pace for each channel; `CAUNOI_SEND_RATE` is for those whose platform sets a limit, and 0 lifts that
    of each chat too.
    """
    paces = {}
    for name, outlet in outlets.items():
        rate = 0.0 if isinstance(outlet, Closed) else SEND_RATES.get(name, 0.0)
        if rate and settings.send_rate is not None:
            rate = settings.send_rate
        paces[name] = Pacing(rate, time.monotonic, gate=gate, chats=Chats() if rate else None)
    return paces


async def _either(*events: asyncio.Event) -> None:
    """Wait until one of them is set."""
    waiting = [spawn(each.wait(), "end") for each in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for each in waiting:
        each.cancel()


def _beside(stack: AsyncExitStack, work: Coroutine[Any, Any, None], name: str) -> None:
    """Run until the stack unwinds; then cancel and wait for the end."""
    task = spawn(work, name)

    async def end() -> None:
        task.cancel()
        await asyncio.wait([task])

    stack.push_async_callback(end)
