"""Our way of sending one message to many, with a receipt for each and nothing kept of it."""

from functools import partial

from markupsafe import Markup

from bot.channels.standing import Standing
from bot.channels.telegram.api import Api
from bot.channels.telegram.bulk import BulkSender, prepare
from bot.channels.telegram.sending import Sender
from bot.system import SystemChance
from handlers.kit.channel import Sent
from handlers.kit.reply import Button, Reply
from tests.bench.bulk.message import LABEL, PAYLOAD, TEXT, TOKEN
from tests.bench.bulk.turn import Turn, by_workers, run


async def contend(turn: Turn) -> None:
    api = Api(TOKEN, turn.url)
    bulk = BulkSender(api, Sender(api, Standing("telegram", str), SystemChance()))
    shared = prepare(Reply(Markup(TEXT), ((Button(LABEL, PAYLOAD),),)))  # noqa: S704 - the benchmark's own words

    async def send(chat: int) -> None:
        receipt = await bulk.send(shared, f"bulk:{chat}", str(chat))
        assert isinstance(receipt, Sent), receipt

    try:
        await turn.take(partial(by_workers, send))
    finally:
        await api.close()


if __name__ == "__main__":
    run(contend)
