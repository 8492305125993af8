"""For whoever runs the program: is it well, and how much does it do. Totals only, nothing of one person."""

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.web.site import Site
from handlers.kit.channel import Channel
from storage import budgets, figures
from storage.budgets import month_of
from storage.database import StorageUnavailableError
from storage.figures import Figures

_PATIENCE_S = 5.0
_FORMAT = "text/plain; version=0.0.4; charset=utf-8"
# Headers by which proxies and content networks tell that they passed a request on, and for whom.
_PASSED_ON = re.compile(
    r"forwarded|via|x-forwarded|x-forwarded-.*|x-(original|envoy|real|client|cluster)-.*|true-client-ip|client-ip"
    r"|cf-.*|cdn-loop|fastly-.*"
)
Sample = tuple[dict[str, str], float]


class Status:
    def __init__(self, site: Site, channels: Sequence[Channel]) -> None:
        self._site = site
        self._channels = channels
        self._started_at = site.clock.now()
        self.routes = [Route("/healthz", self.health), Route("/metrics", self.metrics)]

    async def health(self, _request: Request) -> Response:
        """200 while the database answers, 503 when it doesn't. A platform that refuses us is shown, and is
        no reason to start the program again: the other channels work.
        """
        try:
            async with asyncio.timeout(_PATIENCE_S), self._site.database.read() as tx:
                await figures.answers(tx)
        except (StorageUnavailableError, TimeoutError):
            return JSONResponse({"ok": False, "database": "unavailable"}, 503)
        states = {channel.name: channel.state for channel in self._channels}
        uptime = round(self._uptime())
        return JSONResponse({"ok": True, "database": "ok", "channels": states, "uptime_s": uptime})

    async def metrics(self, request: Request) -> Response:
        if not _is_local(request):
            raise HTTPException(404)
        async with self._site.database.read() as tx:
            counted = await figures.count_all(tx)
            sent = await budgets.sent_by_all(tx, self._month())
        lines = [*self._lines(counted), *_sent_this_month(sent)]
        return PlainTextResponse("".join(lines), media_type=_FORMAT)

    def _month(self) -> date:
        return month_of(self._site.clock.now().astimezone(self._site.services.zone).date())

    def _uptime(self) -> float:
        return (self._site.clock.now() - self._started_at).total_seconds()

    def _lines(self, counted: Figures) -> Iterator[str]:
        yield from _gauge("caunoi_uptime_seconds", "Since the pages were started.", [({}, self._uptime())])
        yield from _gauge(
            "caunoi_events_remembered",
            "Events that may come once more, by channel.",
            [({"channel": channel}, number) for channel, number in sorted(counted.events.items())],
        )
        yield from _gauge(
            "caunoi_messages",
            "Messages of the outbox, by channel and state.",
            [
                ({"channel": channel, "state": state}, number)
                for (channel, state), number in sorted(counted.messages.items())
            ],
        )
        yield from _gauge(
            "caunoi_accounts",
            "Chat accounts, by channel and whether they are linked.",
            [
                ({"channel": channel, "linked": linked}, number)
                for channel, total in sorted(counted.accounts.items())
                for linked, number in (
                    ("yes", counted.linked[channel]),
                    ("no", total - counted.linked[channel]),
                )
            ],
        )
        yield from _gauge("caunoi_web_sessions", "Sessions of the web chat.", [({}, counted.web_sessions)])
        yield from _gauge(
            "caunoi_web_streams", "Open pages of the web chat.", [({}, self._site.chat.streams.total)]
        )


def _sent_this_month(sent: Mapping[str, int]) -> Iterator[str]:
    yield from _gauge(
        "caunoi_sent_this_month",
        "Messages of this month that a channel's plan counts, as last written.",
        [({"channel": channel}, number) for channel, number in sorted(sent.items())],
    )


def _gauge(name: str, about: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {about}\n# TYPE {name} gauge\n"
    for labels, value in samples:
        named = ",".join(f'{key}="{text}"' for key, text in labels.items())
        yield f"{name}{{{named}}} {value:g}\n" if named else f"{name} {value:g}\n"


def _is_local(request: Request) -> bool:
    """From this machine, to this machine, and not passed on by a proxy on it.

    A proxy need not say that it is one, but it passes on the host that people asked for.
    """
    if request.client is None or any(_PASSED_ON.fullmatch(name) for name in request.headers):
        return False
    try:
        asked = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
        return ip_address(request.client.host).is_loopback and (
            asked == "localhost" or ip_address(asked).is_loopback
        )
    except ValueError:
        return False
