"""The second factor's codes, as every authenticator program makes them (RFC 6238): six digits, 30 seconds."""

import base64
import hmac
import re
from datetime import datetime

from pyotp import TOTP

from handlers.kit.clock import Chance

STEP_S = 30
_SECRET_BYTES = 20
_GROUP = 4
_BETWEEN = re.compile(r"[\s.-]+")
_CODE = re.compile(r"[0-9]{6}", re.ASCII)


def new_secret(chance: Chance) -> str:
    """In base 32."""
    return base64.b32encode(chance.token(_SECRET_BYTES)).decode()


def step_of(moment: datetime) -> int:
    """The number of the period that the moment lies in."""
    return int(moment.timestamp()) // STEP_S


def matching_step(secret: str, code: str, moment: datetime) -> int | None:
    """The period whose code it is: that of now, the one before, or, as clocks differ, the one after. All are
    compared, each to its end, so that the time it takes tells nothing.
    """
    totp, now = TOTP(secret), step_of(moment)
    matching = [
        step
        for step in (now - 1, now, now + 1)
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
    ]
    return max(matching, default=None)


def code_at(secret: str, moment: datetime) -> str:
    return TOTP(secret).generate_otp(step_of(moment))


def read(text: str) -> str:
    """The six digits of what was typed; empty when it is no code."""
    digits = _BETWEEN.sub("", text)
    return digits if _CODE.fullmatch(digits) else ""


def address(secret: str, account: str, issuer: str) -> str:
    """What the authenticator reads as a QR code."""
    return TOTP(secret, name=account, issuer=issuer).provisioning_uri()


def shown(secret: str) -> str:
    """In groups, as people type it."""
    return " ".join(secret[start : start + _GROUP] for start in range(0, len(secret), _GROUP))
