"""What Telegram answers to the message: the whole of it again, with all letters beyond ASCII escaped."""

import json
import re

from tests.bench.bulk.message import LABEL, PAYLOAD, TEXT

_NUMBER, _CHAT = 987_654_321, 123_456_789
_HEADLINE = TEXT.partition("\n")[0]
_MESSAGE = {
    "message_id": _NUMBER,
    "from": {"id": 123, "is_bot": True, "first_name": "Cầu Nối", "username": "caunoi_bot"},
    "chat": {"id": _CHAT, "first_name": "Nguyễn Thị", "last_name": "Ánh", "type": "private"},
    "date": 1_795_312_800,
    "text": re.sub("<.*?>", "", TEXT),
    "entities": [{"offset": 0, "length": len(re.sub("<.*?>", "", _HEADLINE)), "type": "bold"}],
    "link_preview_options": {"is_disabled": True},
    "reply_markup": {"inline_keyboard": [[{"text": LABEL, "callback_data": PAYLOAD}]]},
}
_before, _, _rest = (
    json.dumps({"ok": True, "result": _MESSAGE}, separators=(",", ":")).encode().partition(b"%d" % _NUMBER)
)
_between, _, _after = _rest.partition(b"%d" % _CHAT)
# What stands before the message's number, between it and the chat's, and after that.
BEFORE, BETWEEN, AFTER = _before, _between, _after
