"""The double as its own process: prints its address as one line of JSON, then serves."""

import argparse
import asyncio
import signal

import uvloop

from tests.doubles.telegram.answers import encode
from tests.doubles.telegram.double import MORNING, TelegramDouble


async def serve(options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with TelegramDouble(
        options.token,
        port=options.port,
        record=not options.counts_only,
        any_chat=options.any_chat,
        webhook_origin=options.webhook_origin,
        epoch=options.epoch,
        seed=options.seed,
    ) as double:
        print(encode({"url": double.url, "token": double.token}).decode(), flush=True)  # noqa: T201 - the caller reads it
        await stopped.wait()


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.doubles.telegram")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default="123:ABC")
    parser.add_argument("--counts-only", action="store_true", help="keep no calls and messages")
    parser.add_argument("--any-chat", action="store_true", help="strangers may be written to")
    parser.add_argument("--webhook-origin", help="where the public address really is")
    parser.add_argument("--epoch", type=int, default=MORNING, help="its clock, in Unix seconds")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(serve(options()))
