"""Check-in codes: six digits that change every half minute (RFC 6238), and where a scanned one leads."""

import base64
import hmac
import re
from datetime import datetime, timedelta
from hashlib import sha256

from pyotp import TOTP

from handlers.kit.vietnamese import fold

DIGITS = 6
STEP_S = 30
_STEP = timedelta(seconds=STEP_S)
# What begins a code in the address of the bot, after `/start`.
DEEP_LINK = "dd-"
PATH = "/diem-danh"
_WRITTEN = re.compile(r"(?:/start dd-?|/?diem ?danh )?([0-9]{3})[ .-]?([0-9]{3})", re.ASCII)


def _totp(secret: str, occurrence_id: int) -> TOTP:
    """`secret` is a meeting's, in base 32. The dates of a series have codes of their own."""
    key = hmac.digest(TOTP(secret).byte_secret(), str(occurrence_id).encode(), sha256)
    return TOTP(base64.b32encode(key).decode(), digits=DIGITS, digest=sha256, interval=STEP_S)


def code_at(secret: str, occurrence_id: int, moment: datetime) -> str:
    """What is shown at that moment."""
    return _totp(secret, occurrence_id).at(moment)


def seconds_left(moment: datetime) -> int:
    """How long it is shown: from 30 down to 1."""
    return STEP_S - int(moment.timestamp()) % STEP_S


def accepts(secret: str, occurrence_id: int, code: str, moment: datetime) -> bool:
    """Whether it is the code of now or the one before, which somebody may still be typing. Both are compared,
    each to its end, so that the time it takes tells nothing.
    """
    now, before = (
        hmac.compare_digest(code_at(secret, occurrence_id, each).encode(), code.encode())
        for each in (moment, moment - _STEP)
    )
    return now or before


def read(text: str) -> str:
    """The six digits of what was typed or scanned; empty when it is no code."""
    match = _WRITTEN.fullmatch(fold(text))
    return match[1] + match[2] if match else ""


def shown(code: str) -> str:
    """In two groups, as people read it."""
    return f"{code[:3]} {code[3:]}"


def target(code: str, public_url: str, telegram_name: str) -> str:
    """What a telephone opens that scans it: the web page, else the bot in Telegram, else only the code."""
    if public_url:
        return f"{public_url.rstrip('/')}{PATH}/{code}"
    return telegram_link(code, telegram_name) or code


def telegram_link(code: str, telegram_name: str) -> str:
    return f"https://t.me/{telegram_name}?start={DEEP_LINK}{code}" if telegram_name else ""
