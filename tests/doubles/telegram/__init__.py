"""A strict double of the Telegram Bot API for tests, load tests and kill tests.

    async with TelegramDouble(token="123:ABC") as double:  # double.url is CAUNOI_TELEGRAM_API_URL
        lan = double.person(7, first_name="Lan")
        lan.says("/start CODE")
        await double.until(lambda: len(lan.chat.sent) == 1)
        lan.taps(lan.chat.last.id, "Next")  # by label or payload
        double.misbehave("close", method="sendMessage", accepted=True, times=1)

`python -m tests.doubles.telegram --port N --token T` runs it alone; control.py says how it is
steered then. It is stricter than Telegram in one thing: an unknown parameter is refused.
"""

from tests.doubles.telegram.double import TelegramDouble
from tests.doubles.telegram.person import Person
from tests.doubles.telegram.server import Call
from tests.doubles.telegram.store import Chat, Message

__all__ = ["Call", "Chat", "Message", "Person", "TelegramDouble"]
