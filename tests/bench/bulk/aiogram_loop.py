"""aiogram: `gather` over `send_message`. Runs in the environment that `requirements/bench.txt` makes."""

from functools import partial

from aiogram import Bot  # type: ignore[import-not-found] # it is in that environment only
from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found] # as above
from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found] # as above
from aiogram.types import (  # type: ignore[import-not-found] # as above
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)

from tests.bench.bulk.message import LABEL, PAYLOAD, TEXT, TOKEN
from tests.bench.bulk.turn import Turn, gathered, run


async def contend(turn: Turn) -> None:
    keyboard = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=LABEL, callback_data=PAYLOAD)]]
    )
    no_preview = LinkPreviewOptions(is_disabled=True)
    session = AiohttpSession(api=TelegramAPIServer.from_base(turn.url))
    async with Bot(TOKEN, session=session) as bot:

        async def send(chat: int) -> None:
            await bot.send_message(
                chat, TEXT, parse_mode="HTML", link_preview_options=no_preview, reply_markup=keyboard
            )

        await turn.take(partial(gathered, send))


if __name__ == "__main__":
    run(contend)
