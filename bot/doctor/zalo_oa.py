"""The official account: the pair of tokens that is kept, whether Zalo takes it, where events have to go.

Nothing is renewed here: a refresh token works once, and is the running program's.
"""

from datetime import datetime

from bot.channels.http import HttpError
from bot.channels.opened import official_account, official_keys
from bot.channels.zalo_oa import webhook
from bot.channels.zalo_oa.keeping import Keeping, Kept
from bot.channels.zalo_oa.renewal import Account
from bot.config import Settings
from bot.doctor import asking
from bot.doctor.findings import Finding, ok, problem, warning
from handlers.kit.clock import Clock

NAME, TOKEN, WEBHOOK = "zalo_oa", "zalo_oa_token", "zalo_oa_webhook"
PATH = "/v2.0/oa/getoa"


async def check(settings: Settings, clock: Clock) -> list[Finding]:
    if not settings.zalo_oa_app_id:
        return [ok(NAME, "zalo_oa_off")]
    listens = ok(WEBHOOK, "zalo_oa_webhook", url=settings.public_url + webhook.PATH)
    try:
        kept = Keeping(official_keys(settings)).read()
    except OSError as error:
        return [problem(TOKEN, "zalo_oa_unreadable", error=type(error).__name__), listens]
    token = _token(official_account(settings), kept, clock.now())
    if kept.ends <= clock.now():
        return [token, listens]
    return [await _name(settings, kept.access), token, listens]


def _token(account: Account, kept: Kept, now: datetime) -> Finding:
    if not account.refresh_token(kept):
        return problem(TOKEN, "zalo_oa_refused" if kept.refused else "zalo_oa_no_token")
    if account.is_new_seed(kept):
        return warning(TOKEN, "zalo_oa_new_token")
    if kept.ends <= now:
        return warning(TOKEN, "zalo_oa_over", ends=kept.ends)
    return ok(TOKEN, "zalo_oa_kept", ends=kept.ends)


async def _name(settings: Settings, access: str) -> Finding:
    """What the account is called, as Zalo tells whoever may write for it."""
    try:
        _, said = await asking.get(settings.zalo_oa_api_url + PATH, headers={"access_token": access})
    except HttpError as error:
        return warning(NAME, "zalo_oa_silent", error=error)
    match said:
        case {"error": 0, "data": {"name": str(name)}}:
            return ok(NAME, "zalo_oa_ok", account=name)
        case {"error": int(code)}:
            return problem(NAME, "zalo_oa_not_allowed", code=code)
    # A gateway's page, or an answer that makes no sense.
    return warning(NAME, "zalo_oa_silent", error="garbage")
