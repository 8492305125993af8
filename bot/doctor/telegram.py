"""The bot in Telegram: its token, and how updates come."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import msgspec
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram import webhook
from bot.channels.telegram.api import Api
from bot.channels.telegram.updates import Me
from bot.config import Settings
from bot.doctor.findings import Finding, ok, problem, warning
from handlers.kit.clock import Clock

NAME, WEBHOOK = "telegram", "telegram_webhook"
# Where Telegram delivers to.
PORTS = (443, 80, 88, 8443)
# A mistake of an earlier day is over, and more updates than these wait only where nobody takes them.
LATELY, MANY = timedelta(hours=1), 100


class _Info(msgspec.Struct):
    url: str
    pending_update_count: int = 0
    last_error_date: int = 0
    last_error_message: str = ""


async def check(settings: Settings, clock: Clock) -> list[Finding]:
    token = settings.telegram_token.get_secret_value()
    if not token:
        return [ok(NAME, "telegram_off")]
    api = Api(token, settings.telegram_api_url)
    try:
        me = await api.call("getMe", Me)
        info = await api.call("getWebhookInfo", _Info)
    except InvalidToken:
        return [problem(NAME, "telegram_refused")]
    except TelegramError as error:
        return [warning(NAME, "telegram_silent", error=type(error).__name__)]
    finally:
        await api.close()
    return [ok(NAME, "telegram_ok", bot=me.username), _updates(settings, info, clock.now())]


def _updates(settings: Settings, info: _Info, now: datetime) -> Finding:
    if settings.telegram_mode == "polling":
        if info.url:
            # Of the rest many people make a secret.
            return warning(WEBHOOK, "telegram_still_webhook", host=urlsplit(info.url).hostname)
    elif not _can_deliver(settings.public_url):
        return problem(WEBHOOK, "telegram_address", url=settings.public_url)
    elif info.url != settings.public_url + webhook.PATH:
        return warning(WEBHOOK, "telegram_no_webhook")
    elif now - datetime.fromtimestamp(info.last_error_date, UTC) < LATELY:
        return warning(WEBHOOK, "telegram_not_delivered", said=info.last_error_message)
    if info.pending_update_count > MANY:
        return warning(WEBHOOK, "telegram_waiting", count=info.pending_update_count)
    return ok(WEBHOOK, f"telegram_{settings.telegram_mode}")


def _can_deliver(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and (parts.port or PORTS[0]) in PORTS
