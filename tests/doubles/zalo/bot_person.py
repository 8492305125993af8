"""People who write to the bot: each deed makes the event that the platform would make of it."""

from collections.abc import Callable

from tests.doubles.telegram.person import PIXEL
from tests.doubles.zalo.answers import Json
from tests.doubles.zalo.chats import Chat


class BotPerson:
    """Every deed returns the event. In a group, pass `chat`; otherwise it is the private chat. `feed` takes
    what happens in a chat, by the last part of the event's name; `keep` serves a file and tells its address.
    """

    def __init__(
        self,
        user: Json,
        chat: Chat,
        feed: Callable[[Chat, str, Json | None], Json],
        keep: Callable[[bytes, str], str],
    ) -> None:
        self.user = user
        self.chat = chat
        # Platform versions differ in it.
        self.photo_key = "photo"
        self._feed = feed
        self._keep = keep

    @property
    def id(self) -> str:
        return str(self.user["id"])

    def says(self, text: str, *, chat: Chat | None = None) -> Json:
        return self._sends("text", {"text": text}, chat)

    def sends_photo(self, content: bytes = PIXEL, caption: str = "", *, chat: Chat | None = None) -> Json:
        photo = {self.photo_key: self._keep(content, "image/png")}
        return self._sends("image", photo | ({"caption": caption} if caption else {}), chat)

    def sends_sticker(self, *, chat: Chat | None = None) -> Json:
        return self._sends("sticker", {"sticker": "s1", "url": self._keep(PIXEL, "image/png")}, chat)

    def sends_voice(self, *, chat: Chat | None = None) -> Json:
        return self._sends("voice", {"voice_url": self._keep(b"RIFF", "audio/aac")}, chat)

    def sends_unsupported(self, *, with_message: bool = True, chat: Chat | None = None) -> Json:
        """A file, a place, a contact: whatever it is, the bot doesn't learn it."""
        return self._sends("unsupported", {} if with_message else None, chat)

    def _sends(self, kind: str, content: Json | None, chat: Chat | None) -> Json:
        message = None if content is None else {"from": self.user} | content
        return self._feed(chat or self.chat, kind, message)
