"""Strict doubles of Zalo's two interfaces, for tests.

    async with ZaloBotDouble() as double:  # double.url and double.token are the settings
        lan = double.person("lan")
        lan.says("menu")
        await double.until(lambda: len(lan.chat.sent) == 1)
        double.fault("close", method="sendMessage", accepted=True, times=1)

They are stricter than Zalo in one thing: an unknown parameter is refused.
"""

from tests.doubles.zalo.bot import ZaloBotDouble
from tests.doubles.zalo.bot_person import BotPerson
from tests.doubles.zalo.chats import Chat, Message
from tests.doubles.zalo.courier import Delivery
from tests.doubles.zalo.double import Call, Double

__all__ = ["BotPerson", "Call", "Chat", "Delivery", "Double", "Message", "ZaloBotDouble"]
