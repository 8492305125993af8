"""Bare aiohttp: `post` of a dictionary, `json` of the answer, and nothing else done with it."""

from functools import partial

import aiohttp

from tests.bench.bulk.message import LABEL, PAYLOAD, TEXT, TOKEN
from tests.bench.bulk.turn import AT_ONCE, Turn, by_workers, run


async def contend(turn: Turn) -> None:
    url = f"{turn.url}/bot{TOKEN}/sendMessage"
    shared = {
        "text": TEXT,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": [[{"text": LABEL, "callback_data": PAYLOAD}]]},
    }
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def send(chat: int) -> None:
            async with session.post(url, json={**shared, "chat_id": chat}) as answer:
                await answer.json()

        await turn.take(partial(by_workers, send))


if __name__ == "__main__":
    run(contend)
