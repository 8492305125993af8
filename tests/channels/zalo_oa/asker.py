"""A program that asks for a token and prints it, `python -m tests.channels.zalo_oa.asker`: the folder, the
account and the process that renews stand on its input. It can be killed as the running bot can be.
"""

import asyncio
import json
import sys
from pathlib import Path

from bot.channels.standing import Standing
from bot.channels.zalo_oa.renewal import Account
from bot.channels.zalo_oa.tokens import Tokens
from bot.system import SystemClock


async def main() -> None:
    given = json.loads(sys.stdin.read())
    standing = Standing("zalo_oa", str)
    tokens = Tokens(
        Account(**given["account"]), Path(given["folder"]), SystemClock(), standing, given["program"]
    )
    sys.stdout.write(await tokens.access())


if __name__ == "__main__":
    asyncio.run(main())
