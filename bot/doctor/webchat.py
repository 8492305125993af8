"""The web pages on this machine: their scripts, and whether the program runs."""

from bot.channels.http import HttpError
from bot.config import Settings
from bot.doctor import asking
from bot.doctor.findings import Finding, ok, problem, warning
from bot.web.browser_code import IncompleteError, check_complete
from bot.web.site import HERE
from handlers.kit.clock import Clock

NAME = "web"
# Where a program that listens on all addresses is found from here.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked, not listened on


async def check(settings: Settings, clock: Clock) -> list[Finding]:  # noqa: ARG001 - as all checks
    try:
        check_complete(HERE / "static")
    except IncompleteError:
        return [problem(NAME, "web_incomplete")]
    if settings.web_port == 0:
        return [ok(NAME, "web_any_port")]
    host = _EVERYWHERE.get(settings.web_host, settings.web_host)
    place = f"http://{f'[{host}]' if ':' in host else host}:{settings.web_port}"
    try:
        await asking.get(f"{place}/healthz")
    except HttpError:
        return [warning(NAME, "web_not_running", place=place)]
    return [ok(NAME, "web_ok", place=place)]
