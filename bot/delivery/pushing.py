"""One message out, whatever the channel does."""

import asyncio
from collections.abc import Awaitable

import structlog

from bot.delivery.pacing import Pacing
from handlers.kit.channel import Receipt, Unknown
from storage.outbox import LEASE

log = structlog.get_logger()
# A push that takes longer is left to its lease: whether it was accepted isn't known.
PUSH_TIMEOUT_S = LEASE.total_seconds() / 2


async def settle(channel: str, pacing: Pacing, pushing: Awaitable[Receipt]) -> Receipt:
    """What became of a push; the pace heeds it too."""
    try:
        async with asyncio.timeout(PUSH_TIMEOUT_S):
            receipt = await pushing
    except TimeoutError:
        receipt = Unknown("timeout")
    except Exception as error:  # noqa: BLE001 - one message's mistake must not stop the others
        log.error("push_failed", channel=channel, error=type(error).__name__)  # noqa: TRY400
        receipt = Unknown(type(error).__name__)
    pacing.heed(receipt)
    return receipt
