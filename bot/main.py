"""The composition root: every part is made and joined here, started in order and stopped in reverse."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from starlette.routing import BaseRoute

from bot import logs
from bot.branch import open_branch
from bot.channels.telegram.adapter import Telegram
from bot.channels.webchat import WebChat
from bot.channels.webstreams import Streams
from bot.config import Settings
from bot.delivery.pacing import Pacing
from bot.delivery.worker import DeliveryWorker
from bot.engine import Engine
from bot.features import make_router
from bot.jobs.duties import Duties
from bot.jobs.scheduler import Job, make_scheduler
from bot.menus import OfficerMenus, commands_for
from bot.routing import Router
from bot.system import SystemChance, SystemClock, spawn
from bot.web.app import make_app
from bot.web.server import WebServer
from bot.web.site import WebSettings
from handlers.kit.channel import Channel
from handlers.kit.context import Services
from storage.database import Database
from storage.instance_lock import only_instance

log = structlog.get_logger()
# Messages a second over all, where a platform publishes a limit; the others aren't paced.
SEND_RATES = {"telegram": 28.0}


async def run(settings: Settings, *, demo: bool = False) -> None:
    """Run the branch until SIGINT or SIGTERM; everything under way is finished first."""
    logs.configure(settings.log_level, [settings.telegram_token.get_secret_value()])
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with only_instance(settings.database), running(settings, demo=demo) as port:
        log.info("running", web=f"http://{settings.web_host}:{port}")
        await stop.wait()
        log.info("stopping")


@asynccontextmanager
async def running(settings: Settings, *, demo: bool = False) -> AsyncIterator[int]:
    """The whole program at work inside the block; yields the port of its web pages."""
    async with AsyncExitStack() as stack:
        database, services = await stack.enter_async_context(open_branch(settings))
        clock = SystemClock()
        webchat = WebChat(database, clock, SystemChance(), Streams())
        router = make_router(services.branch.tag)
        telegram = _telegram(settings, services, router)
        channels: dict[str, Channel] = {webchat.name: webchat}
        if telegram is not None:
            channels[telegram.name] = telegram
        delivery = DeliveryWorker(database, channels, clock, _pacing(settings, channels))
        engine = Engine(database, services, router, clock, delivery)
        for channel in channels.values():
            stack.push_async_callback(channel.close)
        _beside(stack, delivery.run(), "delivery")
        for channel in channels.values():
            _beside(stack, channel.run(partial(engine.receive, channel)), channel.name)
        jobs = Duties(database, services, clock, delivery.wake).jobs()
        if telegram is not None:
            menus = OfficerMenus(database, telegram)
            jobs = (*jobs, Job("officers' menus", timedelta(seconds=20), menus.refresh))
        scheduler = make_scheduler(jobs)
        scheduler.start()
        stack.callback(scheduler.shutdown, wait=False)
        routes = [telegram.route()] if telegram is not None else []
        web = _serve(settings, database, services, webchat, routes, demo=demo)
        stack.push_async_callback(web.stop)
        yield web.port


def _serve(
    settings: Settings,
    database: Database,
    services: Services,
    webchat: WebChat,
    routes: Sequence[BaseRoute],
    *,
    demo: bool,
) -> WebServer:
    app = make_app(
        WebSettings(demo=demo, public_url=settings.public_url, timezone=settings.timezone),
        database=database,
        texts=services.texts,
        branch=services.branch,
        chat=webchat,
        clock=SystemClock(),
        chance=SystemChance(),
        more=routes,
    )
    return WebServer(app, settings.web_host, settings.web_port, webchat.streams.close)


def _telegram(settings: Settings, services: Services, router: Router) -> Telegram | None:
    """The bot, when it has a token."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        return None
    return Telegram(
        token,
        settings.telegram_api_url,
        chance=SystemChance(),
        commands=commands_for(router, services.texts, officer=False),
        officer_commands=commands_for(router, services.texts, officer=True),
        public_url=settings.public_url if settings.telegram_mode == "webhook" else "",
    )


def _pacing(settings: Settings, channels: Iterable[str]) -> dict[str, Pacing]:
    """A pace for each channel; `CAUNOI_SEND_RATE` is for those whose platform sets a limit."""
    chosen = settings.send_rate
    return {
        name: Pacing(SEND_RATES[name] if chosen is None else chosen, time.monotonic)
        if name in SEND_RATES
        else Pacing(0, time.monotonic)
        for name in channels
    }


def _beside(stack: AsyncExitStack, work: Coroutine[Any, Any, None], name: str) -> None:
    """Run until the stack unwinds; then cancel and wait for the end."""
    task = spawn(work, name)

    async def end() -> None:
        task.cancel()
        await asyncio.wait([task])

    stack.push_async_callback(end)
