"""One message of an official account, with a token that Zalo takes."""

from typing import Any

import msgspec

from bot.channels.zalo.errors import TokenRefusedError, WaitError
from bot.channels.zalo.sending import Part
from bot.channels.zalo_oa.api import Api
from bot.channels.zalo_oa.tokens import NoTokenError, Tokens
from handlers.kit.choices import Choice

# Of one message (?).
MOST_BUTTONS = 5
LONGEST_TITLE = 100


class Platform:
    """An official account, for `Sender`."""

    most_buttons = MOST_BUTTONS
    shows_photos = False

    def __init__(self, api: Api, tokens: Tokens) -> None:
        self._api = api
        self._tokens = tokens

    async def send(self, address: str, part: Part) -> str:
        """With another token where Zalo says that this one has ended; what it says to that one holds."""
        body = msgspec.json.encode({"recipient": {"user_id": address}, "message": _message(part)})
        token = await self._token()
        try:
            return await self._api.send(token, body)
        except TokenRefusedError:
            token = await self._token(refused=token)
        return await self._api.send(token, body)

    async def _token(self, *, refused: str = "") -> str:
        try:
            return await self._tokens.access(refused=refused)
        except NoTokenError as error:
            raise WaitError(error.wait, "token") from None


def _message(part: Part) -> dict[str, Any]:
    if not part.buttons:
        return {"text": part.text}
    buttons = [_button(each) for each in part.buttons]
    return {"text": part.text, "attachment": {"type": "template", "payload": {"buttons": buttons}}}


def _button(choice: Choice) -> dict[str, str]:
    """A press comes back as a text that isn't shown."""
    title = choice.label
    if len(title) > LONGEST_TITLE:
        title = title[: LONGEST_TITLE - 1] + "…"
    return {"title": title, "type": "oa.query.hide", "payload": choice.payload}
