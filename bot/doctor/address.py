"""The address that people open, and what answers behind it."""

from bot.channels.http import HttpError
from bot.config import Settings
from bot.doctor import asking
from bot.doctor.findings import Finding, ok, problem, warning
from handlers.kit.clock import Clock

NAME = "address"
_OK, _UNAVAILABLE = 200, 503


async def check(settings: Settings, clock: Clock) -> list[Finding]:  # noqa: ARG001 - as all checks
    url = settings.public_url
    if not url:
        return [warning(NAME, "address_none")]
    found = [await _behind(url)]
    if not url.startswith("https://"):
        tell = problem if _is_delivered_to(settings) else warning
        found.append(tell(NAME, "address_plain", url=url))
    return found


def _is_delivered_to(settings: Settings) -> bool:
    """Whether a platform brings events to the address, which none does without https."""
    by_webhook = [
        settings.telegram_token.get_secret_value() and settings.telegram_mode == "webhook",
        settings.zalo_bot_token.get_secret_value() and settings.zalo_bot_mode == "webhook",
        settings.zalo_oa_app_id,
    ]
    return any(by_webhook)


async def _behind(url: str) -> Finding:
    try:
        status, said = await asking.get(f"{url}/healthz")
    except HttpError as error:
        return warning(NAME, "address_silent", url=url, error=error)
    is_ours = isinstance(said, dict) and "ok" in said
    if is_ours and status == _OK:
        return ok(NAME, "address_ok", url=url)
    if is_ours and status == _UNAVAILABLE:
        return problem(NAME, "address_unwell", url=url)
    return problem(NAME, "address_foreign", url=url, status=status)
