"""The bot of Zalo's bot platform: its token, and how events come."""

from urllib.parse import urlsplit

import msgspec

from bot.channels.zalo.errors import RefusedError, TokenRefusedError, ZaloError
from bot.channels.zalo_bot import webhook
from bot.channels.zalo_bot.api import Api, Me
from bot.config import Settings
from bot.doctor.findings import Finding, ok, problem, warning
from handlers.kit.clock import Clock

NAME, WEBHOOK = "zalo_bot", "zalo_bot_webhook"


class _Info(msgspec.Struct):
    url: str = ""


async def check(settings: Settings, clock: Clock) -> list[Finding]:  # noqa: ARG001 - as all checks
    token = settings.zalo_bot_token.get_secret_value()
    if not token:
        return [ok(NAME, "zalo_bot_off")]
    api = Api(token, settings.zalo_bot_api_url)
    try:
        me = await api.call("getMe", Me)
        set_to = await _webhook(api)
    except (TokenRefusedError, RefusedError):
        return [problem(NAME, "zalo_bot_refused")]
    except ZaloError as error:
        return [warning(NAME, "zalo_bot_silent", error=error)]
    finally:
        await api.close()
    return [ok(NAME, "zalo_bot_ok", bot=me.account_name), _events(settings, set_to)]


async def _webhook(api: Api) -> str:
    """Where it is set to; empty where there is none, which Zalo tells by a refusal."""
    try:
        return (await api.call("getWebhookInfo", _Info)).url
    except RefusedError:
        return ""


def _events(settings: Settings, set_to: str) -> Finding:
    if settings.zalo_bot_mode == "polling":
        if set_to:
            # Of the rest many people make a secret.
            return warning(WEBHOOK, "zalo_bot_still_webhook", host=urlsplit(set_to).hostname)
    elif not settings.public_url.startswith("https://"):
        return problem(WEBHOOK, "zalo_bot_address", url=settings.public_url)
    elif set_to != settings.public_url + webhook.PATH:
        return warning(WEBHOOK, "zalo_bot_no_webhook")
    return ok(WEBHOOK, f"zalo_bot_{settings.zalo_bot_mode}")
