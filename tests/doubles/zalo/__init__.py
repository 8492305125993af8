"""Strict doubles of Zalo's two interfaces, for tests.

    async with ZaloBotDouble() as double:  # double.url and double.token are the settings
        lan = double.person("lan")
        lan.says("menu")
        await double.until(lambda: len(lan.chat.sent) == 1)
        double.fault("close", method="sendMessage", accepted=True, times=1)

    async with ZaloOaDouble() as double:  # double.url is both addresses, double.oauth has the first pair
        double.connect(webhook_url)
        hoa = double.person("hoa")
        hoa.follows()
        hoa.says("menu")
        hoa.taps("Học tập")
        held = double.oauth.hold("used")  # the next renewal waits, its token used up

They are stricter than Zalo in one thing: an unknown parameter is refused.
"""

from tests.doubles.zalo.bot import ZaloBotDouble
from tests.doubles.zalo.bot_person import BotPerson
from tests.doubles.zalo.chats import Chat, Message
from tests.doubles.zalo.courier import Delivery
from tests.doubles.zalo.double import Call, Double
from tests.doubles.zalo.oa import ZaloOaDouble
from tests.doubles.zalo.oa_person import OA_ID, OaPerson
from tests.doubles.zalo.oa_rules import Code
from tests.doubles.zalo.oauth import Hold, Oauth

__all__ = [
    "OA_ID",
    "BotPerson",
    "Call",
    "Chat",
    "Code",
    "Delivery",
    "Double",
    "Hold",
    "Message",
    "OaPerson",
    "Oauth",
    "ZaloBotDouble",
    "ZaloOaDouble",
]
