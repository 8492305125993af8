"""The process that renews the pair, `python -I -B -m bot.channels.zalo_oa.renewal_child`: the order on its
input, the outcome as its exit code.

A refresh token works once. Between Zalo's using it up and the new pair on the disk nobody may be killed, so
that this happens in a process that nobody has a reason to kill: in a session of its own, deaf to the signals
that end programs, and done in about a minute at most. Whoever has started it may die meanwhile.
"""

import signal
import sys
from dataclasses import replace
from pathlib import Path

import msgspec

from bot.channels.zalo_oa.asking import Pair, RefusedError, UnansweredError, UnreachableError, ask
from bot.channels.zalo_oa.keeping import Keeping, Kept, LockedError, fingerprint
from bot.channels.zalo_oa.renewal import Order, Outcome

# Longer than another one can take.
LOCK_S = 90.0


def main() -> None:
    for each in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    sys.exit(renew(order))


def renew(order: Order) -> Outcome:
    keeping = Keeping(Path(order.folder))
    try:
        with keeping.locked(LOCK_S):
            keeping.settle()
            return _renew(order, keeping)
    except LockedError:
        return Outcome.LOCKED
    except OSError:
        return Outcome.NOT_WRITABLE


def _renew(order: Order, keeping: Keeping) -> Outcome:
    kept = keeping.read()
    if order.is_done(kept):
        return Outcome.RENEWED
    token = order.account.refresh_token(kept)
    if not token:
        return Outcome.REFUSED
    keeping.prepare()
    return _exchange(order, keeping, kept, token)


def _exchange(order: Order, keeping: Keeping, kept: Kept, token: str) -> Outcome:
    try:
        pair = ask(order.account, token)
        keeping.write(_newer(order, kept, token, pair))
    except UnreachableError:
        return Outcome.UNREACHABLE
    except RefusedError:
        keeping.write(replace(kept, refused=(*kept.refused, order.account.question(token))))
        return Outcome.REFUSED
    except (UnansweredError, OSError):
        # An answer that couldn't be written after all is as good as none.
        return Outcome.UNANSWERED
    return Outcome.RENEWED


def _newer(order: Order, kept: Kept, token: str, pair: Pair) -> Kept:
    """`kept` with the pair that the token was exchanged for."""
    seeds = kept.seeds
    if token == order.account.seed:
        seeds = (*seeds, fingerprint(token))
    return replace(
        kept,
        access=pair.access_token,
        refresh=pair.refresh_token,
        # Early enough for some hours without Zalo, and for the operator to get a new token.
        due=order.now + pair.life * 3 / 4,
        ends=order.now + pair.life,
        seeds=seeds,
    )


if __name__ == "__main__":
    main()
