"""python-telegram-bot with its own transport: `gather` over `send_message`."""

from functools import partial

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.request import HTTPXRequest

from tests.bench.bulk.message import LABEL, PAYLOAD, TEXT, TOKEN
from tests.bench.bulk.turn import AT_ONCE, Turn, gathered, run


async def contend(turn: Turn) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(LABEL, callback_data=PAYLOAD)]])
    no_preview = LinkPreviewOptions(is_disabled=True)
    request = HTTPXRequest(connection_pool_size=AT_ONCE)
    bot = Bot(TOKEN, base_url=f"{turn.url}/bot", request=request)

    async def send(chat: int) -> None:
        await bot.send_message(
            chat, TEXT, parse_mode=ParseMode.HTML, link_preview_options=no_preview, reply_markup=keyboard
        )

    await request.initialize()
    try:
        await turn.take(partial(gathered, send))
    finally:
        await request.shutdown()


if __name__ == "__main__":
    run(contend)
