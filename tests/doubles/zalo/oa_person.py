"""People who write to an official account: each deed makes the event that Zalo would make of it."""

from collections.abc import Callable

from tests.doubles.telegram.person import PIXEL
from tests.doubles.zalo.answers import Json
from tests.doubles.zalo.chats import Chat
from tests.doubles.zalo.oa_rules import Window

OA_ID = "579745863508352884"
_QUERIES = frozenset({"oa.query.hide", "oa.query.show"})


class OaPerson:
    """Every deed returns the event. `feed` takes the event's name and what it tells besides; `keep` serves a
    file and tells its address; `now` gives milliseconds.
    """

    def __init__(
        self,
        chat: Chat,
        feed: Callable[[str, Json], Json],
        keep: Callable[[bytes, str], str],
        now: Callable[[], int],
    ) -> None:
        self.chat = chat
        self.window = Window()
        self._feed = feed
        self._keep = keep
        self._now = now
        self._written = 0

    @property
    def id(self) -> str:
        return self.chat.id

    def follows(self) -> Json:
        self.window.opens(self._now())
        return self._feed("follow", self._follower())

    def unfollows(self) -> Json:
        self.window.ends()
        return self._feed("unfollow", self._follower())

    def says(self, text: str) -> Json:
        return self._sends("text", {"text": text})

    def taps(self, label: str) -> Json:
        """Press a button of the latest message. Raises LookupError for one that says nothing."""
        button = self.chat.last.button(label)
        if button["type"] not in _QUERIES:
            raise LookupError(f"{label!r} only opens {button['payload']}")
        return self.says(button["payload"])

    def sends_image(self, content: bytes = PIXEL) -> Json:
        address = self._keep(content, "image/png")
        return self._attaches("image", {"url": address, "thumbnail": address})

    def sends_file(self, content: bytes = b"%PDF", name: str = "don.pdf") -> Json:
        ending = name.rpartition(".")[2]
        about = {"name": name, "size": str(len(content)), "type": ending}
        return self._attaches("file", {"url": self._keep(content, "application/octet-stream"), **about})

    def sends_sticker(self) -> Json:
        return self._attaches("sticker", {"id": "s1", "url": self._keep(PIXEL, "image/png")})

    def sends_audio(self) -> Json:
        return self._attaches("audio", {"url": self._keep(b"RIFF", "audio/aac")})

    def sends_location(self, latitude: float = 21.03, longitude: float = 105.85) -> Json:
        place = {"latitude": str(latitude), "longitude": str(longitude)}
        return self._attaches("location", {"coordinates": place})

    def sends_nothing(self) -> Json:
        """An event about a message, without one."""
        return self._feed("user_send_text", self._about())

    def _attaches(self, kind: str, payload: Json) -> Json:
        return self._sends(kind, {"attachments": [{"type": kind, "payload": payload}]})

    def _sends(self, kind: str, content: Json) -> Json:
        self.window.renews(self._now())
        self._written += 1
        message = {"msg_id": f"{self.id}-{self._written}", **content}
        return self._feed(f"user_send_{kind}", {**self._about(), "message": message})

    def _about(self) -> Json:
        return {"sender": {"id": self.id}, "recipient": {"id": OA_ID}}

    def _follower(self) -> Json:
        return {"oa_id": OA_ID, "follower": {"id": self.id}}
