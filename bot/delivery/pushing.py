"""One message out, whatever the channel does."""

from collections.abc import Awaitable

import structlog

from bot.delivery.pacing import Pacing
from handlers.kit.channel import Receipt, Unknown

log = structlog.get_logger()


async def settle(channel: str, pacing: Pacing, pushing: Awaitable[Receipt]) -> Receipt:
    """What became of a push, which ends in time (`handlers.kit.channel.in_time`); the pace heeds it too."""
    try:
        receipt = await pushing
    except TimeoutError:
        receipt = Unknown("timeout")
    except Exception as error:  # noqa: BLE001 - one message's mistake must not stop the others
        log.error("push_failed", channel=channel, error=type(error).__name__)  # noqa: TRY400
        receipt = Unknown(type(error).__name__)
    pacing.heed(receipt)
    return receipt
