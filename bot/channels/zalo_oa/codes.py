"""What Zalo's codes mean for a message. Only -216 and -210 are sure; the others come from the sources of
client programs (?), and this is the one place to change them.
"""

from bot.channels.zalo.errors import (
    ClosedError,
    FailedError,
    FloodError,
    RefusedError,
    SpentError,
    TokenRefusedError,
    ZaloError,
)

# The access token has ended, or never was one.
_TOKEN = -216
# Too many requests at once, or a day (?).
_FLOOD = frozenset({-32, 429})
# Doesn't follow, refuses messages, can't get any, or has been away for too long (?).
_BLOCKED = frozenset({-213, -217, -222, -227})
# No message of the person's within 7 days, or no free reply left of those within 48 hours (?).
_WINDOW = frozenset({-230, -232, -305, -311})
# The plan, its messages or the money for them (?).
_SPENT = frozenset({-211, -218, -224, -320, -321})
# Everything else is a mistake of ours: -210 is too long, -201 malformed (?), -233 a kind that the account may
# not send (?).
_SERVER_ERROR = 500


def error_for(code: int) -> ZaloError:
    """`code` is the answer's `error`; positive ones are HTTP's."""
    if code == _TOKEN:
        return TokenRefusedError(str(code))
    if code in _FLOOD:
        return FloodError(str(code))
    if code in _BLOCKED:
        return ClosedError("blocked")
    if code in _WINDOW:
        return ClosedError("window")
    if code in _SPENT:
        return SpentError(str(code))
    return FailedError(str(code)) if code >= _SERVER_ERROR else RefusedError(str(code))
